package adit.ledger.journal;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/// A found block on its way from an epoch that ended too early to the next one.
class CarriedBlockTest {

    private static final int SEGMENT = 1 << 14;
    private static final long JOB = 3L << 32 | 11;

    private final FaultyStorage storage = new FaultyStorage();

    @Test
    void isReadAsItWasWritten() {
        try (var journal = open()) {
            var carried = carried(journal);

            assertThat(CarriedBlock.of(carried.toBytes()))
                    .usingRecursiveComparison()
                    .isEqualTo(carried);
        }
    }

    @Test
    void isReadWholeOrRefused() {
        byte[] written;
        try (var journal = open()) {
            written = carried(journal).toBytes();
        }
        for (int length = 0; length < written.length; length++) {
            var cut = Arrays.copyOf(written, length);
            assertThatIllegalArgumentException().isThrownBy(() -> CarriedBlock.of(cut));
        }
        for (int at = 0; at < written.length; at++) {
            var changed = written.clone();
            changed[at] ^= 0x10;
            assertThatIllegalArgumentException().isThrownBy(() -> CarriedBlock.of(changed));
        }
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            var noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            assertThatIllegalArgumentException().isThrownBy(() -> CarriedBlock.of(noise));
        }
    }

    @Test
    void isTakenUpByTheNextEpochUnderNumbersOfItsOwn() throws Exception {
        CarriedBlock carried;
        try (var old = open()) {
            carried = carried(old);
        }
        try (var next = open();
                var reader = next.reader()) {
            next.accountRef("somebody else");
            var outcomes = new Outcomes();

            assertThat(next.takeUp(carried, outcomes)).isTrue();

            assertThat(outcomes.next().isDurable()).isTrue();
            var records = Journals.readAll(reader).reversed();
            var block = (JournalRecord.BlockFound) records.getFirst();
            var job = (JournalRecord.Job) records.get(3);
            var worker = (JournalRecord.Worker) records.get(1);
            var account = (JournalRecord.Account) records.get(2);
            assertThat(account.name()).isEqualTo("alice");
            assertThat(worker.name()).isEqualTo("rig");
            assertThat(worker.scheme()).isEqualTo("SOLO");
            assertThat(worker.feeBps()).isEqualTo(150);
            assertThat(worker.accountRef()).isEqualTo(account.accountRef()).isEqualTo(2);
            assertThat(block.accountRef()).isEqualTo(account.accountRef());
            assertThat(block.workerRef()).isEqualTo(worker.workerRef());
            assertThat(block.jobRef()).isEqualTo(job.jobRef()).isNegative();
            assertThat(block)
                    .usingRecursiveComparison()
                    .ignoringFields("sequence", "timeMicros", "jobRef", "accountRef", "workerRef")
                    .isEqualTo(carried.block());
            assertThat(job)
                    .usingRecursiveComparison()
                    .ignoringFields("sequence", "timeMicros", "jobRef")
                    .isEqualTo(carried.job());
        }
    }

    @Test
    void isLeftWhereItsEpochIsStillWritten() {
        var old = open();
        var carried = carried(old);
        assertThat(old.takeUp(carried, new Outcomes())).isFalse();
        old.leaveDirectory();
        try (var next = open()) {
            assertThat(next.takeUp(carried, new Outcomes())).isFalse();
            old.close();
            assertThat(next.takeUp(carried, new Outcomes())).isTrue();
        }
    }

    @Test
    void isRefusedWhereNamesHaveNoRoom() {
        CarriedBlock carried;
        try (var old = open()) {
            carried = carried(old);
        }
        try (var next = open()) {
            for (int i = 0; i < Samples.settings(SEGMENT).maxAccounts(); i++) {
                next.accountRef("somebody " + i);
            }
            assertThatIllegalStateException()
                    .isThrownBy(() -> next.takeUp(carried, new Outcomes()));
        }
    }

    private ShareJournal open() {
        return Journals.open(storage, SEGMENT);
    }

    private static CarriedBlock carried(ShareJournal journal) {
        int account = journal.accountRef("alice");
        int worker = journal.workerRef(account, "rig", "SOLO", 150);
        return journal.carry(Samples.job(JOB), Samples.block(account, worker, JOB));
    }
}
