package adit.server.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import org.jspecify.annotations.Nullable;

import adit.ledger.journal.ShareJournal;
import adit.pow.Difficulty;
import adit.pow.Job;
import adit.server.account.Account;
import adit.server.account.Payees;
import adit.server.account.Split;
import adit.server.account.Usernames;
import adit.server.channel.ChannelSettings;
import adit.server.channel.DifficultyMemory;
import adit.server.channel.FaultyStorage;
import adit.server.channel.FoundBlocks.FoundBlock;
import adit.server.channel.FoundBlocks.Taken;
import adit.server.channel.Journaled;
import adit.server.channel.ShareLoop;
import adit.server.channel.TakenBlock;
import adit.server.config.PoolConfig;
import adit.server.firmware.FirmwareShelf;
import adit.server.job.DirectJobs;
import adit.server.job.ExtranonceSpace;
import adit.server.job.JobBoard;
import adit.server.job.SampleJobs;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;
import adit.server.session.v1.V1Connection;
import adit.server.session.v1.V1Loop;
import adit.server.session.v1.V1Settings;
import adit.server.source.ClientAddress;
import adit.server.source.SourceAddress;
import adit.server.source.Sources;
import adit.server.trace.WireTraces;

import static org.assertj.core.api.Assertions.assertThat;

/// The pool as miners see it, without a node: a real port, a real event loop and a real journal; the clock
/// stands still until the test moves it, prefixes begin at `a1b2c3d4`, and jobs are put up by the test.
final class PoolRig implements AutoCloseable {

    /// Difficulties that a test may ask for by opening another port.
    static final ChannelSettings ANY =
            new ChannelSettings(1, 1, Difficulty.MAX_UNITS, false, 15, true, 0);

    /// Takes addresses, as a pool does by default.
    static final Usernames ADDRESSES = new Usernames("mainnet", false, List.of());

    /// Takes names too, and knows two ways to divide work.
    static final Usernames NAMES =
            new Usernames(
                    "mainnet",
                    true,
                    List.of(
                            new Split("family", List.of(payee("alice", 60), payee("bob", 40)), 0),
                            new Split("charity", List.of(payee("hospital", 10)), 90)));

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final int SERVER_ID = 0xa1;
    private static final int FIRST_INDEX = 0xb2c3d4;
    private static final long REST_MILLIS = 600_000;
    private static final int MOST_CONNECTIONS = 20_000;
    static final int MOST_WORKERS = 10_000;
    private static final Duration IDLE = Duration.ofMinutes(15);
    private static final int DEADLINE_SECONDS = 20;

    static final int FEE_BPS = 100;
    static final byte[] POOL_SCRIPT = HexFormat.of().parseHex("0014" + "11".repeat(20));

    final FirmwareShelf firmware = new FirmwareShelf(null);
    final List<FoundBlock> blocks = new CopyOnWriteArrayList<>();
    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final FaultyStorage storage;
    final ShareJournal journal;
    final PoolMetrics metrics = new PoolMetrics(meters);

    /// Who the sessions were told is calling, in the order of their making.
    final List<InetSocketAddress> clients = new CopyOnWriteArrayList<>();

    private final int loopCount;
    private final AtomicLong epochSeconds = new AtomicLong(SampleJobs.NTIME + 16);
    private final AtomicLong agedDays = new AtomicLong();
    private volatile boolean remembersNothing;
    private final DifficultyMemory difficulties = new DifficultyMemory(this::epochDay);
    private final AtomicLong secrets = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong flushes = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final JobBoard board = new JobBoard();
    private final List<StratumListener> listeners = new CopyOnWriteArrayList<>();
    private final EventLoops<V1Loop> loops;
    final AtomicBoolean overloaded = new AtomicBoolean();

    /// What a block costs, and credit with it: one share of the least difficulty, unless a test says otherwise.
    final AtomicLong blockUnits = new AtomicLong(1);

    final Sources sources;
    private final Set<Channel> sockets = ConcurrentHashMap.newKeySet();
    final WireTraces traces;

    PoolRig(Path directory) {
        this(directory, false);
    }

    /// @param limitsLoopback whether the test's own address is a source like others
    PoolRig(Path directory, boolean limitsLoopback) {
        this(directory, limitsLoopback, 1);
    }

    PoolRig(Path directory, int loopCount) {
        this(directory, false, loopCount);
    }

    private Taken found(FoundBlock block) {
        blocks.add(block);
        return TakenBlock.atOnce();
    }

    private PoolRig(Path directory, boolean limitsLoopback, int loopCount) {
        this.loopCount = loopCount;
        sources =
                new Sources(
                        Sources.Bounds.of(MOST_CONNECTIONS, limitsLoopback),
                        overloaded::get,
                        blockUnits::get,
                        new PoolMetrics(meters),
                        new EventLog(),
                        nanos::get);
        storage = new FaultyStorage(directory);
        journal = Journaled.open(storage);
        traces = new WireTraces(directory.resolve("traces"), InstantSource.fixed(NOON));
        loops = new EventLoops<>(loopCount, nanos::get, this::v1Loop);
        traces.whenChanged(() -> loops.forEach(V1Loop::traceAgain));
    }

    private V1Loop room(int number) {
        return loops.room(number);
    }

    private static Payees.Payee payee(String account, int parts) {
        return new Payees.Payee(Account.parse(account, "mainnet").orElseThrow(), parts);
    }

    private V1Loop v1Loop(EventLoop loop, int number) {
        var shares =
                new ShareLoop(journal, this::found, metrics, loop, nanos::get, epochSeconds::get);
        return new V1Loop(
                shares,
                new ExtranonceSpace(
                        SERVER_ID,
                        number,
                        loopCount,
                        FIRST_INDEX / loopCount,
                        REST_MILLIS,
                        () -> nanos.get() / 1_000_000),
                new V1Loop.References() {
                    @Override
                    public int accountRef(String account) {
                        return journal.accountRef(account);
                    }

                    @Override
                    public int workerRef(int account, String worker, String scheme, int feeBps) {
                        return journal.workerRef(account, worker, scheme, feeBps);
                    }
                },
                firmware,
                new DirectJobs(POOL_SCRIPT, FEE_BPS),
                board,
                metrics,
                new EventLog(),
                loop,
                nanos::get,
                SampleJobs.MASK,
                traces,
                secrets::incrementAndGet,
                this::room,
                difficulties);
    }

    /// Opens a port for mainnet addresses.
    InetSocketAddress listen(ChannelSettings settings) {
        return listen(settings, ADDRESSES);
    }

    InetSocketAddress listen(ChannelSettings settings, Usernames usernames) {
        return listen(settings, usernames, false);
    }

    /// Opens a port whose coinbases pay their finder, or the pool.
    InetSocketAddress listen(ChannelSettings settings, Usernames usernames, boolean paysFinder) {
        var v1 =
                new V1Settings(
                        settings,
                        usernames,
                        paysFinder ? "SOLO" : "PPLNS",
                        FEE_BPS,
                        MOST_WORKERS,
                        paysFinder,
                        IDLE.toNanos());
        return listen(v1, PoolConfig.Entry.DEFAULT, null);
    }

    /// Opens a port on which more than plain Stratum is spoken.
    InetSocketAddress listen(PoolConfig.Entry entry, @Nullable Certificates certificates) {
        var v1 =
                new V1Settings(
                        ANY, ADDRESSES, "PPLNS", FEE_BPS, MOST_WORKERS, false, IDLE.toNanos());
        return listen(v1, entry, certificates);
    }

    private InetSocketAddress listen(
            V1Settings v1, PoolConfig.Entry entry, @Nullable Certificates certificates) {
        var entrance =
                new Entrance<V1Loop>(
                        "test",
                        "Test <pool>",
                        entry,
                        certificates,
                        (loop, arrival) -> {
                            clients.add(arrival.client());
                            return new V1Connection(
                                    loop,
                                    v1,
                                    connections.incrementAndGet(),
                                    arrival.acceptedNanos(),
                                    arrival.visit());
                        });
        var listener =
                StratumListener.open(
                        ListeningSocket.at(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        entrance,
                        loops,
                        sources,
                        new EventLog(),
                        pipeline -> {
                            sockets.add(pipeline.channel());
                            pipeline.addLast(new Counting());
                        });
        listeners.add(listener);
        return listener.address();
    }

    /// Opens the ports that could not be before.
    void reopen() {
        listeners.forEach(StratumListener::reopen);
    }

    /// Counts what has come in and been looked at, and how often anything was sent.
    private final class Counting extends ChannelDuplexHandler {
        @Override
        public void flush(ChannelHandlerContext context) {
            flushes.incrementAndGet();
            context.flush();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            int bytes = ((ByteBuf) message).readableBytes();
            context.fireChannelRead(message);
            received.addAndGet(bytes);
        }
    }

    /// Puts a job up, and waits until every connection has been sent it.
    void publish(Job job) {
        SampleJobs.publish(board, job, nanos.get());
        onLoop(_ -> {});
    }

    /// Puts a job up in the place of one that its node refused.
    void replace(Job job) {
        SampleJobs.replace(board, job, nanos.get());
        onLoop(_ -> {});
    }

    void withdraw() {
        SampleJobs.withdraw(board);
        onLoop(_ -> {});
    }

    /// Moves the clock, and lets every connection look at it.
    void passMillis(long millis) {
        nanos.addAndGet(millis * 1_000_000);
        epochSeconds.addAndGet(millis / 1000);
        loops.tickDoorsteps();
        onLoop(V1Loop::tick);
    }

    /// Lets everybody in again who is kept out.
    void liftPenalties() {
        for (var penalty : sources.penalties(InstantSource.system())) {
            sources.lift(SourceAddress.parse(penalty.source()).orElseThrow());
        }
    }

    /// How each socket looks for a peer that vanished, where the system's own transport is used.
    List<List<Integer>> keepalives() {
        return sockets.stream()
                .map(Channel::config)
                .map(config ->
                        List.of(
                                config.getOption(EpollChannelOption.TCP_KEEPIDLE),
                                config.getOption(EpollChannelOption.TCP_KEEPINTVL),
                                config.getOption(EpollChannelOption.TCP_KEEPCNT),
                                config.getOption(EpollChannelOption.TCP_USER_TIMEOUT)))
                .toList();
    }

    /// Whether some connection has more to be sent than it should.
    boolean anyUnwritable() {
        return sockets.stream().anyMatch(socket -> socket.isOpen() && !socket.isWritable());
    }

    /// How often anything was sent, on all connections.
    long flushes() {
        return flushes.get();
    }

    /// Lets what is found for workers be too old at once, so that one case has nothing to do with another.
    void rememberNothing() {
        remembersNothing = true;
    }

    private long epochDay() {
        long aged = remembersNothing ? agedDays.addAndGet(8) : 0;
        return epochSeconds.get() / 86_400 + aged;
    }

    /// Bytes that have come in on all connections.
    long receivedBytes() {
        return received.get();
    }

    /// Waits until so many bytes have come in and been looked at.
    void awaitReceived(long bytes) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (received.get() < bytes) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            onLoop(_ -> {});
        }
        onLoop(_ -> {});
    }

    /// Waits until something is so that a task on the loop brings about.
    void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            onLoop(_ -> {});
        }
    }

    /// Who is at the other ends of the connections there are.
    List<InetAddress> callers() {
        return sockets.stream().filter(Channel::isOpen).map(ClientAddress::of).toList();
    }

    void onLoop(Consumer<V1Loop> action) {
        var done = new CompletableFuture<Void>();
        var left = new AtomicInteger(loopCount);
        loops.forEach(loop -> {
            action.accept(loop);
            if (left.decrementAndGet() == 0) {
                done.complete(null);
            }
        });
        done.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
    }

    /// Asked on the loop, where none is half open.
    int connectionCount() {
        var count = new int[1];
        onLoop(_ -> count[0] = listeners.stream().mapToInt(StratumListener::connections).sum());
        return count[0];
    }

    void awaitConnections(int count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (connectionCount() != count) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
        }
    }

    @Override
    public void close() {
        traces.end("the pool has stopped");
        storage.goOn();
        listeners.forEach(StratumListener::close);
        loops.close();
        journal.close();
    }
}
