package adit.server.channel;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.JournalSettings;
import adit.ledger.journal.JournalStorage;
import adit.ledger.journal.ShareClass;
import adit.ledger.journal.ShareJournal;

/// Opens small real journals and reads back what is in them.
public final class Journaled {

    private static final int SERVER_ID = 0xa1;

    private Journaled() {}

    public static ShareJournal open(JournalStorage storage) {
        return open(storage, 200_000);
    }

    static ShareJournal open(JournalStorage storage, int maxWorkers) {
        return ShareJournal.open(
                new JournalSettings(SERVER_ID, 256 * 1024, 0, 1_000, maxWorkers),
                storage,
                InstantSource.system());
    }

    /// Everything durable in the running epoch, in order.
    public static List<JournalRecord> records(ShareJournal journal) {
        var all = new ArrayList<JournalRecord>();
        try (var reader = journal.reader()) {
            var next = reader.read(journal.epoch(), 1, Integer.MAX_VALUE);
            while (!next.isEmpty()) {
                all.addAll(next);
                next = reader.read(journal.epoch(), all.size() + 1L, Integer.MAX_VALUE);
            }
        }
        return all;
    }

    public static List<JournalRecord.Share> shares(ShareJournal journal) {
        return records(journal).stream()
                .filter(JournalRecord.Share.class::isInstance)
                .map(JournalRecord.Share.class::cast)
                .toList();
    }

    /// The shares that earn something.
    public static List<JournalRecord.Share> credited(ShareJournal journal) {
        return shares(journal).stream()
                .filter(share -> share.shareClass() != ShareClass.STALE)
                .toList();
    }

    public static List<JournalRecord.BlockFound> blocks(ShareJournal journal) {
        return records(journal).stream()
                .filter(JournalRecord.BlockFound.class::isInstance)
                .map(JournalRecord.BlockFound.class::cast)
                .toList();
    }
}
