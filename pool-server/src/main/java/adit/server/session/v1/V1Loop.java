package adit.server.session.v1;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

import io.micrometer.core.instrument.Counter;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

import adit.pow.Coinbase;
import adit.pow.Hash;
import adit.pow.Job;
import adit.server.channel.DifficultyMemory;
import adit.server.channel.ShareLoop;
import adit.server.channel.Submission;
import adit.server.channel.Verdict;
import adit.server.config.Limits;
import adit.server.firmware.FirmwareShelf;
import adit.server.job.DirectJobs;
import adit.server.job.ExtranonceSpace;
import adit.server.job.JobBoard;
import adit.server.job.JobMaker;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;
import adit.server.source.LoadLevel;
import adit.server.trace.WireTraces;
import adit.stratum.v1.V1Decoder;
import adit.stratum.v1.V1Notify;
import adit.stratum.v1.V1NotifyLine;

/// What the V1 sessions of one event loop share: the decoder, the read buffer, the notify line of the
/// present job, and the list of connections that a new job goes to.
///
/// **Owner:** its event loop; [#announce] and [#workEnds] hand over to it.
public final class V1Loop implements JobBoard.Audience {

    /// Names of miners and workers become numbers in the journal here.
    public interface References {
        int accountRef(String account);

        int workerRef(int accountRef, String worker, String scheme, int feeBps);
    }

    private static final long LOOK_NANOS = 5_000_000_000L;
    private static final int REMEMBERED_AGENTS = 1024;

    /// For miners whose difficulty never changes: what is remembered of them grows old.
    private static final long REMEMBER_EVERY_NANOS = 3_600_000_000_000L;

    private static final int READ_BUFFER_BYTES = 64 * 1024 + Limits.LINE_BYTES;

    /// The rooms of all event loops, by their numbers; asked only once all are made.
    @FunctionalInterface
    public interface Siblings {
        V1Loop number(int loop);
    }

    final V1Decoder decoder = new V1Decoder();
    final Submission submission = new Submission();
    final ShareLoop shares;
    final ExtranonceSpace extranonces;
    final References references;
    final FirmwareShelf firmware;
    final DirectJobs direct;
    final LongSupplier nanoClock;
    final int versionMask;
    final WireTraces traces;
    private final PoolMetrics metrics;
    private final EventLog events;
    final ParkedChannels parked;
    final DifficultyMemory difficulties;
    private final LongSupplier secrets;
    private final Siblings siblings;
    private final Executor loop;
    private final Map<Verdict, Counter> verdicts = new EnumMap<>(Verdict.class);
    private final Set<V1Connection> connections = new LinkedHashSet<>();
    private final Set<V1Connection> paused = new LinkedHashSet<>();
    private final Set<V1Connection> inSetup = new LinkedHashSet<>();
    private final Set<V1Connection> heldForMessages = new LinkedHashSet<>();
    private LoadLevel load = LoadLevel.NORMAL;
    private int turn;
    private long lookedNanos;
    private final Map<String, String> agents =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                    return size() > REMEMBERED_AGENTS;
                }
            };
    private long lastRememberedNanos;
    private byte[] readBuffer = new byte[READ_BUFFER_BYTES];
    private @Nullable Job current;
    private @Nullable Job latest;
    private long toldNanos;
    private @Nullable Job notifyJob;
    private @Nullable V1NotifyLine notifyLine;
    private @Nullable V1Drain drain;

    public V1Loop(
            ShareLoop shares,
            ExtranonceSpace extranonces,
            References references,
            FirmwareShelf firmware,
            DirectJobs direct,
            JobBoard board,
            PoolMetrics metrics,
            EventLog events,
            Executor loop,
            LongSupplier nanoClock,
            int versionMask,
            WireTraces traces,
            LongSupplier secrets,
            Siblings siblings,
            DifficultyMemory difficulties) {
        this.shares = shares;
        this.extranonces = extranonces;
        this.references = references;
        this.firmware = firmware;
        this.direct = direct;
        this.metrics = metrics;
        this.events = events;
        this.loop = loop;
        this.nanoClock = nanoClock;
        this.versionMask = versionMask;
        this.lookedNanos = nanoClock.getAsLong();
        this.traces = traces;
        this.secrets = secrets;
        this.siblings = siblings;
        this.difficulties = difficulties;
        this.parked = new ParkedChannels(extranonces);
        for (var verdict : Verdict.values()) {
            verdicts.put(verdict, metrics.submissions(verdict.name().toLowerCase(Locale.ROOT)));
        }
        this.lastRememberedNanos = nanoClock.getAsLong();
        board.addAudience(this);
    }

    @Override
    public void announce(Job job, boolean newTip, long knownNanos, Runnable told) {
        if (newTip) {
            shares.tipKnown(knownNanos);
        }
        loop.execute(() -> {
            current = job;
            tellAll(job, newTip, knownNanos);
            told.run();
            if (newTip) {
                shares.tipTold();
                metrics.tipTold(nanoClock.getAsLong() - knownNanos);
            }
        });
    }

    @Override
    public void workEnds() {
        loop.execute(() -> current = null);
    }

    /// Looks at those in setup and those held each time, and at all every few seconds; called every second.
    public void tick() {
        long now = nanoClock.getAsLong();
        for (var connection : List.copyOf(inSetup)) {
            if (!connection.awaitsLogin(now)) {
                inSetup.remove(connection);
            }
        }
        if (load.compareTo(LoadLevel.EASED) > 0) {
            turn++;
            lookForLoad(now);
        } else {
            List.copyOf(heldForMessages).forEach(held -> held.look(now, false));
        }
        heldForMessages.removeIf(held -> !held.isHeld(Hold.MESSAGES));
        if (now - lookedNanos >= LOOK_NANOS) {
            lookedNanos = now;
            for (var connection : List.copyOf(connections)) {
                connection.tick(now);
            }
        }
        resumeIfCaughtUp();
        if (latest != null && now - toldNanos >= Limits.WORK_AT_LEAST_EVERY_NANOS) {
            // Good until another tip is known, also while no node gives a template.
            tellAll(latest, false, now);
        }
        parked.expire(now);
        if (now - lastRememberedNanos >= REMEMBER_EVERY_NANOS) {
            lastRememberedNanos = now;
            connections.forEach(V1Connection::rememberDifficulty);
        }
    }

    /// What this loop's miners come back for, told on this loop: their sessions and those who have gone.
    public void exportChannels(List<ParkedChannel> to) {
        connections.forEach(connection -> connection.exportTo(to));
        parked.exportTo(to);
    }

    /// Keeps for the miners of another process, which has ended or soon will, what they had there. Called on
    /// this loop, with the channels of all loops, before the first miner comes.
    public void expectChannels(List<ParkedChannel> channels) {
        channels.forEach(channel -> parked.expect(channel, nanoClock.getAsLong()));
    }

    /// How much the pool has to do, on this loop.
    public void load(LoadLevel level) {
        load = level;
        shares.ease(level != LoadLevel.NORMAL);
        lookForLoad(nanoClock.getAsLong());
    }

    /// A trace has begun or ended.
    public void traceAgain() {
        connections.forEach(V1Connection::traceAgain);
    }

    /// Lets connections go, so many that after this many more steps all have been asked to.
    public void drain(int stepsLeft) {
        if (drain == null) {
            drain = new V1Drain();
        }
        drain.step(connections, stepsLeft, nanoClock.getAsLong());
    }

    /// Lets nobody else go.
    public void endDrain() {
        drain = null;
    }

    /// Closes every connection, so that miners turn to their other pools: nothing can be acknowledged any more.
    public void letGo() {
        List.copyOf(connections).forEach(miner -> miner.letGo(Farewell.NOTHING_RECORDED));
    }

    /// Closes one in so many of the connections, the oldest first, because there is no work.
    public void letGo(long oneIn) {
        long some = Math.ceilDiv(connections.size(), oneIn);
        connections.stream().limit(some).toList().forEach(miner -> miner.letGo(Farewell.NO_WORK));
    }

    /// The job all sessions of this loop have been told of; the board may already be one ahead.
    Optional<Job> currentJob() {
        return Optional.ofNullable(current);
    }

    boolean pausesGreedy() {
        return load.compareTo(LoadLevel.SELECTIVE) >= 0;
    }

    void heldForMessages(V1Connection connection) {
        heldForMessages.add(connection);
    }

    /// The loop whose channels a session id belongs to: this one, where it is none of this server's.
    V1Loop homeOf(SessionId id) {
        var number = extranonces.loopOf(id.prefix());
        return number.isPresent() ? siblings.number(number.getAsInt()) : this;
    }

    /// Takes a socket over from the loop it is on, and says here when it has come.
    void takeOver(Channel socket, Runnable arrived) {
        socket.deregister()
                .addListener(_ ->
                        eventLoop()
                                .register(socket)
                                .addListener(registered -> {
                                    if (registered.isSuccess()) {
                                        arrived.run();
                                    }
                                }));
    }

    long newSecret() {
        return secrets.getAsLong();
    }

    /// One copy of each agent for all its connections.
    String agent(String agent) {
        return agents.computeIfAbsent(agent, same -> same);
    }

    void counted(Verdict verdict) {
        Objects.requireNonNull(verdicts.get(verdict)).increment();
    }

    void protocolError() {
        metrics.protocolError();
    }

    void bug(Throwable failure) {
        events.bug("a V1 session", failure);
    }

    void add(V1Connection connection) {
        connections.add(connection);
        inSetup.add(connection);
    }

    void remove(V1Connection connection) {
        connections.remove(connection);
        paused.remove(connection);
        inSetup.remove(connection);
        heldForMessages.remove(connection);
    }

    /// A buffer of at least so many bytes, good until the next call.
    byte[] readBuffer(int bytes) {
        if (readBuffer.length < bytes) {
            readBuffer = Arrays.copyOf(readBuffer, bytes);
        }
        return readBuffer;
    }

    V1NotifyLine lineOf(Job job) {
        var line = lineOfShared(job.shared());
        return job.payee() == 0 ? line : line.withCoinbaseSuffix(job.coinbase().suffix());
    }

    private V1NotifyLine lineOfShared(Job job) {
        if (notifyLine == null || notifyJob != job) {
            var template = job.template();
            notifyLine =
                    V1NotifyLine.of(
                            new V1Notify(
                                    job.number() << 8,
                                    template.previousHash().bytes(),
                                    beforePrefix(job.coinbase()),
                                    job.coinbase().suffix(),
                                    template.branch().siblings().stream().map(Hash::bytes).toList(),
                                    job.version(),
                                    template.nBits(),
                                    job.ntime(),
                                    true));
            notifyJob = job;
        }
        return notifyLine;
    }

    private EventLoop eventLoop() {
        if (loop instanceof EventLoop eventLoop) {
            return eventLoop;
        }
        throw new IllegalStateException("a connection moves between event loops alone");
    }

    /// Stops this session's reading while the journal is too far behind.
    void pauseIfBehind(V1Connection connection) {
        if (shares.isBehind(Limits.RECORDS_IN_FLIGHT)) {
            connection.hold(Hold.JOURNAL);
            paused.add(connection);
        }
    }

    void resumeIfCaughtUp() {
        if (!paused.isEmpty() && !shares.isBehind(Limits.RECORDS_IN_FLIGHT / 2)) {
            paused.forEach(s -> s.release(Hold.JOURNAL));
            paused.clear();
        }
    }

    /// The coinbase up to the extranonce prefix of a channel, with the byte of the re-issue at its end.
    private static byte[] beforePrefix(Coinbase coinbase) {
        return Arrays.copyOf(coinbase.prefix(), coinbase.prefix().length + JobMaker.REISSUE_BYTES);
    }

    /// Holds who costs too much, and at the highest level every second one in turn.
    private void lookForLoad(long nowNanos) {
        boolean inTurn = load.compareTo(LoadLevel.CLOSED) >= 0;
        int place = turn;
        for (var connection : connections) {
            connection.look(nowNanos, inTurn && (place++ & 1) == 0);
        }
    }

    private void tellAll(Job job, boolean newTip, long knownNanos) {
        if (newTip && latest != null && isOnOneTip(latest, job)) {
            parked.takeBack(job);
        }
        latest = job;
        toldNanos = nanoClock.getAsLong();
        for (var connection : List.copyOf(connections)) {
            connection.announce(job, newTip, knownNanos);
        }
    }

    private static boolean isOnOneTip(Job one, Job other) {
        return one.template().previousHash().equals(other.template().previousHash());
    }
}
