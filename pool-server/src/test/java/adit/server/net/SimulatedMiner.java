package adit.server.net;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

import org.jspecify.annotations.NullUnmarked;

import adit.pow.Difficulty;
import adit.pow.Hash;
import adit.pow.HeaderPlan;
import adit.pow.MerkleBranch;
import adit.pow.ShareCheck;
import adit.pow.Target;
import adit.server.account.Vectors;
import adit.stratum.MalformedMessage;
import adit.stratum.v1.V1Notify;
import adit.stratum.v1.V1ServerDecoder;
import adit.stratum.v1.V1ServerMessage;

import static java.nio.charset.StandardCharsets.UTF_8;

/// The part of a miner that listens to the pool and searches nonces, knowing nothing but what it was sent.
@NullUnmarked // a test fails on null by itself
final class SimulatedMiner {

    private static final int FIRST_NONCE = 0x0a00_0000;
    private static final int MAX_HASHES = 20_000_000;

    private record Work(V1Notify job, long difficultyUnits) {}

    private final V1ServerDecoder decoder = new V1ServerDecoder();
    private final ShareCheck check = new ShareCheck();
    private final Map<String, Work> work = new HashMap<>();
    private byte[] prefix = {};
    private int rollableBytes;
    private long difficultyUnits = Difficulty.ONE;
    private int lastNonce = FIRST_NONCE;

    /// Takes note of what a line of the pool says.
    void hear(String line) {
        var bytes = line.getBytes(UTF_8);
        try {
            switch (decoder.decode(bytes, 0, bytes.length)) {
                case V1ServerMessage.SetDifficulty(BigDecimal difficulty) ->
                        difficultyUnits = Difficulty.units(difficulty);
                case V1ServerMessage.Notify(var job) ->
                        work.put("%010x".formatted(job.jobId()), new Work(job, difficultyUnits));
                case V1ServerMessage.Reply reply -> {
                    if (reply.result()
                            instanceof
                            V1ServerMessage.Result.Subscribed(var _, var en1, var size)) {
                        prefix = en1;
                        rollableBytes = size;
                    }
                }
                case V1ServerMessage.SetExtranonce _,
                        V1ServerMessage.SetVersionMask _,
                        V1ServerMessage.Reconnect _,
                        V1ServerMessage.ShowMessage _,
                        V1ServerMessage.GetVersion _,
                        V1ServerMessage.Ping _,
                        V1ServerMessage.Other _ -> {}
            }
        } catch (MalformedMessage no) {
            throw new AssertionError("the pool sent what no miner can read: " + line, no);
        }
    }

    /// The next nonce that makes of this submit a share, or surely none.
    int search(String submitLine, boolean good) {
        var params = Vectors.parse(submitLine).get("params");
        var on = work.get(params.get(1).asString());
        var target = Target.ofDifficultyUnits(on.difficultyUnits());
        var plan = plan(on.job());
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

    private HeaderPlan plan(V1Notify job) {
        return new HeaderPlan(
                Hash.of(job.previousHash()),
                job.coinbasePrefix(),
                prefix.length + rollableBytes,
                job.coinbaseSuffix(),
                MerkleBranch.ofSiblings(job.branch().stream().map(Hash::of).toList()),
                job.nBits());
    }
}
