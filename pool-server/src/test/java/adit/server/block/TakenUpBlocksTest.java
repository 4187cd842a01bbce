package adit.server.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.DirectoryStorage;
import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.JournalTool;
import adit.ledger.journal.ShareJournal;
import adit.node.ChainFloor;
import adit.node.ChainParameters;
import adit.node.FakeNode;
import adit.node.FakeTemplateListener;
import adit.node.NodeSet;
import adit.node.NodeTimings;
import adit.pow.Hash;
import adit.server.channel.FoundBlocks;
import adit.server.channel.FoundBlocks.FoundBlock;
import adit.server.channel.Journaled;
import adit.server.channel.ShareAudit;
import adit.server.job.JobMaker;
import adit.server.job.SampleJobs;
import adit.server.metrics.EventLog;
import adit.server.metrics.LoggedLines;
import adit.server.metrics.PoolMetrics;

import static org.assertj.core.api.Assertions.assertThat;

/// A block that went out, and whose record was not in the journal when the pool ended, is booked by the next start.
final class TakenUpBlocksTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir private Path blocks;
    @TempDir private Path journals;
    private final LoggedLines logged = new LoggedLines();
    private FakeNode node;

    @BeforeEach
    void listen() throws IOException {
        node = new FakeNode();
        node.hang("submitblock");
    }

    @AfterEach
    void close() throws IOException {
        logged.close();
        node.close();
    }

    /// One run of a pool: its journal, its nodes and its desk.
    private final class Run implements AutoCloseable {
        final ShareJournal journal = Journaled.open(DirectoryStorage.at(journals));
        private final NodeSet nodes =
                new NodeSet(
                        ChainParameters.regtest(),
                        List.of(node.settings("hangs")),
                        NodeTimings.standard(),
                        new FakeTemplateListener(),
                        ChainFloor.NONE,
                        InstantSource.system());
        final BlockDesk desk =
                new BlockDesk(
                        List.of(blocks),
                        nodes,
                        journal,
                        new EventLog(),
                        new PoolMetrics(new SimpleMeterRegistry()));

        /// Finds a block and has it on disk, while the journal has not got its record.
        FoundBlocks.Taken find() {
            var taken = desk.found(block(journal));
            await(() -> files(".block").size() == 1);
            return taken;
        }

        @Override
        public void close() {
            desk.close();
            nodes.close();
            journal.close();
        }
    }

    @Test
    void keepsTheRecordUntilTheJournalHasIt() {
        try (var run = new Run()) {
            var taken = run.find();
            assertThat(files(".record")).hasSize(1);

            taken.recorded();

            await(() -> files(".record").isEmpty());
            assertThat(files(".block")).hasSize(1);
        }
    }

    @Test
    void isBookedByTheNextStartUnderTheSameNamesAndTerms() {
        FoundBlock found;
        try (var run = new Run()) {
            run.find();
            found = block(run.journal);
        }
        try (var next = new Run()) {
            next.desk.start();

            await(() -> files(".record").isEmpty());
            var records = Journaled.records(next.journal);
            assertThat(records)
                    .extracting(record -> record.getClass().getSimpleName())
                    .containsExactly("Epoch", "Job", "Account", "Worker", "BlockFound");
            assertThat(records)
                    .filteredOn(JournalRecord.Worker.class::isInstance)
                    .first()
                    .usingRecursiveComparison()
                    .ignoringFields("sequence", "timeMicros")
                    .isEqualTo(new JournalRecord.Worker(0, 0, 1, 1, "rig", "SOLO", 150));
            assertThat(Journaled.blocks(next.journal))
                    .singleElement()
                    .usingRecursiveComparison()
                    .ignoringFields("sequence", "timeMicros", "jobRef")
                    .isEqualTo(found.record());
            assertThat(told("is in the journal now")).isEqualTo(1);
        }
        var verified = new JournalTool(DirectoryStorage.at(journals)).verify(new ShareAudit());
        assertThat(verified.damage()).isEmpty();
    }

    @Test
    void isLeftToTheProcessThatStillWritesItsEpoch() {
        var old = new Run();
        old.find();
        old.journal.leaveDirectory();
        try (var next = new Run()) {
            next.desk.start();
            assertThat(files(".record")).hasSize(1);

            // As the other process does, which says that it goes before all of it has gone.
            next.desk.start();
            old.close();

            await(() -> files(".record").isEmpty());
            assertThat(Journaled.blocks(next.journal)).hasSize(1);
        }
    }

    @Test
    void doesNotStopAStartWhereTheRecordIsDamaged() throws Exception {
        try (var run = new Run()) {
            run.find();
        }
        var record = blocks.resolve("pending").resolve(files(".record").getFirst());
        var bytes = Files.readAllBytes(record);
        bytes[bytes.length / 2] ^= 1;
        Files.write(record, bytes);

        try (var next = new Run()) {
            next.desk.start();

            assertThat(told("may be missing from the journal")).isEqualTo(1);
            assertThat(files(".record")).hasSize(1);
            assertThat(Journaled.blocks(next.journal)).isEmpty();
        }
    }

    @Test
    void doesNotStopAStartForFilesThatAreNotItsOwnOrCannotBeRead() throws Exception {
        try (var run = new Run()) {
            run.find();
        }
        var pending = blocks.resolve("pending");
        Files.writeString(pending.resolve("note.record"), "");
        Files.writeString(pending.resolve("note.block"), "");
        Files.createDirectory(pending.resolve("7-" + "ab".repeat(32) + ".record"));

        try (var next = new Run()) {
            next.desk.start();

            await(() -> !Journaled.blocks(next.journal).isEmpty());
            assertThat(told("may be missing from the journal")).isEqualTo(1);
        }
    }

    private static FoundBlock block(ShareJournal journal) {
        var job = SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.HARD);
        int account = journal.accountRef("miner");
        return new FoundBlock(
                job,
                Hash.ofContent(new byte[] {1}),
                new byte[JobMaker.EXTRANONCE_BYTES],
                0,
                job.ntime(),
                1,
                "miner.rig",
                account,
                journal.workerRef(account, "rig", "SOLO", 150));
    }

    private List<String> files(String suffix) {
        try (var files = Files.list(blocks.resolve("pending"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private long told(String words) {
        return logged.count(words);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
