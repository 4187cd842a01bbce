package adit.server.net;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.jspecify.annotations.Nullable;

import adit.pow.Difficulty;
import adit.pow.HeaderPlan;
import adit.pow.ShareCheck;
import adit.pow.Target;
import adit.stratum.v1.V1Notify;
import adit.stratum.v1.V1ServerMessage;

import static java.nio.charset.StandardCharsets.UTF_8;

/// One connection of a miner who knows the protocol and hashes for real, and may send whatever he likes.
///
/// Hashes are counted by header: those he made, and those the pool made for him when he quoted another job.
final class CheatingMiner {

    private static final BigDecimal HALF_A_UNIT =
            BigDecimal.valueOf(2).pow(-33, MathContext.DECIMAL64);
    private static final int KEPT_JOBS = 40;
    private static final int ROLLABLE_BYTES = 8;

    final List<Work> work = new ArrayList<>();
    final Random random;
    private final SimulatedPool pool;
    private final ShareAuditor auditor;
    private final ShareCheck check = new ShareCheck();
    private final MinersEar ear = new MinersEar();
    private final Set<Long> headers = new HashSet<>();
    private final String user;
    private EmbeddedChannel channel;
    private byte[] prefix = {};
    private String sessionId = "";
    private long toldUnits;
    private long id;
    private int nonce;
    private long hashes;
    private double variance;
    private int accepted;

    /// A job as it was sent.
    record Work(String jobId, V1Notify job, HeaderPlan plan, long units) {}

    /// A header that was found worth sending.
    record Share(Work on, byte[] rolled, int ntime, int nonce, int bits) {
        String extranonce() {
            return HexFormat.of().formatHex(rolled);
        }

        String ntimeHex() {
            return "%08x".formatted(ntime);
        }

        String nonceHex() {
            return "%08x".formatted(nonce);
        }
    }

    CheatingMiner(SimulatedPool pool, ShareAuditor auditor, String user, Random random) {
        this.pool = pool;
        this.auditor = auditor;
        this.user = user;
        this.random = random;
        this.channel = pool.connect();
        begin();
    }

    String user() {
        return user;
    }

    /// Headers hashed so far, and how far luck may carry what they earn.
    long hashes() {
        return hashes;
    }

    double variance() {
        return variance;
    }

    int accepted() {
        return accepted;
    }

    Work latest() {
        return work.getLast();
    }

    /// Leaves and comes back, asking for the session it had.
    void reconnect() {
        var _ = channel.close();
        hear();
        channel = pool.connect();
        work.clear();
        toldUnits = 0;
        begin();
    }

    private void begin() {
        send(
                "{\"id\":\"s\",\"method\":\"mining.subscribe\",\"params\":[\"sim/1\",\"%s\"]}"
                        .formatted(sessionId));
        authorize(user, "x");
    }

    void authorize(String name, String password) {
        call("mining.authorize", "\"" + name + "\",\"" + password + "\"");
    }

    void call(String method, String params) {
        send("{\"id\":%d,\"method\":\"%s\",\"params\":[%s]}".formatted(++id, method, params));
    }

    void wish(long units) {
        call("mining.suggest_difficulty", decimal(units));
    }

    /// A difficulty in as many digits as a line may hold.
    static String decimal(long units) {
        return new BigDecimal(Difficulty.decimal(units))
                .round(new MathContext(10, RoundingMode.UP))
                .toPlainString();
    }

    /// Sends a line and hears what is answered at once.
    ///
    /// Thirty wrong lines in a minute end a connection; then he comes back first.
    void send(String line) {
        if (!channel.isOpen()) {
            reconnect();
        }
        channel.writeInbound(Unpooled.copiedBuffer(line + "\n", UTF_8));
        hear();
    }

    /// Hashes on a job until a header meets so many units; none after so many tries.
    @Nullable Share find(Work on, long units, int tries) {
        var target = Target.ofDifficultyUnits(units);
        for (int i = 0; i < tries; i++) {
            var rolled = new byte[ROLLABLE_BYTES];
            random.nextBytes(rolled);
            var share = new Share(on, rolled, on.job.ntime(), nonce++, 0);
            if (hash(share).meets(target)) {
                return share;
            }
        }
        return null;
    }

    /// Hashes one header, and counts it where it is another one than before.
    ShareCheck hash(Share share) {
        var extranonce = new byte[prefix.length + ROLLABLE_BYTES];
        System.arraycopy(prefix, 0, extranonce, 0, prefix.length);
        System.arraycopy(share.rolled, 0, extranonce, prefix.length, ROLLABLE_BYTES);
        check.hash(
                share.on.plan,
                extranonce,
                0,
                share.on.job.version() | share.bits,
                share.ntime,
                share.nonce);
        if (headers.add(ByteBuffer.wrap(check.headerHash()).getLong())) {
            hashes++;
            variance += share.on.units - 1;
        }
        return check;
    }

    void submit(Share share) {
        submit(user, share.on.jobId, share);
    }

    /// The same values quoted for another job: another header, which the pool hashes for him.
    void quote(Share share, Work other) {
        var quoted = new Share(other, share.rolled, share.ntime, share.nonce, share.bits);
        hash(quoted);
        submit(quoted);
    }

    void submit(String name, String jobId, Share share) {
        var bits = share.bits == 0 ? "" : ",\"%08x\"".formatted(share.bits);
        submitRaw(
                "\"%s\",\"%s\",\"%s\",\"%s\",\"%s\"%s"
                        .formatted(
                                name,
                                jobId,
                                share.extranonce(),
                                share.ntimeHex(),
                                share.nonceHex(),
                                bits));
    }

    void submitRaw(String params) {
        call("mining.submit", params);
    }

    /// Reads what the pool has sent since.
    void hear() {
        for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            sent.toString(UTF_8).lines().forEach(this::hear);
            sent.release();
        }
    }

    private void hear(String line) {
        var heard = ear.hear(line);
        if (heard instanceof V1ServerMessage.SetDifficulty(BigDecimal difficulty)) {
            // The wire rounds to a double's digits: the unit meant is the nearest.
            toldUnits = Difficulty.units(difficulty.add(HALF_A_UNIT));
        } else if (heard instanceof V1ServerMessage.Notify(var job)) {
            add(job);
        } else if (heard instanceof V1ServerMessage.Reply reply) {
            if (reply.result()
                    instanceof V1ServerMessage.Result.Subscribed(var session, var en1, var _)) {
                sessionId = session;
                prefix = en1;
            } else if (reply.isTrue()) {
                accepted++;
            }
        }
    }

    private void add(V1Notify job) {
        var plan = MinersEar.plan(job, prefix.length + ROLLABLE_BYTES);
        var jobId = "%010x".formatted(job.jobId());
        work.add(new Work(jobId, job, plan, toldUnits));
        if (work.size() > KEPT_JOBS) {
            work.removeFirst();
        }
        auditor.sent(HexFormat.of().formatHex(prefix), jobId, toldUnits);
    }
}
