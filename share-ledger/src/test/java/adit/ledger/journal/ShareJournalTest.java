package adit.ledger.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ShareJournalTest {
    private static final int SEGMENT_BYTES = 1 << 16;

    @TempDir Path directory;

    @Test
    void givesBackWhatItAcknowledged() throws Exception {
        var storage = DirectoryStorage.at(directory);

        try (var journal = Journals.open(storage, SEGMENT_BYTES);
                var reader = journal.reader()) {
            journal.tip(Samples.bytes(32, 8), 840_000, 0x17034219);
            Journals.append(journal, Samples.shares(journal, "alice", 100, 3, 1));

            assertThat(journal.recordsInFlight()).isZero();
            assertThat(kinds(reader))
                    .containsExactly(
                            "Epoch", "Tip", "Job", "Account", "Worker", "Share", "Share", "Share");
            assertThat(journal.durableSequence()).isEqualTo(8);
            assertThat(reader.epochs())
                    .containsExactly(new ShareSource.Extent(1, 1, 8, true, false));
        }
    }

    @Test
    void writesABlockBehindItsShare() throws Exception {
        var storage = DirectoryStorage.at(directory);

        try (var journal = Journals.open(storage, SEGMENT_BYTES);
                var reader = journal.reader()) {
            var group = Samples.shares(journal, "alice", 1, 1, 1);
            group.blockFound(Samples.block(1, 1, 11));
            Journals.append(journal, group);

            assertThat(kinds(reader)).endsWith("Share", "BlockFound");
        }
    }

    @Test
    void answersAnEmptyGroupInItsTurn() throws Exception {
        var storage = new FaultyStorage();
        try (var journal = Journals.open(storage, SEGMENT_BYTES)) {
            var outcomes = new Outcomes();
            var some = Samples.shares(journal, "alice", 1, 2, 1);
            var none = new RecordGroup(1);
            journal.append(some, outcomes);
            journal.append(none, outcomes);

            assertThat(outcomes.next().group()).isSameAs(some);
            assertThat(outcomes.next()).isEqualTo(new Outcomes.Told(none, ""));
        }
    }

    @Test
    void declaresEachReferenceOnceASegment() throws Exception {
        var storage = new FaultyStorage();

        try (var journal = Journals.open(storage, 2048)) {
            for (int i = 0; i < 10; i++) {
                Journals.append(journal, Samples.shares(journal, "alice", i * 3, 3, 1));
            }
        }

        var segments = JournalSegment.Name.among(storage.list());
        assertThat(segments).hasSizeGreaterThan(2);
        for (var name : segments) {
            var kinds = new ArrayList<Integer>();
            SegmentScan.of(storage, name, cursor -> kinds.add(cursor.type()));
            assertThat(kinds).containsOnlyOnce((int) RecordFormat.JOB);
            assertThat(kinds).containsOnlyOnce((int) RecordFormat.ACCOUNT);
            assertThat(kinds).containsOnlyOnce((int) RecordFormat.WORKER);
        }
    }

    @Test
    void showsReadersNothingThatIsNotDurable() throws Exception {
        var storage = new FaultyStorage();
        var reached = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        try (var journal = Journals.open(storage, SEGMENT_BYTES);
                var reader = journal.reader()) {
            storage.beforeForce(() -> {
                reached.countDown();
                await(released);
            });
            var outcomes = new Outcomes();
            journal.append(Samples.shares(journal, "alice", 1, 5, 1), outcomes);
            await(reached);

            assertThat(kinds(reader)).containsExactly("Epoch");
            assertThat(reader.read(1, 2, 10)).isEmpty();
            assertThat(journal.recordsInFlight()).isEqualTo(5);
            assertThat(outcomes.all()).isEmpty();

            released.countDown();
            assertThat(outcomes.next().isDurable()).isTrue();
            assertThat(reader.read(1, 2, 100)).hasSize(8);
        }
    }

    @Test
    void endsAnEpochWithACleanStopAndBeginsAnother() throws Exception {
        var storage = DirectoryStorage.at(directory);
        try (var journal = Journals.open(storage, SEGMENT_BYTES)) {
            Journals.append(journal, Samples.shares(journal, "alice", 1, 2, 1));
        }

        try (var journal = Journals.open(storage, SEGMENT_BYTES);
                var reader = journal.reader()) {
            assertThat(journal.epoch()).isEqualTo(2);
            assertThat(journal.node()).isEqualTo(Journals.NODE);
            assertThat(journal.recovery().cleanStop()).isTrue();
            assertThat(kinds(reader)).endsWith("Share", "Share", "CleanStop", "Epoch");
            assertThat(Files.size(directory.resolve("7-1-1.jnl"))).isLessThan(2048);
        }
    }

    @Test
    void declaresACoinbaseBehindItsJobInEverySegment() throws Exception {
        var storage = new FaultyStorage();
        var other = new JournalRecord.Coinbase(0, 0, 1L << 32 | 11, 11, Samples.bytes(150, 4));

        try (var journal = Journals.open(storage, 2048)) {
            for (int i = 0; i < 10; i++) {
                var group = Samples.shares(journal, "alice", i * 3, 2, 1);
                group.needs(other);
                Samples.share(group, 1, 1, other.jobRef(), i * 3 + 2, 1);
                Journals.append(journal, group);
            }
        }

        var segments = JournalSegment.Name.among(storage.list());
        assertThat(segments).hasSizeGreaterThan(2);
        for (var name : segments) {
            var kinds = new ArrayList<Integer>();
            SegmentScan.of(storage, name, cursor -> kinds.add(cursor.type()));
            assertThat(kinds)
                    .containsOnlyOnce((int) RecordFormat.COINBASE)
                    .containsSubsequence((int) RecordFormat.JOB, (int) RecordFormat.COINBASE);
        }
        var rehashed = new ArrayList<String>();
        var report =
                new JournalTool(storage)
                        .verify((share, job) -> {
                            rehashed.add(
                                    share.nonce() % 3 == 2
                                            ? "other " + (job.coinbaseSuffix()[0] == 4)
                                            : "own " + (job.coinbaseSuffix()[0] == 3));
                            return job.branch().size() == 2;
                        });
        assertThat(report.damage()).isEmpty();
        assertThat(rehashed).hasSize(30).containsOnly("own true", "other true");
    }

    @Test
    void reportsACoinbaseWithoutItsJob() throws Exception {
        var storage = new FaultyStorage();
        try (var journal = Journals.open(storage, SEGMENT_BYTES)) {
            var group = Samples.shares(journal, "alice", 1, 1, 1);
            group.needs(new JournalRecord.Coinbase(0, 0, 77, 12, Samples.bytes(150, 4)));
            Journals.append(journal, group);
        }
        assertThat(new JournalTool(storage).verify(ShareRehash.NONE).damage())
                .singleElement()
                .asString()
                .contains("names an unknown job");
    }

    @Test
    void neverStampsATimeBeforeTheLast() throws Exception {
        var storage = new FaultyStorage();
        var hour = new AtomicLong();
        InstantSource backwards =
                () -> Samples.NOON.minus(Duration.ofHours(hour.getAndIncrement()));

        try (var journal = Journals.open(storage, SEGMENT_BYTES, backwards)) {
            for (int i = 0; i < 5; i++) {
                Journals.append(journal, Samples.shares(journal, "alice", i, 1, 1));
            }
        }

        assertThat(hour.get()).isGreaterThan(5);
        assertThat(new JournalTool(storage).verify(ShareRehash.NONE).damage()).isEmpty();
    }

    @Test
    void refusesEverythingAfterTheDiskFailed() throws Exception {
        var storage = new FaultyStorage();
        try (var journal = Journals.open(storage, SEGMENT_BYTES)) {
            storage.failing(FaultyStorage.Fault.ENOSPC, 1);
            var outcomes = new Outcomes();
            journal.append(Samples.shares(journal, "alice", 1, 2, 1), outcomes);
            assertThat(outcomes.next().refusal()).isEqualTo("DISK_FULL");

            journal.append(Samples.shares(journal, "alice", 3, 2, 1), outcomes);
            assertThat(outcomes.next().refusal()).isEqualTo("DISK_FULL");
            assertThat(journal.isWritable()).isFalse();
            assertThat(journal.failure())
                    .hasValueSatisfying(why -> assertThat(why).hasMessageContaining("space"));
            assertThat(journal.recordsInFlight()).isZero();
            assertThat(storage.calls()).as("the file is left alone").isEqualTo(1);
        }
    }

    @Test
    void refusesWhenTheDiskIsNearlyFull() throws Exception {
        var storage = new FaultyStorage();
        var nanos = new AtomicLong();
        var seams =
                new JournalSeams(
                        InstantSource.fixed(Samples.NOON),
                        nanos::get,
                        () -> Journals.NODE,
                        Runnable::run,
                        CommitObserver.NONE);
        var settings = new JournalSettings(7, SEGMENT_BYTES, 1000, 10, 10);
        try (var journal = ShareJournal.open(settings, storage, seams)) {
            storage.setFreeBytes(999);
            Journals.append(journal, Samples.shares(journal, "alice", 1, 1, 1));
            nanos.set(TimeUnit.SECONDS.toNanos(2));
            var outcomes = new Outcomes();
            journal.append(Samples.shares(journal, "alice", 2, 1, 1), outcomes);

            assertThat(outcomes.next().refusal()).isEqualTo("LOW_SPACE");
        }
        assertThatThrownBy(() -> ShareJournal.open(settings, storage, seams))
                .isInstanceOf(JournalUnavailable.class)
                .hasMessage(
                        "memory has 999 bytes free, less than the 1000 to be left alone; free some, or lower the limit");
    }

    @Test
    void refusesAfterTheClose() throws Exception {
        var journal = Journals.open(new FaultyStorage(), SEGMENT_BYTES);
        var group = Samples.shares(journal, "alice", 1, 1, 1);
        journal.close();
        var outcomes = new Outcomes();

        journal.append(group, outcomes);

        assertThat(outcomes.next().refusal()).isEqualTo("CLOSED");
        assertThat(journal.isWritable()).isFalse();
    }

    @Test
    void stopsWhenAnOutcomeThrowsAndAnswersTheOthers() throws Exception {
        try (var journal = Journals.open(new FaultyStorage(), SEGMENT_BYTES)) {
            journal.append(
                    Samples.shares(journal, "alice", 1, 1, 1),
                    new GroupOutcome() {
                        @Override
                        public void durable(RecordGroup group) {
                            throw new IllegalStateException("planted");
                        }

                        @Override
                        public void refused(RecordGroup group, JournalUnavailable why) {}
                    });
            var outcomes = new Outcomes();
            journal.append(Samples.shares(journal, "alice", 2, 1, 1), outcomes);

            assertThat(outcomes.next().refusal()).isEqualTo("BROKEN");
        }
    }

    @Test
    void handsOutReferencesUpToTheirLimit() {
        var settings = new JournalSettings(7, SEGMENT_BYTES, 0, 2, 2);
        try (var journal =
                ShareJournal.open(
                        settings,
                        new FaultyStorage(),
                        Journals.seams(InstantSource.fixed(Samples.NOON)))) {
            assertThat(journal.accountRef("a")).isEqualTo(1);
            assertThat(journal.accountRef("b")).isEqualTo(2);
            assertThat(journal.accountRef("a")).isEqualTo(1);
            assertThat(journal.accountRef("c")).isEqualTo(-1);
            assertThat(journal.workerRef(1, "rig", "PPLNS", 100)).isEqualTo(1);
            assertThat(journal.workerRef(1, "rig", "PPLNS", 200)).isEqualTo(2);
            assertThat(journal.workerRef(2, "rig", "PPLNS", 100)).isEqualTo(-1);
            assertThat(journal.workerRef(1, "rig", "PPLNS", 100)).isEqualTo(1);
        }
    }

    @Test
    void refusesAGroupWhoseJobWasNotNamed() {
        var group = new RecordGroup(4);
        group.needs(Samples.job(1));

        assertThatThrownBy(() -> Samples.share(group, 1, 1, 2, 0, 1))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void takesAGroupLargerThanASegment() throws Exception {
        var storage = new FaultyStorage();
        try (var journal = Journals.open(storage, 4096);
                var reader = journal.reader()) {
            Journals.append(journal, Samples.shares(journal, "alice", 0, 20_000, 1));
            Journals.append(journal, Samples.shares(journal, "alice", 20_000, 1, 1));

            assertThat(Journals.nonces(Journals.readAll(reader))).hasSize(20_001).isSorted();
        }
        assertThat(new JournalTool(storage).verify(ShareRehash.NONE).damage()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"600, 600", "3600, 3600", "3601, 0"})
    void beginsNoEarlierThanItEndedWhereTheClockWasSetBack(long ahead, long begins)
            throws Exception {
        var storage = new FaultyStorage();
        try (var journal = Journals.open(storage, 2048, () -> Samples.NOON.plusSeconds(ahead))) {
            Journals.append(journal, Samples.shares(journal, "alice", 1, 1, 1));
        }
        try (var journal = Journals.open(storage, 2048);
                var reader = journal.reader()) {
            var first = reader.read(journal.epoch(), 1, 1).getFirst();
            assertThat(first.timeMicros())
                    .isEqualTo(
                            ChronoUnit.MICROS.between(
                                    Instant.EPOCH, Samples.NOON.plusSeconds(begins)));
        }
    }

    @Test
    void deletesOnlyOldSegmentsThatTheProjectorHasPassed() throws Exception {
        var storage = new FaultyStorage();
        var now = new AtomicLong();
        InstantSource clock = () -> Samples.NOON.plusSeconds(now.getAndIncrement());
        try (var journal = Journals.open(storage, 2048, clock)) {
            for (int i = 0; i < 20; i++) {
                Journals.append(journal, Samples.shares(journal, "alice", i * 3, 3, 1));
            }
        }
        try (var journal = Journals.open(storage, 2048, clock);
                var reader = journal.reader()) {
            var first = JournalSegment.Name.among(storage.list());
            var later = Samples.NOON.plusSeconds(1000);
            long third = first.get(2).firstSequence();

            assertThat(journal.deleteBefore(1, third, Samples.NOON)).isZero();
            assertThat(journal.deleteBefore(1, third - 1, later)).isEqualTo(1);
            assertThat(journal.deleteBefore(1, third, later)).isEqualTo(1);
            assertThat(reader.epochs().getFirst().firstSequence()).isEqualTo(third);
            assertThat(new JournalTool(storage).verify(ShareRehash.NONE).damage()).isEmpty();
            assertThatThrownBy(() -> reader.read(1, 1, 10)).isInstanceOf(JournalDamaged.class);

            assertThat(journal.deleteBefore(1, Long.MAX_VALUE, later)).isPositive();
            assertThat(journal.deleteBefore(2, Long.MAX_VALUE, later)).isZero();
            assertThat(reader.epochs()).extracting(ShareSource.Extent::epoch).containsExactly(2);
        }
    }

    @Test
    void exportsALineARecord() throws Exception {
        var storage = new FaultyStorage();
        try (var journal = Journals.open(storage, SEGMENT_BYTES)) {
            Journals.append(journal, Samples.shares(journal, "a\"b", 1, 2, 1));
        }
        var out = new StringBuilder();

        long records = new JournalTool(storage).export(out);

        assertThat(out.toString().lines()).hasSize((int) records).hasSize(7);
        assertThat(out)
                .contains("{\"type\":\"ACCOUNT\",\"server\":7,\"epoch\":1,\"sequence\":3,")
                .contains("\"name\":\"a\\\"b\"}")
                .contains("\"nonce\":2,")
                .contains("\"difficultyUnits\":1099511627776,");
        var description = new StringBuilder();
        new JournalTool(storage).describe(description);
        assertThat(description).startsWith("7-1-1.jnl  7 records").contains("clean stop");
    }

    private static Iterable<String> kinds(JournalReader reader) {
        return Journals.readAll(reader).stream().map(r -> r.getClass().getSimpleName()).toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
