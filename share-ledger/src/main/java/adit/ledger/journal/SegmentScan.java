package adit.ledger.journal;

import java.io.IOException;

/// How one segment file ends, found by reading all of it.
///
/// Telling a torn write from damage: commit *n + 1* is written only after commit *n* is synced. So if
/// the first bad record belongs to commit *c* and any whole record of a later commit lies behind it, the
/// bad one was synced once, and lost since: damage. If none does, it was the last write, never
/// acknowledged, and torn: pages of one write reach the disk in any order.
///
/// @param endBytes where the last good record ends
/// @param lastSequence of the last good record, or the one before the segment's first
record SegmentScan(
        JournalSegment header,
        End end,
        long endBytes,
        long lastSequence,
        long lastTimeMicros,
        int lastCrc,
        String problem) {

    enum End {
        /// The next segment follows.
        SEALED,
        /// CLEAN_STOP.
        STOPPED,
        /// Whole records, then nothing: the process ended without a word.
        OPEN,
        /// Remains of a write that was never acknowledged.
        TORN,
        /// Synced bytes have changed.
        DAMAGED
    }

    /// Sees every good record, in order, while the cursor stands on it.
    interface Visitor {
        Visitor NONE = cursor -> {};

        void visit(SegmentCursor cursor);
    }

    static SegmentScan of(JournalStorage storage, JournalSegment.Name name, Visitor visitor)
            throws IOException {
        try (var cursor = SegmentCursor.open(storage, name)) {
            int type = 0;
            int crc = cursor.header().previousCrc();
            int writable = cursor.header().firstCommit();
            long time = 0;
            while (type != RecordFormat.SEAL && type != RecordFormat.CLEAN_STOP && cursor.next()) {
                type = cursor.type();
                crc = cursor.crc();
                time = cursor.timeMicros();
                writable = cursor.commit() + (cursor.endsCommit() ? 1 : 0);
                visitor.visit(cursor);
            }
            return new SegmentScan(
                    cursor.header(),
                    end(cursor, type, writable),
                    cursor.nextOffset(),
                    cursor.nextSequence() - 1,
                    time,
                    crc,
                    cursor.problem());
        }
    }

    JournalDamaged damage() {
        return new JournalDamaged(header.fileName(), endBytes, problem);
    }

    /// @param writable the last commit that may have been written when the good records were all
    private static End end(SegmentCursor cursor, int lastType, int writable) throws IOException {
        boolean zero = cursor.isZeroFrom(cursor.nextOffset());
        if (lastType == RecordFormat.SEAL) {
            return zero ? End.SEALED : End.DAMAGED;
        }
        if (lastType == RecordFormat.CLEAN_STOP) {
            return zero ? End.STOPPED : End.DAMAGED;
        }
        if (zero) {
            return End.OPEN;
        }
        long fileBytes = cursor.fileBytes();
        for (long at = cursor.nextOffset(); at < fileBytes; at += RecordFormat.ALIGNMENT) {
            if (cursor.isRecordAt(at)
                    && cursor.sequence() >= cursor.nextSequence()
                    && cursor.commit() > writable) {
                return End.DAMAGED;
            }
        }
        return End.TORN;
    }
}
