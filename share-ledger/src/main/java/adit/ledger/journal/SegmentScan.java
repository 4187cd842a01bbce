package adit.ledger.journal;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/// How one segment file ends, found by reading all of it.
///
/// Telling a torn write from damage: commit *n + 1* is written only after commit *n* is synced. So if
/// the first bad record belongs to commit *c* and any whole record of a later commit lies behind it, the
/// bad one was synced once, and lost since: damage. If none does, it was the last write, never
/// acknowledged, and torn: pages of one write reach the disk in any order.
///
/// @param endBytes where the last good record ends
/// @param lastSequence of the last good record, or the one before the segment's first
/// @param header absent if damaged itself
record SegmentScan(
        JournalSegment.Name name,
        @Nullable JournalSegment header,
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

        void visit(SegmentCursor cursor) throws IOException;
    }

    static SegmentScan of(JournalStorage storage, JournalSegment.Name name, Visitor visitor)
            throws IOException {
        SegmentCursor cursor;
        try {
            cursor = SegmentCursor.open(storage, name);
        } catch (JournalDamaged e) {
            return new SegmentScan(
                    name, null, End.DAMAGED, e.offset(), name.firstSequence() - 1, 0, 0, e.what());
        }
        try (cursor) {
            return of(cursor, name, visitor);
        }
    }

    private static SegmentScan of(SegmentCursor cursor, JournalSegment.Name name, Visitor visitor)
            throws IOException {
        int type = 0;
        int crc = cursor.header().previousCrc();
        int writable = cursor.header().firstCommit();
        long time = 0;
        while (!isLast(type) && cursor.next()) {
            type = cursor.type();
            crc = cursor.crc();
            time = cursor.timeMicros();
            writable = cursor.commit() + (cursor.endsCommit() ? 1 : 0);
            visitor.visit(cursor);
        }
        var problem = isLast(type) ? "bytes behind the last record" : cursor.problem();
        return new SegmentScan(
                name,
                cursor.header(),
                end(cursor, type, writable),
                cursor.nextOffset(),
                cursor.nextSequence() - 1,
                time,
                crc,
                problem);
    }

    private static boolean isLast(int type) {
        return type == RecordFormat.SEAL || type == RecordFormat.CLEAN_STOP;
    }

    JournalDamaged damage() {
        return new JournalDamaged(name.fileName(), endBytes, problem);
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
        boolean later = isLaterCommitBehind(cursor, writable);
        if (cursor.isRereadAt(cursor.nextOffset())) {
            // It has become whole meanwhile: another process is writing this file.
            return End.OPEN;
        }
        return later ? End.DAMAGED : End.TORN;
    }

    private static boolean isLaterCommitBehind(SegmentCursor cursor, int writable)
            throws IOException {
        long fileBytes = cursor.fileBytes();
        for (long at = cursor.nextOffset(); at < fileBytes; at += RecordFormat.ALIGNMENT) {
            if (cursor.isRecordAt(at)
                    && cursor.sequence() >= cursor.nextSequence()
                    && cursor.commit() > writable) {
                return true;
            }
        }
        return false;
    }
}
