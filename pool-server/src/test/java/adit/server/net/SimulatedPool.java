package adit.server.net;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;

import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.ShareJournal;
import adit.pow.Hash;
import adit.pow.Job;
import adit.server.channel.ChannelSettings;
import adit.server.channel.DifficultyMemory;
import adit.server.channel.FaultyStorage;
import adit.server.channel.Journaled;
import adit.server.channel.ManualLoop;
import adit.server.channel.ShareLoop;
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
import adit.server.source.Sources;
import adit.server.source.Visit;
import adit.server.trace.WireTraces;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// The pool's own sessions, channels and journal on one thread, without sockets: the test owns clock, jobs and event
/// loop, so the same seed is the same run.
public final class SimulatedPool implements AutoCloseable {

    static final int GRACE_MILLIS = 400;
    static final long LEAST_UNITS = 4;
    static final long MOST_UNITS = 4096;

    private static final long FIRST_UNITS = 32;
    private static final int SERVER_ID = 0xa1;
    private static final long REST_MILLIS = 600_000;
    private static final ChannelSettings DIFFICULTY =
            new ChannelSettings(
                    FIRST_UNITS, LEAST_UNITS, MOST_UNITS, false, 15, false, GRACE_MILLIS);

    private final ManualLoop tasks = new ManualLoop();
    private final JobBoard board = new JobBoard();
    private final V1Settings settings;
    private final PoolMetrics metrics = new PoolMetrics(new SimpleMeterRegistry());
    private final Map<Integer, String> workers = new HashMap<>();
    private final ShareJournal journal;
    private final WireTraces traces;
    private final Sources sources;
    private final V1Loop loop;
    private final Random random = new Random(1);
    private long nanos;
    private long connections;
    private long number;
    private Hash tip = SampleJobs.TIP_A;

    SimulatedPool(Path directory) {
        this(directory, DIFFICULTY);
    }

    public SimulatedPool(Path directory, ChannelSettings difficulty) {
        settings =
                new V1Settings(
                        difficulty,
                        PoolRig.ADDRESSES,
                        "PPLNS",
                        PoolRig.FEE_BPS,
                        PoolRig.MOST_WORKERS,
                        false,
                        TimeUnit.DAYS.toNanos(1));
        traces = new WireTraces(directory.resolve("traces"), InstantSource.system());
        sources = sources();
        journal = Journaled.open(new FaultyStorage(directory));
        var shares =
                new ShareLoop(
                        journal,
                        block -> {
                            throw new AssertionError("no hash of a test is a block: " + block);
                        },
                        metrics,
                        tasks,
                        () -> nanos,
                        this::epochSeconds);
        loop =
                new V1Loop(
                        shares,
                        new ExtranonceSpace(
                                SERVER_ID, 0, 1, 1, REST_MILLIS, () -> nanos / 1_000_000),
                        new V1Loop.References() {
                            @Override
                            public int accountRef(String account) {
                                return journal.accountRef(account);
                            }

                            @Override
                            public int workerRef(
                                    int account, String worker, String scheme, int feeBps) {
                                int ref = journal.workerRef(account, worker, scheme, feeBps);
                                workers.put(ref, worker);
                                return ref;
                            }
                        },
                        new FirmwareShelf(null),
                        new DirectJobs(PoolRig.POOL_SCRIPT, PoolRig.FEE_BPS),
                        board,
                        metrics,
                        new EventLog(),
                        tasks,
                        () -> nanos,
                        SampleJobs.MASK,
                        traces,
                        random::nextLong,
                        _ -> loop(),
                        new DifficultyMemory(() -> 0));
    }

    private Sources sources() {
        return new Sources(
                Sources.Bounds.of(PoolRig.MOST_WORKERS, false),
                () -> false,
                () -> 1,
                metrics,
                new EventLog(),
                () -> nanos);
    }

    private V1Loop loop() {
        return loop;
    }

    public EmbeddedChannel connect() {
        var visit = visit();
        var channel =
                new EmbeddedChannel(new V1Connection(loop, settings, ++connections, nanos, visit));
        channel.closeFuture().addListener(_ -> visit.leave());
        return channel;
    }

    private Visit visit() {
        var visit = sources.enter(InetAddress.getLoopbackAddress(), () -> {});
        if (visit == null) {
            throw new AssertionError("no place for another miner");
        }
        return visit;
    }

    /// The pool's clock, which the jobs' begins with.
    long epochSeconds() {
        return SampleJobs.NTIME + nanos / 1_000_000_000;
    }

    /// Puts up another job, on another tip if wanted.
    public void publish(boolean newTip) {
        number++;
        if (newTip) {
            tip = Hash.ofContent(("tip " + number).getBytes(US_ASCII));
        }
        Job job = SampleJobs.job(number, tip, SampleJobs.HARD, Math.toIntExact(epochSeconds()));
        SampleJobs.publish(board, job, nanos);
        tasks.runAll();
    }

    /// Lets time pass, and every connection look at the clock.
    public void passMillis(long millis) {
        nanos += millis * 1_000_000;
        loop.tick();
        tasks.runAll();
    }

    /// Brings to disk what was taken, and its replies to the miners.
    public void settle() {
        tasks.settle(journal);
    }

    List<JournalRecord> records() {
        settle();
        return Journaled.records(journal);
    }

    /// Takes the job down, as when no node has a template.
    public void withdraw() {
        SampleJobs.withdraw(board);
        tasks.runAll();
    }

    /// What was credited so far, in difficulty units.
    public long creditedUnits() {
        return metrics.creditedUnits().longValueExact();
    }

    /// The name of a worker in the journal.
    String worker(int ref) {
        return workers.getOrDefault(ref, "");
    }

    @Override
    public void close() {
        traces.end("the pool has stopped");
        journal.close();
    }
}
