package adit.server.keep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;

/// How a file is replaced so that a reader, now or after a power cut, finds the old one or the new one and
/// nothing between: written under another name, synced, renamed, and the directory synced.
public final class WholeFile {

    private static final String PARTIAL = ".partial";

    private WholeFile() {}

    /// Durable when this returns: the bytes and their name.
    public static void write(Path file, byte[] bytes, FileAttribute<?>... attributes)
            throws IOException {
        var partial = file.resolveSibling(file.getFileName() + PARTIAL);
        Files.deleteIfExists(partial);
        try (var channel =
                FileChannel.open(
                        partial,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        attributes)) {
            var rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
        move(partial, file);
    }

    /// Gives a file another name, durably; both are in directories of one file system.
    public static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        var directory = to.toAbsolutePath().getParent();
        if (directory != null) {
            sync(directory);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
