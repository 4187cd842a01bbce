package adit.ledger.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// One directory on one disk.
///
/// **Seam:** [DirectoryStorage] in production; `FaultyStorage` in tests fails and crashes on order.
/// Names are plain file names. Safe for use by several threads, each with its own files.
public interface JournalStorage {
    List<String> list() throws IOException;

    /// A new empty file, open for writing; a file of that name is replaced.
    File create(String name) throws IOException;

    File openToRead(String name) throws IOException;

    File openToWrite(String name) throws IOException;

    /// Replaces `to` if it exists.
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /// Makes creations, renames and deletions durable.
    void syncDirectory() throws IOException;

    long freeBytes() throws IOException;

    /// Held until closed, by one process and one holder in it; [JournalUnavailable] if another has it.
    Closeable lock(String name) throws IOException;

    /// For messages only.
    String describe();

    /// An open file. Reads and writes may be short; a read at the end answers −1.
    interface File extends Closeable {
        int read(ByteBuffer target, long position) throws IOException;

        int write(ByteBuffer source, long position) throws IOException;

        /// Data is on stable storage when this returns.
        void force() throws IOException;

        void truncate(long sizeBytes) throws IOException;

        long sizeBytes() throws IOException;
    }
}
