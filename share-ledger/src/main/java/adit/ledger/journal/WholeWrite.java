package adit.ledger.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Writes all of a buffer, however often the disk takes only a part.
final class WholeWrite {
    private WholeWrite() {}

    static int to(JournalStorage.File file, ByteBuffer source, long position) throws IOException {
        int size = source.remaining();
        long at = position;
        while (source.hasRemaining()) {
            int written = file.write(source, at);
            if (written <= 0) {
                throw new IOException("the disk takes no more bytes");
            }
            at += written;
        }
        return size;
    }
}
