package adit.miner;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.ReadTimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import adit.pow.Difficulty;
import adit.pow.Target;
import adit.stratum.MalformedMessage;
import adit.stratum.v1.V1MinerEncoder;
import adit.stratum.v1.V1Notify;
import adit.stratum.v1.V1ServerDecoder;
import adit.stratum.v1.V1ServerMessage;

/// One connection to a pool, from the miner's side.
///
/// ```
/// connected ── configure, subscribe, authorize at once ──▶ subscribed ──▶ authorized: mines while it has work
///                                  any refusal, malformed line or silence ──▶ closed
/// ```
/// The difficulty in force when a job arrives is that job's for ever; a new extranonce counts from the next
/// job on, a new version mask at once.
///
/// **Owner:** the event loop of its channel; the grinder only calls [#hasRoom()] and [#found]. **Limits:** at most
/// [#MAX_UNANSWERED] finds without an answer, then the grinder rests; [#MAX_JOBS] open jobs.
final class V1Session extends SimpleChannelInboundHandler<ByteBuf> implements Finds {
    static final int MAX_UNANSWERED = 256;
    static final int MAX_JOBS = 64;

    /// The bits that BIP 320 leaves to miners.
    static final int VERSION_MASK = 0x1fff_e000;

    private static final Logger LOG = LoggerFactory.getLogger(V1Session.class);
    private static final long CONFIGURE_ID = 1;
    private static final long SUBSCRIBE_ID = 2;
    private static final long AUTHORIZE_ID = 3;
    private static final long EXTRANONCE_SUBSCRIBE_ID = 4;
    private static final long FIRST_SUBMIT_ID = 10;
    private static final int LATE_SECONDS = 4 * 3_600;
    private static final int WEAKER = 16;
    private static final int MAX_RECONNECT_WAIT_SECONDS = 60;

    private final Channel channel;
    private final MinerSettings settings;
    private final Grinder grinder;
    private final Tally tally;
    private final MinerEvents events;
    private final RandomGenerator random;
    private final V1ServerDecoder decoder = new V1ServerDecoder();
    private final AtomicInteger outstanding = new AtomicInteger();
    private final Map<Long, Submission> unanswered = new HashMap<>();
    private final SequencedSet<Long> openJobs = new LinkedHashSet<>();
    private final SequencedMap<Long, Submission> heldBack = new LinkedHashMap<>();

    private String sessionId;
    private byte[] extranoncePrefix = new byte[0];
    private int extranonceBytes;
    private int versionMask;
    private long difficultyUnits = Difficulty.ONE;
    private @Nullable Work work;
    private boolean isSubscribed;
    private boolean isAuthorized;
    private long nextId = FIRST_SUBMIT_ID;
    private String whyClosed = "the pool closed the connection";
    private long comeBackMillis;

    V1Session(
            Channel channel,
            MinerSettings settings,
            String resumedSessionId,
            Grinder grinder,
            Tally tally,
            MinerEvents events,
            RandomGenerator random) {
        this.channel = channel;
        this.settings = settings;
        this.grinder = grinder;
        this.tally = tally;
        this.events = events;
        this.random = random;
        sessionId = resumedSessionId;
    }

    /// What to resume with next time: empty where there is nothing to resume.
    String sessionId() {
        return sessionId;
    }

    boolean wasAuthorized() {
        return isAuthorized;
    }

    String whyClosed() {
        return whyClosed;
    }

    /// For how long the pool asked this miner to stay away.
    long comeBackMillis() {
        return comeBackMillis;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (settings.rollVersion()) {
            queue(out -> V1MinerEncoder.configure(out, CONFIGURE_ID, VERSION_MASK, true));
        }
        queue(out -> V1MinerEncoder.subscribe(out, SUBSCRIBE_ID, settings.agent(), sessionId));
        send(out ->
                V1MinerEncoder.authorize(
                        out, AUTHORIZE_ID, settings.username(), settings.password()));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
        var line = ByteBufUtil.getBytes(bytes);
        try {
            heard(decoder.decode(line, 0, line.length));
        } catch (MalformedMessage e) {
            close("malformed line: " + e.getMessage());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        grinder.idle();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("connection to {} failed", settings.pool(), cause);
        close(cause instanceof ReadTimeoutException ? "the pool fell silent" : cause.toString());
    }

    @Override
    public boolean hasRoom() {
        return outstanding.get() < MAX_UNANSWERED;
    }

    @Override
    public void found(Work of, Submission submission) {
        outstanding.incrementAndGet();
        try {
            channel.eventLoop().execute(() -> judge(of, submission));
        } catch (RejectedExecutionException e) {
            LOG.debug("a find came after the event loop had ended", e);
        }
    }

    void close(String why) {
        whyClosed = why;
        var _ = channel.close();
    }

    private void heard(V1ServerMessage message) {
        switch (message) {
            case V1ServerMessage.Notify notify -> newJob(notify.job());
            case V1ServerMessage.SetDifficulty set -> {
                difficultyUnits = Difficulty.units(set.difficulty());
                tally.difficulty(difficultyUnits);
            }
            case V1ServerMessage.SetExtranonce set -> {
                extranoncePrefix = set.extranoncePrefix();
                extranonceBytes = set.extranonceBytes();
            }
            case V1ServerMessage.SetVersionMask set -> rollWithin(set.mask());
            case V1ServerMessage.Reply reply -> answered(reply);
            case V1ServerMessage.Reconnect reconnect -> {
                comeBackMillis =
                        1_000L * Math.min(reconnect.waitSeconds(), MAX_RECONNECT_WAIT_SECONDS);
                close("the pool asked to reconnect");
            }
            case V1ServerMessage.ShowMessage show -> events.message(show.text());
            case V1ServerMessage.GetVersion call -> reply(call.id(), settings.agent());
            case V1ServerMessage.Ping call -> reply(call.id(), "pong");
            case V1ServerMessage.Other _ -> {}
        }
    }

    /// A job that comes before the extranonce it needs can't be worked on.
    private void newJob(V1Notify job) {
        if (!isSubscribed) {
            return;
        }
        var former = work;
        var next =
                Work.of(
                        job,
                        extranoncePrefix,
                        extranonceBytes,
                        versionMask,
                        difficultyUnits,
                        random.nextLong());
        boolean isClean =
                job.cleanJobs()
                        || (former != null
                                && !former.plan()
                                        .previousHash()
                                        .equals(next.plan().previousHash()));
        if (isClean) {
            openJobs.clear();
        }
        openJobs.add(job.jobId());
        if (openJobs.size() > MAX_JOBS) {
            openJobs.removeFirst();
        }
        work = bend(next);
        grind();
        events.newJob(job, difficultyUnits);
        if (isClean) {
            List.copyOf(heldBack.values()).forEach(this::submit);
            heldBack.clear();
        }
    }

    private Work bend(Work honest) {
        var bent = honest;
        if (settings.does(Misbehaviour.WEAK_SHARES)) {
            long weakUnits = Math.max(1, honest.difficultyUnits() / WEAKER);
            bent = bent.withTarget(Target.ofDifficultyUnits(weakUnits));
        }
        if (settings.does(Misbehaviour.WRONG_NTIME)) {
            bent = bent.withNtime(honest.ntime() + LATE_SECONDS);
        }
        return bent;
    }

    private void rollWithin(int mask) {
        if (!settings.rollVersion()) {
            return;
        }
        versionMask = mask & VERSION_MASK;
        var current = work;
        if (current != null) {
            work = current.withVersionMask(versionMask, random.nextLong());
            grind();
        }
    }

    private void grind() {
        var current = work;
        if (current != null && isAuthorized) {
            grinder.workOn(current, this);
        }
    }

    private void answered(V1ServerMessage.Reply reply) {
        var submission = unanswered.remove(reply.id());
        if (submission != null) {
            outstanding.decrementAndGet();
            judged(submission, reply);
        } else if (reply.id() == CONFIGURE_ID) {
            if (reply.result() instanceof V1ServerMessage.Result.Configured granted) {
                rollWithin(granted.versionMask());
            }
        } else if (reply.id() == SUBSCRIBE_ID) {
            subscribed(reply);
        } else if (reply.id() == AUTHORIZE_ID) {
            authorized(reply);
        }
    }

    private void judged(Submission submission, V1ServerMessage.Reply reply) {
        if (reply.isTrue()) {
            tally.accepted();
            events.accepted(submission);
        } else {
            tally.rejected(reply.errorCode());
            events.rejected(submission, reply.errorCode(), reply.errorText());
        }
    }

    private void subscribed(V1ServerMessage.Reply reply) {
        if (reply.result() instanceof V1ServerMessage.Result.Subscribed granted) {
            sessionId = granted.sessionId();
            extranoncePrefix = granted.extranoncePrefix();
            extranonceBytes = granted.extranonceBytes();
            isSubscribed = true;
        } else {
            sessionId = "";
            close("the pool refused to subscribe: " + reply.errorText());
        }
    }

    private void authorized(V1ServerMessage.Reply reply) {
        if (!reply.isTrue()) {
            close("the pool refused " + settings.username() + ": " + reply.errorText());
            events.refused();
            return;
        }
        isAuthorized = true;
        if (!settings.rollVersion()) {
            send(out -> V1MinerEncoder.extranonceSubscribe(out, EXTRANONCE_SUBSCRIBE_ID));
        }
        tally.connected();
        events.connected(sessionId);
        grind();
    }

    /// Decides what to do with a find: one for an abandoned job, or made with a mask that has since shrunk, is dropped.
    private void judge(Work of, Submission submission) {
        outstanding.decrementAndGet();
        if (!channel.isActive()
                || !openJobs.contains(of.jobId())
                || (submission.versionBits() & ~versionMask) != 0) {
            return;
        }
        if (settings.does(Misbehaviour.STALE_SHARES) && !heldBack.containsKey(of.jobId())) {
            heldBack.put(of.jobId(), submission);
            if (heldBack.size() > MAX_JOBS) {
                heldBack.pollFirstEntry();
            }
            return;
        }
        submit(submission);
        if (settings.does(Misbehaviour.DUPLICATES)) {
            submit(submission);
        }
    }

    private void submit(Submission submission) {
        outstanding.incrementAndGet();
        long id = nextId++;
        unanswered.put(id, submission);
        tally.submitted(submission);
        send(out -> encode(out, id, submission));
    }

    private void encode(ByteBuf out, long id, Submission submission) {
        V1MinerEncoder.submit(out, id, settings.username(), submission.onTheWire(versionMask != 0));
    }

    private void reply(long id, String result) {
        if (id >= 0) {
            send(out -> V1MinerEncoder.reply(out, id, result));
        }
    }

    private void queue(Consumer<ByteBuf> line) {
        var out = channel.alloc().buffer();
        line.accept(out);
        // A write that fails closes the channel, which is all there is to do about it.
        var _ = channel.write(out);
    }

    private void send(Consumer<ByteBuf> line) {
        queue(line);
        channel.flush();
    }
}
