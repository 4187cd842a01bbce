package adit.ledger.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// Walks the records of one segment file, believing nothing it has not checked.
///
/// **Owner:** one thread. **Invariant:** [#next] gives records whose checksum holds and whose sequence
/// follows the one before.
final class SegmentCursor implements Closeable {
    private static final int WINDOW_BYTES = 64 << 10;

    private final JournalSegment.Name name;
    private final JournalStorage.File file;
    private final JournalSegment header;
    private final int salt;
    private final CRC32C checksum = new CRC32C();

    private ByteBuffer window = newWindow(WINDOW_BYTES);
    private long windowStart;
    private long nextOffset = JournalSegment.HEADER_BYTES;
    private long nextSequence;
    private int record;
    private int length;
    private int crc;
    private String problem = "";

    private SegmentCursor(JournalStorage.File file, JournalSegment.Name name) throws IOException {
        this.name = name;
        this.file = file;
        load(0);
        this.header = JournalSegment.read(name, window.slice(0, window.limit()));
        this.salt = header.salt();
        this.nextSequence = header.firstSequence();
    }

    /// [JournalDamaged] if the header is not what the file's name says.
    static SegmentCursor open(JournalStorage storage, JournalSegment.Name name) throws IOException {
        var file = storage.openToRead(name.fileName());
        try {
            return new SegmentCursor(file, name);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /// Steps to the next record; false where there is none, and then [#problem] says why.
    boolean next() throws IOException {
        // What was read ahead may have been written since.
        if (!isRecordAt(nextOffset) && !isRereadAt(nextOffset)) {
            return false;
        }
        if (sequence() != nextSequence) {
            problem = "sequence %d where %d is due".formatted(sequence(), nextSequence);
            return false;
        }
        nextOffset += length;
        nextSequence++;
        return true;
    }

    JournalSegment header() {
        return header;
    }

    /// Of the record that [#next] would give.
    long nextOffset() {
        return nextOffset;
    }

    long nextSequence() {
        return nextSequence;
    }

    long sequence() {
        return window.getLong(record + RecordFormat.SEQUENCE);
    }

    long timeMicros() {
        return window.getLong(record + RecordFormat.TIME);
    }

    int type() {
        return window.get(record + RecordFormat.TYPE);
    }

    int commit() {
        return window.getInt(record + RecordFormat.COMMIT);
    }

    boolean endsCommit() {
        return (window.getShort(record + RecordFormat.FLAGS) & RecordFormat.END_OF_COMMIT) != 0;
    }

    /// Whether the record that [#next] gave last was the segment's last.
    boolean isAfterSeal() {
        return nextOffset > JournalSegment.HEADER_BYTES && type() == RecordFormat.SEAL;
    }

    int crc() {
        return crc;
    }

    JournalRecord decode() {
        try {
            return RecordFormat.decode(window.slice(record, length));
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new JournalDamaged(
                    name.fileName(),
                    nextOffset - length,
                    "a record this version cannot read (" + e.getMessage() + ")");
        }
    }

    String problem() {
        return problem;
    }

    JournalDamaged damage() {
        return new JournalDamaged(name.fileName(), nextOffset, problem);
    }

    /// Whether a whole record with a right checksum lies there, in or out of turn.
    boolean isRecordAt(long offset) throws IOException {
        int available = available(offset, RecordFormat.BODY);
        if (available < RecordFormat.BODY) {
            problem = available == 0 ? "the file ends" : "the file ends inside a record";
            return false;
        }
        int claimed = window.getInt((int) (offset - windowStart));
        if (claimed == 0) {
            problem = "no record";
            return false;
        }
        if (claimed < RecordFormat.BODY
                || claimed > RecordFormat.MAX_BYTES
                || claimed % RecordFormat.ALIGNMENT != 0) {
            problem = "record length " + claimed;
            return false;
        }
        if (available(offset, claimed) < claimed) {
            problem = "the file ends inside a record";
            return false;
        }
        record = (int) (offset - windowStart);
        length = claimed;
        int written = window.getInt(record + RecordFormat.CRC);
        crc = RecordFormat.crc(checksum, window, record, length, salt);
        window.putInt(record + RecordFormat.CRC, written);
        problem = "record checksum is wrong";
        return crc == written;
    }

    /// The same, not trusting what was read ahead.
    boolean isRereadAt(long offset) throws IOException {
        load(offset);
        return isRecordAt(offset);
    }

    /// Whether the rest of the file is as the zero-filling left it.
    boolean isZeroFrom(long offset) throws IOException {
        long at = offset;
        int available = available(at, 1);
        while (available > 0) {
            int start = (int) (at - windowStart);
            for (int i = start; i < window.limit(); i++) {
                if (window.get(i) != 0) {
                    return false;
                }
            }
            at = windowStart + window.limit();
            available = available(at, 1);
        }
        return true;
    }

    long fileBytes() throws IOException {
        return file.sizeBytes();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /// How many of the wanted bytes at that offset the window holds, after reading on if need be.
    private int available(long offset, int wanted) throws IOException {
        if (wanted > window.capacity()) {
            window = newWindow(RecordFormat.MAX_BYTES);
        }
        if (offset < windowStart || offset + wanted > windowStart + window.limit()) {
            load(offset);
        }
        return (int) Math.min(wanted, windowStart + window.limit() - offset);
    }

    private static ByteBuffer newWindow(int sizeBytes) {
        return ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    }

    private void load(long offset) throws IOException {
        window.clear();
        windowStart = offset;
        int read = 0;
        while (read >= 0 && window.hasRemaining()) {
            read = file.read(window, offset + window.position());
        }
        window.flip();
    }
}
