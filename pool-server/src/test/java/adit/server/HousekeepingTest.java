package adit.server;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.DirectoryStorage;
import adit.ledger.journal.JournalSettings;
import adit.ledger.journal.ShareJournal;
import adit.ledger.postgres.ShareProjector;
import adit.ledger.postgres.TestDatabase;
import adit.server.config.ConfigFile;
import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;

import static org.assertj.core.api.Assertions.assertThat;

/// A journal of two full epochs and a third that is open.
final class HousekeepingTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration RETENTION = Duration.ofHours(24);
    private static final int SEGMENT = 1 << 20;
    private static final int SMALL_SEGMENT = 2048;

    @TempDir private Path directory;
    private final TestDatabase database = TestDatabase.create();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void forgetsFilesOfTheJournalThatAreStoredAndOldEnough() throws Exception {
        writeEpoch();
        writeEpoch();
        try (var journal = open()) {
            assertThat(segments()).isEqualTo(3);

            tidy(journal, NOON.plus(RETENTION).plusSeconds(1));
            assertThat(segments()).as("nothing is in the database yet").isEqualTo(3);

            project(journal);
            tidy(journal, NOON.plus(RETENTION).minusSeconds(1));
            assertThat(segments()).as("the retention is not over").isEqualTo(3);

            tidy(journal, NOON.plus(RETENTION).plusSeconds(1));
            assertThat(segments()).isEqualTo(1);
        }
    }

    @Test
    void keepsTheJournalOfADirectoryTheDatabaseDoesNotKnow() throws Exception {
        writeEpoch();
        try (var journal = open()) {
            project(journal);
            try (var connection = database.dataSource().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("UPDATE pool.server SET node = gen_random_uuid()");
            }

            tidy(journal, NOON.plus(RETENTION).plusSeconds(1));
            assertThat(segments()).isEqualTo(2);
        }
    }

    @Test
    void goesOnBehindAFileThatCannotBeRead() throws Exception {
        writeEpoch(20, SMALL_SEGMENT);
        writeEpoch();
        try (var journal = open()) {
            project(journal);
            long all = segments();
            assertThat(segments("1-1-")).hasSizeGreaterThan(1);
            try (var file = new RandomAccessFile(segments("1-1-").get(1).toFile(), "rw")) {
                file.write(new byte[64]);
            }

            tidy(journal, NOON.plus(RETENTION).plusSeconds(1));

            assertThat(segments()).as("the last of the next epoch has gone").isEqualTo(all - 1);
        }
    }

    private void tidy(ShareJournal journal, Instant now) throws IOException {
        try (var housekeeping =
                new Housekeeping(
                        config(),
                        database.dataSource(),
                        journal,
                        () -> true,
                        new EventLog(),
                        InstantSource.fixed(now))) {
            housekeeping.tidy();
        }
    }

    private void project(ShareJournal journal) {
        try (var reader = journal.reader()) {
            var projector = new ShareProjector(database.dataSource(), reader, 100, _ -> {});
            while (projector.runOnce() > 0) {
                assertThat(projector.status().trouble()).isEmpty();
            }
        }
    }

    private void writeEpoch() throws InterruptedException {
        writeEpoch(1, SEGMENT);
    }

    private void writeEpoch(int groups, int segmentBytes) throws InterruptedException {
        try (var journal = open(segmentBytes)) {
            for (int i = 0; i < groups; i++) {
                append(journal);
            }
        }
    }

    private void append(ShareJournal journal) throws InterruptedException {
        int account = journal.accountRef("miner");
        int worker = journal.workerRef(account, "rig", "SOLO", 100);
        OneShare.append(journal, OneShare.of(account, worker, new byte[32], 1));
    }

    private ShareJournal open() {
        return open(SEGMENT);
    }

    private ShareJournal open(int segmentBytes) {
        return ShareJournal.open(
                new JournalSettings(1, segmentBytes, 0, 100, 100),
                DirectoryStorage.at(directory.resolve("journal")),
                InstantSource.fixed(NOON));
    }

    private long segments() throws IOException {
        return segments("1-").size();
    }

    /// Of a server or an epoch, in order.
    private List<Path> segments(String prefix) throws IOException {
        try (var files = Files.list(directory.resolve("journal"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .filter(file -> file.toString().endsWith(".jnl"))
                    .sorted(Comparator.comparingLong(HousekeepingTest::firstSequence))
                    .toList();
        }
    }

    private static long firstSequence(Path segment) {
        return Long.parseLong(
                segment.getFileName().toString().replaceFirst(".*-(\\d+)\\.jnl", "$1"));
    }

    private PoolConfig config() throws IOException {
        var text =
                """
                [pool]
                network = "regtest"
                payout-address = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
                [[listener]]
                name = "miners"
                port = 3333
                [journal]
                retention-hours = 24
                [database]
                url = "jdbc:postgresql://127.0.0.1:1/adit"
                user = "adit"
                [[node]]
                name = "none"
                url = "http://127.0.0.1:1"
                cookie-file = "none"
                """;
        return ConfigFile.read(Files.writeString(directory.resolve("pool.toml"), text), Map.of());
    }
}
