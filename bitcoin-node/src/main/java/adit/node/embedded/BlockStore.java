package adit.node.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one append-only file that holds everything the chain must remember, in the order it happened.
///
/// Replaying it is starting: the same events in the same order give the same tree, flags, coins and wallet.
///
/// ```
/// offset  0        4      5         8         12        16
///         | magic  | type | zero    | length  | crc32c  | payload …      little-endian; the sum covers type, length, payload
/// ```
///
/// A record that ends too early or whose sum is wrong, with no whole record after it, is what a crash leaves: it is cut
/// off. With a whole record after it the file is damaged, and is not opened.
///
/// **Owner:** the chain thread. **Limits:** records up to [#MAX_PAYLOAD_BYTES].
final class BlockStore implements AutoCloseable {
    interface Replay {
        void record(RecordType type, long payloadOffset, byte[] payload);
    }

    static final int HEADER_BYTES = 16;
    static final int MAX_PAYLOAD_BYTES = 8 << 20;
    private static final int MAGIC = 0x41444943;
    private static final int READ_BYTES = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(BlockStore.class);

    private record Found(RecordType type, byte[] payload) {}

    private final Path file;
    private final FileChannel channel;
    private final CRC32C crc = new CRC32C();
    private long end;
    private boolean broken;

    private BlockStore(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Opens or makes the file, for this process alone.
    ///
    /// @throws ChainUnavailable if another process has it or the disk fails
    static BlockStore open(Path file) {
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (!isLocked(channel)) {
                throw new ChainUnavailable(file + " is in use by another process");
            }
            return new BlockStore(file, channel);
        } catch (IOException e) {
            closeAfter(e, channel);
            throw new ChainUnavailable("cannot open " + file, e);
        } catch (RuntimeException e) {
            closeAfter(e, channel);
            throw e;
        }
    }

    /// Hands over every record in order and stands ready to append after the last whole one.
    ///
    /// @throws ChainUnavailable if the file is damaged or the disk fails
    void replay(Replay replay) {
        try {
            long size = channel.size();
            var window = new Window(size);
            while (end < size) {
                var found = window.recordAt(end);
                if (found.isEmpty()) {
                    cutOff(window, size);
                    return;
                }
                var payload = found.get().payload();
                replay.record(found.get().type(), end + HEADER_BYTES, payload);
                end += HEADER_BYTES + payload.length;
            }
        } catch (IOException e) {
            throw new ChainUnavailable("cannot read " + file, e);
        }
    }

    /// Writes a record and says where its payload begins. It survives this process at once, the machine after [#force].
    long append(RecordType type, byte[] payload) {
        Check.that(payload.length <= MAX_PAYLOAD_BYTES, "the record is too long");
        if (broken) {
            throw new ChainUnavailable(file + " failed earlier and is not written again");
        }
        long offset = end + HEADER_BYTES;
        var buffer = ByteBuffer.allocate(HEADER_BYTES + payload.length);
        buffer.order(ByteOrder.LITTLE_ENDIAN)
                .putInt(MAGIC)
                .putInt(type.code())
                .putInt(payload.length)
                .putInt(checksum(type.code(), payload))
                .put(payload)
                .flip();
        try {
            long position = end;
            while (buffer.hasRemaining()) {
                position += channel.write(buffer, position);
            }
            end = position;
            return offset;
        } catch (IOException e) {
            broken = true;
            throw new ChainUnavailable("cannot write " + file, e);
        }
    }

    void force() {
        try {
            channel.force(false);
        } catch (IOException e) {
            broken = true;
            throw new ChainUnavailable("cannot sync " + file, e);
        }
    }

    byte[] read(long offset, int length) {
        try {
            return readFully(offset, length);
        } catch (IOException e) {
            throw new ChainUnavailable("cannot read " + file, e);
        }
    }

    long bytes() {
        return end;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new ChainUnavailable("cannot close " + file, e);
        }
    }

    private void cutOff(Window window, long size) throws IOException {
        for (long offset = end + 1; offset <= size - HEADER_BYTES; offset++) {
            if (window.recordAt(offset).isPresent()) {
                throw new ChainUnavailable(
                        "%s is damaged at byte %d but goes on at byte %d: restore it or remove it"
                                .formatted(file, end, offset));
            }
        }
        LOG.warn("cut {} torn bytes off the end of {}", size - end, file);
        channel.truncate(end);
        channel.force(true);
    }

    private byte[] readFully(long offset, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer, offset + buffer.position());
            if (count < 0) {
                throw new IOException("the file ends before byte " + (offset + length));
            }
        }
        return buffer.array();
    }

    private int checksum(int code, byte[] payload) {
        crc.reset();
        for (int value : new int[] {code, payload.length}) {
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                crc.update(value >>> shift);
            }
        }
        crc.update(payload);
        return (int) crc.getValue();
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    private static void closeAfter(Exception cause, @Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    /// A part of the file in memory, so that replaying reads in large pieces.
    private final class Window {
        private final long size;
        private ByteBuffer bytes = ByteBuffer.allocate(0);
        private long start;

        Window(long size) {
            this.size = size;
        }

        Optional<Found> recordAt(long offset) throws IOException {
            if (size - offset < HEADER_BYTES) {
                return Optional.empty();
            }
            var header = slice(offset, HEADER_BYTES);
            int magic = header.getInt();
            int code = header.getInt();
            int length = header.getInt();
            int sum = header.getInt();
            var type = RecordType.of(code);
            if (magic != MAGIC
                    || type.isEmpty()
                    || length < 0
                    || length > MAX_PAYLOAD_BYTES
                    || length > size - offset - HEADER_BYTES) {
                return Optional.empty();
            }
            var payload = new byte[length];
            slice(offset + HEADER_BYTES, length).get(payload);
            return checksum(code, payload) == sum
                    ? Optional.of(new Found(type.get(), payload))
                    : Optional.empty();
        }

        private ByteBuffer slice(long offset, int length) throws IOException {
            if (offset < start || offset + length > start + bytes.limit()) {
                int wanted = (int) Math.min(Math.max(READ_BYTES, length), size - offset);
                bytes = ByteBuffer.wrap(readFully(offset, wanted));
                start = offset;
            }
            return bytes.slice((int) (offset - start), length).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
