package adit.ledger.journal;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Deletes segments that nobody needs any more, oldest first.
record Retention(JournalStorage storage, int serverId) {

    /// Segments of the epoch wholly before `nextSequence` and sealed before that time. The last segment of
    /// all stays, whatever is asked: it carries the number of the epoch. So does the last of an epoch that is being
    /// written: another process may have begun one after it and be gone.
    int deleteBefore(int epoch, boolean isWritten, long nextSequence, Instant sealedBefore)
            throws IOException {
        var names =
                JournalSegment.Name.among(storage.list()).stream()
                        .filter(name -> name.serverId() == serverId)
                        .toList();
        long limitMicros = ChronoUnit.MICROS.between(Instant.EPOCH, sealedBefore);
        int deleted = 0;
        for (int i = 0; i + 1 < names.size(); i++) {
            var name = names.get(i);
            if (name.epoch() == epoch) {
                boolean isLast = names.get(i + 1).epoch() != epoch;
                if ((isLast && isWritten) || !isPassed(names, i, nextSequence, limitMicros)) {
                    break;
                }
                storage.delete(name.fileName());
                deleted++;
            }
        }
        if (deleted > 0) {
            storage.syncDirectory();
        }
        return deleted;
    }

    private boolean isPassed(
            List<JournalSegment.Name> names, int index, long nextSequence, long limitMicros)
            throws IOException {
        var name = names.get(index);
        var next = names.get(index + 1);
        if (next.epoch() == name.epoch()) {
            return next.firstSequence() <= nextSequence && createdMicros(next) < limitMicros;
        }
        // The next epoch may have begun long before this one's end: beside it.
        var scan = SegmentScan.of(storage, name, SegmentScan.Visitor.NONE);
        return scan.end() != SegmentScan.End.DAMAGED
                && scan.lastSequence() < nextSequence
                && scan.lastTimeMicros() < limitMicros;
    }

    private long createdMicros(JournalSegment.Name name) throws IOException {
        try (var cursor = SegmentCursor.open(storage, name)) {
            return cursor.header().createdMicros();
        }
    }
}
