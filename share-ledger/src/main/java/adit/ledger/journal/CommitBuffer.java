package adit.ledger.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// The records of the next commit, in the bytes that go to disk.
///
/// Gives every record its commit number, sequence and time as it comes in, and its checksum when the
/// commit is complete, because only then the last one is known.
///
/// **Owner:** `journal`. **Invariant:** sequences are dense, times do not decrease.
final class CommitBuffer {
    static final int CAPACITY_BYTES = 1 << 20;

    private final ByteBuffer bytes =
            ByteBuffer.allocateDirect(CAPACITY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private long lastSequence;
    private long timeMicros;
    private int commit = 1;
    private int records;
    private int lastCrc;

    /// The time of the records to come, never before that of those that came: clocks run backwards.
    void setTime(long micros) {
        timeMicros = Math.max(timeMicros, micros);
    }

    boolean hasRoomFor(int recordBytes) {
        return bytes.remaining() >= recordBytes;
    }

    void put(JournalRecord entry) {
        int start = bytes.position();
        RecordFormat.encode(entry, bytes);
        stamp(start);
    }

    void put(ByteBuffer source, int offset, int length) {
        int start = bytes.position();
        bytes.put(start, source, offset, length).position(start + length);
        stamp(start);
    }

    private void stamp(int start) {
        lastSequence++;
        records++;
        bytes.putInt(start + RecordFormat.COMMIT, commit);
        bytes.putLong(start + RecordFormat.SEQUENCE, lastSequence);
        bytes.putLong(start + RecordFormat.TIME, timeMicros);
    }

    /// Completes the commit: the bytes to write, their last record marked, all checksums in place.
    ByteBuffer complete(int salt) {
        bytes.flip();
        int start = 0;
        while (start < bytes.limit()) {
            int length = bytes.getInt(start + RecordFormat.LENGTH);
            if (start + length == bytes.limit()) {
                bytes.putShort(start + RecordFormat.FLAGS, (short) RecordFormat.END_OF_COMMIT);
            }
            lastCrc = RecordFormat.crc(crc, bytes, start, length, salt);
            bytes.putInt(start + RecordFormat.CRC, lastCrc);
            start += length;
        }
        return bytes;
    }

    /// Begins the next commit, the last one being durable.
    void clear() {
        bytes.clear();
        records = 0;
        commit++;
    }

    /// The number the next commit will have.
    int commit() {
        return commit;
    }

    boolean isEmpty() {
        return records == 0;
    }

    int records() {
        return records;
    }

    int sizeBytes() {
        return bytes.position();
    }

    long lastSequence() {
        return lastSequence;
    }

    long timeMicros() {
        return timeMicros;
    }

    /// Of the last record of the last completed commit.
    int lastCrc() {
        return lastCrc;
    }
}
