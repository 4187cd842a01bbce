package adit.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import adit.ledger.journal.DirectoryStorage;
import adit.ledger.journal.JournalReader;
import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.ShareClass;
import adit.ledger.journal.ShareSource;

/// A pool's journal, read as an auditor would: from the files alone.
final class RecordedShares {

    private static final int AT_ONCE = 10_000;

    private RecordedShares() {}

    /// How often each credited share stands in the journal.
    static Map<HashHalf, Integer> in(Path journal) {
        var counts = new HashMap<HashHalf, Integer>();
        for (var records : epochs(journal, 0).values()) {
            for (var record : records) {
                if (record instanceof JournalRecord.Share share
                        && share.shareClass() != ShareClass.STALE) {
                    counts.merge(new HashHalf(share.hashHalf()), 1, Integer::sum);
                }
            }
        }
        return counts;
    }

    /// All records of each epoch of a server, oldest first.
    static Map<Integer, List<JournalRecord>> epochs(Path journal, int serverId) {
        var epochs = new LinkedHashMap<Integer, List<JournalRecord>>();
        try (var reader = JournalReader.offline(DirectoryStorage.at(journal), serverId)) {
            for (var epoch : reader.epochs()) {
                epochs.put(epoch.epoch(), all(reader, epoch));
            }
        }
        return epochs;
    }

    private static List<JournalRecord> all(JournalReader reader, ShareSource.Extent epoch) {
        var all = new ArrayList<JournalRecord>();
        long next = epoch.firstSequence();
        var records = reader.read(epoch.epoch(), next, AT_ONCE);
        while (!records.isEmpty()) {
            all.addAll(records);
            next = records.getLast().sequence() + 1;
            records = reader.read(epoch.epoch(), next, AT_ONCE);
        }
        return all;
    }
}
