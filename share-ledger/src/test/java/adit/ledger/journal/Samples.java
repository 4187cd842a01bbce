package adit.ledger.journal;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/// Records for tests, each recognisable by a number.
final class Samples {
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private Samples() {}

    static JournalSettings settings(int segmentBytes) {
        return new JournalSettings(7, segmentBytes, 0, 1000, 1000);
    }

    static byte[] bytes(int length, int fill) {
        var bytes = new byte[length];
        Arrays.fill(bytes, (byte) fill);
        return bytes;
    }

    static JournalRecord.Job job(long jobRef) {
        return new JournalRecord.Job(
                0,
                0,
                jobRef,
                840_000,
                bytes(32, 1),
                0x1703_4219,
                0x2000_0000,
                0x1fff_e000,
                1_700_000_000,
                312_500_000,
                320_000_001,
                bytes(61, 2),
                12,
                bytes(123, 3),
                List.of(bytes(32, 4), bytes(32, 5)));
    }

    static JournalRecord.BlockFound block(int accountRef, int workerRef, long jobRef) {
        return new JournalRecord.BlockFound(
                0,
                0,
                bytes(32, 9),
                840_000,
                jobRef,
                accountRef,
                workerRef,
                320_000_001,
                312_500_000,
                0x1703_4219,
                0);
    }

    /// Shares from `firstNonce` on, told apart by their nonces.
    static RecordGroup shares(
            ShareJournal journal, String account, int firstNonce, int count, long connection) {
        var group = new RecordGroup(Math.max(1, count));
        int accountRef = journal.accountRef(account);
        int workerRef = journal.workerRef(accountRef, account + ".rig", "PPLNS", 100);
        group.needs(job(11));
        for (int i = 0; i < count; i++) {
            share(group, accountRef, workerRef, 11, firstNonce + i, connection);
        }
        return group;
    }

    static void share(
            RecordGroup group, int account, int worker, long job, int nonce, long connection) {
        group.share(
                account,
                worker,
                job,
                1L << 40,
                1_700_000_100,
                nonce,
                0x2000_4000,
                17,
                ShareClass.ACCEPTED,
                bytes(12, 6),
                0,
                12,
                bytes(32, 7),
                connection);
    }
}
