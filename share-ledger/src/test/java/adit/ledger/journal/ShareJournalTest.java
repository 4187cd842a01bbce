package adit.ledger.journal;

import java.nio.file.Path;
import java.time.InstantSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ShareJournalTest {
    @TempDir Path directory;

    @Test
    void givesBackWhatItAcknowledged() throws Exception {
        var storage = DirectoryStorage.at(directory);
        var outcomes = new Outcomes();

        try (var journal = open(storage, 1 << 16)) {
            var group = Samples.shares(journal, "alice", 100, 3, 1);
            journal.append(group, outcomes);

            assertThat(outcomes.next().isDurable()).isTrue();
            assertThat(journal.recordsInFlight()).isZero();
            try (var reader = journal.reader()) {
                var records = reader.read(1, 1, 100);
                assertThat(records)
                        .extracting(r -> (Object) r.getClass().getSimpleName())
                        .containsExactly(
                                "Epoch", "Job", "Account", "Worker", "Share", "Share", "Share");
                assertThat(records).hasSize((int) journal.durableSequence());
            }
        }
    }

    private static ShareJournal open(JournalStorage storage, int segmentBytes) {
        return ShareJournal.open(
                Samples.settings(segmentBytes), storage, InstantSource.fixed(Samples.NOON));
    }
}
