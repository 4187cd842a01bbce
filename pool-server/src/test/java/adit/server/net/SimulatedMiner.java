package adit.server.net;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

import org.jspecify.annotations.NullUnmarked;

import adit.pow.Difficulty;
import adit.pow.ShareCheck;
import adit.pow.Target;
import adit.server.account.Vectors;
import adit.stratum.v1.V1Notify;
import adit.stratum.v1.V1ServerMessage;

/// The part of a miner that listens to the pool and searches nonces, knowing nothing but what it was sent.
@NullUnmarked // a test fails on null by itself
final class SimulatedMiner {

    private static final int FIRST_NONCE = 0x0a00_0000;
    private static final int MAX_HASHES = 20_000_000;

    private record Work(V1Notify job, long difficultyUnits) {}

    private final MinersEar ear = new MinersEar();
    private final ShareCheck check = new ShareCheck();
    private final Map<String, Work> work = new HashMap<>();
    private byte[] prefix = {};
    private int rollableBytes;
    private long difficultyUnits = Difficulty.ONE;
    private int lastNonce = FIRST_NONCE;

    /// Takes note of what a line of the pool says.
    void hear(String line) {
        var heard = ear.hear(line);
        if (heard instanceof V1ServerMessage.SetDifficulty(BigDecimal difficulty)) {
            difficultyUnits = Difficulty.units(difficulty);
        } else if (heard instanceof V1ServerMessage.Notify(var job)) {
            work.put("%010x".formatted(job.jobId()), new Work(job, difficultyUnits));
        } else if (heard instanceof V1ServerMessage.Reply reply
                && reply.result()
                        instanceof V1ServerMessage.Result.Subscribed(var _, var en1, var size)) {
            prefix = en1;
            rollableBytes = size;
        }
    }

    /// The next nonce that makes of this submit a share, or surely none.
    int search(String submitLine, boolean good) {
        var params = Vectors.parse(submitLine).get("params");
        var on = work.get(params.get(1).asString());
        var target = Target.ofDifficultyUnits(on.difficultyUnits());
        var plan = MinersEar.plan(on.job(), prefix.length + rollableBytes);
        var extranonce = new byte[prefix.length + rollableBytes];
        var rolled = HexFormat.of().parseHex(params.get(2).asString());
        System.arraycopy(prefix, 0, extranonce, 0, prefix.length);
        System.arraycopy(rolled, 0, extranonce, prefix.length, rolled.length);
        int ntime = Integer.parseUnsignedInt(params.get(3).asString(), 16);
        int bits = params.size() > 5 ? Integer.parseUnsignedInt(params.get(5).asString(), 16) : 0;
        for (int i = 0; i < MAX_HASHES; i++) {
            lastNonce++;
            check.hash(plan, extranonce, 0, on.job().version() | bits, ntime, lastNonce);
            if (check.meets(target) == good) {
                return lastNonce;
            }
        }
        throw new AssertionError("no nonce found for " + submitLine);
    }

    int lastNonce() {
        return lastNonce;
    }
}
