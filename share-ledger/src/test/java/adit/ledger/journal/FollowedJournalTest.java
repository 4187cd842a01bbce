package adit.ledger.journal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// One process follows another in the same directory: both write for a while, each its own epoch.
class FollowedJournalTest {

    private static final int SEGMENT = 1 << 14;

    private final FaultyStorage storage = new FaultyStorage();

    @Test
    void isNotFollowedUnasked() {
        try (var old = open()) {
            assertThatThrownBy(this::open).hasMessageContaining("in use");
            assertThat(old.isWritable()).isTrue();
        }
    }

    @Test
    void goesOnWritingWhileAnotherBegins() throws Exception {
        try (var old = open()) {
            append(old, 1);
            old.leaveDirectory();
            try (var next = open()) {
                assertThat(next.epoch()).isEqualTo(old.epoch() + 1);
                for (int i = 0; i < 200; i++) {
                    append(old, 2 + i);
                    append(next, 1000 + i);
                }
            }
            append(old, 500);
        }
        try (var reader = JournalReader.offline(storage, 7)) {
            var nonces = Journals.nonces(Journals.readAll(reader));
            assertThat(nonces).hasSize(402).doesNotHaveDuplicates();
        }
    }

    @Test
    void isReadByEachOfBothUntilOneEnds() throws Exception {
        var old = open();
        append(old, 1);
        old.leaveDirectory();
        try (var next = open();
                var reader = next.reader();
                var oldReader = old.reader()) {
            append(next, 2);
            append(old, 3);
            assertThat(Journals.nonces(Journals.readAll(reader))).containsExactly(2);
            assertThat(Journals.nonces(Journals.readAll(oldReader))).containsExactly(1, 3);
            assertThat(reader.begun()).containsExactly(1, 2);
            assertThat(oldReader.begun()).containsExactly(1, 2);

            old.close();

            assertThat(Journals.nonces(Journals.readAll(reader))).containsExactly(1, 3, 2);
        }
    }

    @Test
    void isReadByTheOldOneWhereTheNewOneHasEnded() throws Exception {
        try (var old = open();
                var oldReader = old.reader()) {
            append(old, 1);
            old.leaveDirectory();
            try (var next = open()) {
                append(next, 2);
                assertThat(Journals.nonces(Journals.readAll(oldReader))).containsExactly(1);
            }
            append(old, 3);
            assertThat(Journals.nonces(Journals.readAll(oldReader))).containsExactly(1, 3, 2);
        }
    }

    @Test
    void putsTheEpochOfAKilledProcessInOrderWhenItIsRead() throws Exception {
        var old = open();
        append(old, 1);
        old.leaveDirectory();
        var next = open();
        append(next, 2);

        var found = storage.afterKill();
        try (var third = Journals.open(found, SEGMENT);
                var reader = third.reader()) {
            assertThat(third.epoch()).isEqualTo(next.epoch() + 1);
            assertThat(Journals.nonces(Journals.readAll(reader))).containsExactly(1, 2);
            assertThat(found.list()).noneMatch(file -> file.equals("7-1.lock"));
        }
        assertThat(found.list()).noneMatch(file -> file.matches("\\d.*\\.(lock|spare)"));
    }

    @Test
    void keepsTheFilesOfAnotherProcess() throws Exception {
        var old = open();
        append(old, 1);
        old.leaveDirectory();
        try (var next = open()) {
            var later = Samples.NOON.plus(Duration.ofDays(2));
            assertThat(next.deleteBefore(old.epoch(), 1000, later)).isZero();
            append(old, 2);
            old.close();
            assertThat(next.deleteBefore(old.epoch(), 1000, later)).isEqualTo(1);
        }
    }

    @Test
    void keepsTheFileItWritesWhereTheProcessThatFollowedIsGone() throws Exception {
        try (var old = open();
                var reader = old.reader()) {
            append(old, 1);
            old.leaveDirectory();
            open().close();
            old.takeDirectoryBack();

            var later = Samples.NOON.plus(Duration.ofDays(2));
            assertThat(old.deleteBefore(old.epoch(), 1000, later)).isZero();

            append(old, 2);
            assertThat(Journals.nonces(Journals.readAll(reader))).containsExactly(1, 2);
        }
    }

    /// The file of the process that was gone first lies behind it, and is days older.
    @Test
    void keepsTheLastFileOfAnEpochForItsOwnAge() throws Exception {
        var now = new AtomicReference<>(Samples.NOON);
        var old = Journals.open(storage, SEGMENT, now::get);
        old.leaveDirectory();
        Journals.open(storage, SEGMENT, now::get).close();
        old.takeDirectoryBack();
        now.set(Samples.NOON.plus(Duration.ofDays(9)));
        append(old, 1);
        old.close();

        try (var next = Journals.open(storage, SEGMENT, now::get)) {
            var day = Duration.ofDays(1);
            assertThat(next.deleteBefore(old.epoch(), 1000, now.get().minus(day))).isZero();
            assertThat(next.deleteBefore(old.epoch(), 1000, now.get().plus(day))).isEqualTo(1);
        }
    }

    @Test
    void beginsWhereTheOneItFollowsIsInTime() throws Exception {
        try (var old = Journals.open(storage, SEGMENT, () -> Samples.NOON.plusSeconds(600))) {
            append(old, 1);
            old.leaveDirectory();
            try (var next = open();
                    var reader = next.reader()) {
                assertThat(reader.read(next.epoch(), 1, 1).getFirst().timeMicros())
                        .isEqualTo(micros(Samples.NOON.plusSeconds(600)));
            }
        }
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    @Test
    void takesTheDirectoryBackFromWhoDied() {
        try (var old = open()) {
            old.leaveDirectory();
            open().close();
            old.takeDirectoryBack();
            assertThatThrownBy(this::open).hasMessageContaining("in use");
        }
    }

    @Test
    void doesNotTakeTheDirectoryBackFromWhoLives() {
        try (var old = open()) {
            old.leaveDirectory();
            try (var next = open()) {
                assertThatThrownBy(old::takeDirectoryBack).isInstanceOf(JournalUnavailable.class);
                assertThat(next.isWritable()).isTrue();
            }
        }
    }

    private ShareJournal open() {
        return Journals.open(storage, SEGMENT);
    }

    private static void append(ShareJournal journal, int nonce) throws Exception {
        Journals.append(journal, Samples.shares(journal, "alice", nonce, 1, 1));
    }
}
