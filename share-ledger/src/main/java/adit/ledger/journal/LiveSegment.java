package adit.ledger.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/// The segment that is written to.
///
/// **Owner:** `journal`. **Invariant:** after an [IOException] the file is not touched again.
final class LiveSegment {
    private final JournalSegment header;
    private final JournalStorage.File file;
    private final int salt;
    private long positionBytes = JournalSegment.HEADER_BYTES;

    private LiveSegment(JournalSegment header, JournalStorage.File file) {
        this.header = header;
        this.file = file;
        this.salt = header.salt();
    }

    /// Makes a segment of the spare file. It has its name, durably, before its first record is written.
    static LiveSegment begin(JournalStorage storage, SpareSegment spare, JournalSegment header)
            throws IOException {
        var file = spare.take();
        try {
            WholeWrite.to(file, header.encode(), 0);
            file.force();
            storage.rename(spare.fileName(), header.fileName());
            storage.syncDirectory();
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
        return new LiveSegment(header, file);
    }

    /// One write and one sync.
    void commit(ByteBuffer bytes) throws IOException {
        positionBytes += WholeWrite.to(file, bytes, positionBytes);
        file.force();
    }

    int salt() {
        return salt;
    }

    long positionBytes() {
        return positionBytes;
    }

    long firstSequence() {
        return header.firstSequence();
    }

    void close() throws IOException {
        file.close();
    }
}
