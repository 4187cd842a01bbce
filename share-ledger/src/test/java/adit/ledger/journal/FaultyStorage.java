package adit.ledger.journal;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/// A disk in memory that fails call number N on order, and forgets what was never synced.
///
/// Every call counts, reads excepted. Its methods are synchronized because the journal's threads and
/// the test share it. After a failed sync the pages it should have saved count as clean and are lost
/// in a crash, as Linux does it.
final class FaultyStorage implements JournalStorage {
    private static final int PAGE_BYTES = 512;

    enum Fault {
        /// The call fails and has done nothing.
        EIO,
        /// The same, the disk being full.
        ENOSPC,
        /// A write takes half of the bytes, and says so.
        SHORT_WRITE,
        /// A write takes half of the bytes, and fails.
        TORN_WRITE,
        /// The machine stops within the call; no later call does anything.
        CRASH
    }

    private final Map<String, Disk> names = new TreeMap<>();
    private final Map<String, Disk> syncedNames = new TreeMap<>();
    private long freeBytes = Long.MAX_VALUE;
    private int calls;
    private int failingCall = -1;
    private Fault fault = Fault.EIO;
    private boolean stopped;
    private final Set<String> locked = new HashSet<>();
    private Runnable beforeForce = () -> {};

    synchronized FaultyStorage failing(Fault how, int call) {
        fault = how;
        failingCall = call;
        calls = 0;
        return this;
    }

    synchronized void setFreeBytes(long bytes) {
        freeBytes = bytes;
    }

    /// Runs before each sync, outside the storage's own lock.
    synchronized void beforeForce(Runnable action) {
        beforeForce = action;
    }

    synchronized int calls() {
        return calls;
    }

    /// What a process finds that starts after this one was killed.
    synchronized FaultyStorage afterKill() {
        stopped = true;
        var next = new FaultyStorage();
        names.forEach((name, disk) -> next.names.put(name, disk.copy(disk.data, disk.size)));
        next.syncedNames.putAll(next.names);
        return next;
    }

    /// What a process finds after a power cut: of what was not synced, any part.
    synchronized FaultyStorage afterPowerCut(Random random) {
        stopped = true;
        var next = new FaultyStorage();
        (random.nextBoolean() ? names : syncedNames)
                .forEach((name, disk) -> next.names.put(name, disk.afterPowerCut(random)));
        next.syncedNames.putAll(next.names);
        return next;
    }

    synchronized byte[] content(String name) {
        var disk = disk(name);
        return Arrays.copyOf(disk.data, disk.size);
    }

    synchronized void setContent(String name, byte[] content) {
        var disk = new Disk();
        disk.write(ByteBuffer.wrap(content), 0);
        disk.force();
        names.put(name, disk);
        syncedNames.put(name, disk);
    }

    @Override
    public synchronized List<String> list() throws IOException {
        begin(null, null, 0);
        return List.copyOf(names.keySet());
    }

    @Override
    public synchronized File create(String name) throws IOException {
        begin(null, null, 0);
        var disk = new Disk();
        names.put(name, disk);
        return new OpenFile(disk);
    }

    @Override
    public synchronized File openToRead(String name) throws IOException {
        if (!names.containsKey(name)) {
            throw new FileNotFoundException(name);
        }
        return new OpenFile(disk(name));
    }

    @Override
    public synchronized File openToWrite(String name) throws IOException {
        begin(null, null, 0);
        return new OpenFile(disk(name));
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        begin(null, null, 0);
        names.put(to, disk(from));
        names.remove(from);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        begin(null, null, 0);
        names.remove(name);
    }

    @Override
    public synchronized void syncDirectory() throws IOException {
        begin(null, null, 0);
        syncedNames.clear();
        syncedNames.putAll(names);
    }

    @Override
    public synchronized long freeBytes() throws IOException {
        begin(null, null, 0);
        return freeBytes;
    }

    @Override
    public synchronized Closeable lock(String name) {
        if (!locked.add(name)) {
            throw new JournalUnavailable(JournalUnavailable.Reason.LOCKED, "in use");
        }
        names.putIfAbsent(name, new Disk());
        return () -> unlock(name);
    }

    private synchronized void unlock(String name) {
        locked.remove(name);
    }

    @Override
    public String describe() {
        return "memory";
    }

    private Disk disk(String name) {
        var disk = names.get(name);
        if (disk == null) {
            throw new IllegalArgumentException("no file " + name);
        }
        return disk;
    }

    /// Counts the call and fails it if its turn has come; a write may be done in part before.
    private int begin(@Nullable Disk disk, @Nullable ByteBuffer source, long position)
            throws IOException {
        if (stopped) {
            throw new IOException("the machine has stopped");
        }
        calls++;
        if (calls != failingCall) {
            return 0;
        }
        int half = 0;
        if (disk != null && source != null && fault != Fault.EIO && fault != Fault.ENOSPC) {
            half = Math.ceilDiv(source.remaining(), 2);
            var part = source.slice(source.position(), half);
            disk.write(part, position);
            source.position(source.position() + half);
        }
        return switch (fault) {
            case EIO, TORN_WRITE -> throw new IOException("Input/output error");
            case ENOSPC -> throw new IOException("No space left on device");
            case SHORT_WRITE -> half;
            case CRASH -> {
                stopped = true;
                throw new IOException("the machine stops");
            }
        };
    }

    private final class OpenFile implements File {
        private final Disk disk;

        OpenFile(Disk disk) {
            this.disk = disk;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (FaultyStorage.this) {
                if (stopped) {
                    throw new IOException("the machine has stopped");
                }
                int length = (int) Math.min(target.remaining(), disk.size - position);
                if (length <= 0) {
                    return -1;
                }
                target.put(disk.data, (int) position, length);
                return length;
            }
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            synchronized (FaultyStorage.this) {
                int half = begin(disk, source, position);
                return half > 0 ? half : disk.write(source, position);
            }
        }

        @Override
        public void force() throws IOException {
            Runnable before;
            synchronized (FaultyStorage.this) {
                before = beforeForce;
            }
            before.run();
            synchronized (FaultyStorage.this) {
                try {
                    begin(null, null, 0);
                } catch (IOException e) {
                    if (!stopped) {
                        disk.dirty.clear();
                    }
                    throw e;
                }
                disk.force();
            }
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            synchronized (FaultyStorage.this) {
                begin(null, null, 0);
                disk.truncate((int) sizeBytes);
            }
        }

        @Override
        public long sizeBytes() {
            synchronized (FaultyStorage.this) {
                return disk.size;
            }
        }

        @Override
        public void close() {}
    }

    /// One file: what a reader sees, what is on the platter, and which pages differ.
    private static final class Disk {
        private byte[] data = new byte[0];
        private int size;
        private byte[] synced = new byte[0];
        private int syncedSize;
        private final BitSet dirty = new BitSet();

        int write(ByteBuffer source, long position) {
            int length = source.remaining();
            int end = (int) position + length;
            if (end > data.length) {
                data = Arrays.copyOf(data, Math.max(end, 2 * data.length));
            }
            source.get(data, (int) position, length);
            size = Math.max(size, end);
            dirty.set((int) position / PAGE_BYTES, Math.ceilDiv(end, PAGE_BYTES));
            return length;
        }

        void truncate(int to) {
            Arrays.fill(data, to, data.length, (byte) 0);
            size = to;
        }

        void force() {
            synced = Arrays.copyOf(synced, Math.max(synced.length, size));
            dirty.stream().forEach(page -> copyPage(data, synced, page));
            syncedSize = size;
            dirty.clear();
        }

        Disk afterPowerCut(Random random) {
            int newSize = random.nextBoolean() ? size : syncedSize;
            var result = Arrays.copyOf(synced, Math.max(newSize, synced.length));
            dirty.stream()
                    .forEach(page -> {
                        int from = page * PAGE_BYTES;
                        int to = Math.min(from + PAGE_BYTES, result.length);
                        switch (random.nextInt(4)) {
                            case 0, 1 -> copyPage(data, result, page);
                            case 2 -> {
                                if (from < to && from >= syncedSize) {
                                    Arrays.fill(result, from, to, (byte) 0);
                                }
                            }
                            default -> copyHalfPage(data, result, page);
                        }
                    });
            return copy(result, newSize);
        }

        Disk copy(byte[] content, int contentSize) {
            var disk = new Disk();
            disk.data = Arrays.copyOf(content, contentSize);
            disk.size = contentSize;
            disk.synced = disk.data.clone();
            disk.syncedSize = contentSize;
            return disk;
        }

        private static void copyPage(byte[] from, byte[] to, int page) {
            copy(from, to, page * PAGE_BYTES, PAGE_BYTES);
        }

        private static void copyHalfPage(byte[] from, byte[] to, int page) {
            copy(from, to, page * PAGE_BYTES, PAGE_BYTES / 2);
        }

        private static void copy(byte[] from, byte[] to, int start, int length) {
            int end = Math.min(start + length, Math.min(from.length, to.length));
            if (start < end) {
                System.arraycopy(from, start, to, start, end - start);
            }
        }
    }
}
