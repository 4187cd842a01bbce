package adit.ledger.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Shares a second from a journal into a [LocalPostgres] with safe settings and every index.
///
/// Each call projects 100,000 shares of 2,000 workers, spread over time as 50,000 a second would be.
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 1, time = 5)
@Measurement(iterations = 3, time = 10)
public class ProjectorBench {
    private static final int SHARES = 100_000;
    private static final int WORKERS = 2_000;
    private static final int BATCH_RECORDS = 10_000;
    private static final int SHARES_PER_JOB = 50_000;
    private static final int MICROS_APART = 20;

    private final FakeShareSource source =
            new FakeShareSource(1).at(Instant.parse("2026-11-21T23:59:56Z"));
    private Path directory;
    private LocalPostgres postgres;
    private ShareProjector projector;

    @Setup(Level.Trial)
    public void open() throws IOException {
        directory = Files.createTempDirectory("projector-bench");
        postgres = LocalPostgres.start(directory);
        Schema.migrate(postgres.dataSource());
        projector = new ShareProjector(postgres.dataSource(), source, BATCH_RECORDS, Thread::sleep);
    }

    @Setup(Level.Invocation)
    public void fillAnEpoch() {
        source.beginEpoch();
        for (int worker = 1; worker <= WORKERS; worker++) {
            source.account(worker, "account-" + worker);
            source.worker(worker, worker, "rig", "PPLNS", 100);
        }
        for (int i = 0; i < SHARES; i++) {
            if (i % SHARES_PER_JOB == 0) {
                source.job(jobOf(i), 0x1703_4219, 312_500_000);
            }
            int worker = 1 + (int) (((i * 2_654_435_761L) >>> 8) % WORKERS);
            source.later(MICROS_APART).share(worker, worker, jobOf(i), 1L << 40);
        }
    }

    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OperationsPerInvocation(SHARES)
    public int project() {
        int records = 0;
        for (int stored = projector.runOnce(); stored > 0; stored = projector.runOnce()) {
            records += stored;
        }
        return records;
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        postgres.close();
        PostgresSoftware.deleteTree(directory);
    }

    private static int jobOf(int share) {
        return share / SHARES_PER_JOB + 1;
    }
}
