package adit.ledger.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Acknowledged records a second and the time of a group, through real files in `java.io.tmpdir`.
///
/// One thread plays an event loop with three groups in flight, as in production.
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class JournalBench {
    private static final int IN_FLIGHT = 3;
    private static final int GROUPS_PER_CALL = 64;

    @Param({"16", "128", "1000"})
    public int groupRecords;

    private Path directory;
    private ShareJournal journal;
    private RecordGroup[] groups;
    private int nonce;

    @Setup(Level.Trial)
    public void open() throws IOException {
        directory = Files.createTempDirectory("journal-bench");
        journal =
                ShareJournal.open(
                        new JournalSettings(7, 64 << 20, 0, 10, 10),
                        DirectoryStorage.at(directory),
                        InstantSource.system());
        groups = new RecordGroup[IN_FLIGHT];
        for (int i = 0; i < IN_FLIGHT; i++) {
            groups[i] = new RecordGroup(groupRecords);
        }
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        journal.close();
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    /// Groups a second, three in flight; times the records of a group for records a second.
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OperationsPerInvocation(GROUPS_PER_CALL)
    public void groupsInARow() throws InterruptedException {
        var free = new Semaphore(IN_FLIGHT);
        var outcome = releasing(free);
        for (int i = 0; i < GROUPS_PER_CALL; i++) {
            free.acquire();
            // Groups are answered in order, so the one that is free is the oldest.
            journal.append(fill(groups[i % IN_FLIGHT]), outcome);
        }
        free.acquire(IN_FLIGHT);
    }

    /// From handing over a group to its acknowledgement, nothing else going on.
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public void oneGroup() throws InterruptedException {
        var free = new Semaphore(0);
        journal.append(fill(groups[0]), releasing(free));
        free.acquire();
    }

    private RecordGroup fill(RecordGroup group) {
        group.clear();
        int account = journal.accountRef("miner");
        int worker = journal.workerRef(account, "miner.rig", "PPLNS", 100);
        group.needs(Samples.job(1));
        while (!group.isFull()) {
            Samples.share(group, account, worker, 1, nonce++, nonce % 100);
        }
        return group;
    }

    private static GroupOutcome releasing(Semaphore free) {
        return new GroupOutcome() {
            @Override
            public void durable(RecordGroup group) {
                free.release();
            }

            @Override
            public void refused(RecordGroup group, JournalUnavailable why) {
                throw why;
            }
        };
    }
}
