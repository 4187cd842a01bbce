package adit.ledger.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A real directory, through file channels.
public final class DirectoryStorage implements JournalStorage {
    /// The lock files that this process holds, through whichever object: the system gives a process's lock up when the
    /// process closes that file once, however often it has it open, so what is here must not even be opened.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;

    private DirectoryStorage(Path directory) {
        this.directory = directory;
    }

    /// Creates the directory if there is none; [JournalUnavailable] if that fails.
    public static DirectoryStorage at(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw JournalUnavailable.of("cannot make the journal directory", e);
        }
        return new DirectoryStorage(directory);
    }

    /// A directory that is there, to be looked at: nothing is made where there is none.
    public static DirectoryStorage existing(Path directory) {
        return new DirectoryStorage(directory);
    }

    @Override
    public List<String> list() throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
        }
    }

    @Override
    public File create(String name) throws IOException {
        return new ChannelFile(
                FileChannel.open(
                        directory.resolve(name),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE));
    }

    @Override
    public File openToRead(String name) throws IOException {
        return new ChannelFile(FileChannel.open(directory.resolve(name), StandardOpenOption.READ));
    }

    @Override
    public File openToWrite(String name) throws IOException {
        return new ChannelFile(
                FileChannel.open(
                        directory.resolve(name),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void syncDirectory() throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long freeBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public Closeable lock(String name) throws IOException {
        var file = directory.toRealPath().resolve(name);
        if (!HELD.add(file)) {
            throw inUse();
        }
        FileChannel channel = null;
        try {
            channel = lock(file);
        } finally {
            if (channel == null) {
                HELD.remove(file);
            }
        }
        var held = channel;
        return () -> {
            try {
                held.close();
            } finally {
                HELD.remove(file);
            }
        };
    }

    private FileChannel lock(Path file) throws IOException {
        var channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw inUse();
            }
            var pid = StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n");
            channel.truncate(0);
            channel.write(pid, 0);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private JournalUnavailable inUse() {
        return new JournalUnavailable(
                JournalUnavailable.Reason.LOCKED,
                "journal directory "
                        + directory
                        + " is in use by another process; stop that one, follow it with --take-over, or give this one a directory of its own");
    }

    @Override
    public String describe() {
        return directory.toString();
    }

    private record ChannelFile(FileChannel channel) implements File {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return channel.write(source, position);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            channel.truncate(sizeBytes);
        }

        @Override
        public long sizeBytes() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
