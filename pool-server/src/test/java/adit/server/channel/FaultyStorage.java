package adit.server.channel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import adit.ledger.journal.DirectoryStorage;
import adit.ledger.journal.JournalStorage;

/// A real directory whose disk can be stopped and broken.
///
/// **Owner:** the test; the journal's thread waits in it.
public final class FaultyStorage implements JournalStorage {

    private static final int LONGEST_STALL_SECONDS = 30;

    private final JournalStorage disk;
    private volatile CountDownLatch stalled = new CountDownLatch(0);
    private volatile boolean broken;

    public FaultyStorage(Path directory) {
        this.disk = DirectoryStorage.at(directory);
    }

    /// From now on nothing becomes durable, until [#goOn] or [#breakDown].
    public void stall() {
        stalled = new CountDownLatch(1);
    }

    public void goOn() {
        stalled.countDown();
    }

    /// Every write and sync fails from now on.
    public void breakDown() {
        broken = true;
        stalled.countDown();
    }

    private void pass() throws IOException {
        try {
            if (!stalled.await(LONGEST_STALL_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the test left the disk stalled");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while stalled", e);
        }
        if (broken) {
            throw new IOException("the disk is broken, says the test");
        }
    }

    @Override
    public List<String> list() throws IOException {
        return disk.list();
    }

    @Override
    public File create(String name) throws IOException {
        return new FaultyFile(disk.create(name));
    }

    @Override
    public File openToRead(String name) throws IOException {
        return disk.openToRead(name);
    }

    @Override
    public File openToWrite(String name) throws IOException {
        return new FaultyFile(disk.openToWrite(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(name);
    }

    @Override
    public void syncDirectory() throws IOException {
        disk.syncDirectory();
    }

    @Override
    public long freeBytes() throws IOException {
        return disk.freeBytes();
    }

    @Override
    public Closeable lock(String name) throws IOException {
        return disk.lock(name);
    }

    @Override
    public String describe() {
        return disk.describe();
    }

    private final class FaultyFile implements File {
        private final File file;

        FaultyFile(File file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return file.write(source, position);
        }

        @Override
        public void force() throws IOException {
            pass();
            file.force();
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            file.truncate(sizeBytes);
        }

        @Override
        public long sizeBytes() throws IOException {
            return file.sizeBytes();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
