package adit.server.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.function.LongSupplier;

/// What this machine does of three simple things, measured in the same run as whatever is compared with it.
///
/// @param hashesPerSecond double SHA-256 of an 80-byte header on one core, with a digest that is used again
/// @param syncP50Nanos one write of 4 KiB into a file of zeros and its fdatasync
/// @param pingPongNanos one byte there and back over TCP on loopback
public record Yardsticks(
        double hashesPerSecond, long syncP50Nanos, long syncP99Nanos, long pingPongNanos) {

    /// What the machine of the wanted figures reaches at the first.
    static final double REFERENCE_HASHES_PER_SECOND = 6_500_000;

    /// The best of them: before code is compiled, or where a neighbour takes the core, it says nothing of the machine.
    private static final int HASH_ROUNDS = 8;

    private static final long HASH_NANOS = 500_000_000;
    private static final int HEADER_BYTES = 80;
    private static final int HASHES_AT_ONCE = 10_000;
    private static final int SYNCS = 500;
    private static final int BLOCK_BYTES = 4096;
    private static final int PING_PONGS = 20_000;

    /// Takes some five seconds.
    ///
    /// @param directory on the disk the journal lies on
    public static Yardsticks measure(Path directory, LongSupplier nanoClock) throws IOException {
        double hashes = 0;
        for (int i = 0; i < HASH_ROUNDS; i++) {
            hashes = Math.max(hashes, measureHashes(nanoClock));
        }
        var syncs = syncNanos(directory, nanoClock);
        return new Yardsticks(
                hashes, syncs[SYNCS / 2], syncs[SYNCS * 99 / 100], pingPong(nanoClock));
    }

    /// How fast this machine is against the one the wanted figures are for.
    public double scale() {
        return hashesPerSecond / REFERENCE_HASHES_PER_SECOND;
    }

    @Override
    public String toString() {
        return "double SHA-256 %.2f M/s (%.2f of the reference machine), fdatasync of 4 KiB p50 %d µs p99 %d µs, TCP ping-pong %.1f µs"
                .formatted(
                        hashesPerSecond / 1e6,
                        scale(),
                        syncP50Nanos / 1000,
                        syncP99Nanos / 1000,
                        pingPongNanos / 1e3);
    }

    private static double measureHashes(LongSupplier nanoClock) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var header = new byte[HEADER_BYTES];
            var hash = new byte[32];
            long count = 0;
            long begun = nanoClock.getAsLong();
            long passed = 0;
            while (passed < HASH_NANOS) {
                for (int i = 0; i < HASHES_AT_ONCE; i++) {
                    digest.update(header, 0, header.length);
                    digest.digest(hash, 0, hash.length);
                    digest.update(hash, 0, hash.length);
                    digest.digest(hash, 0, hash.length);
                    header[0] = hash[0];
                }
                count += HASHES_AT_ONCE;
                passed = nanoClock.getAsLong() - begun;
            }
            return count * 1e9 / passed;
        } catch (NoSuchAlgorithmException | DigestException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static long[] syncNanos(Path directory, LongSupplier nanoClock) throws IOException {
        var file = Files.createTempFile(directory, "yardstick", ".zeros");
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(SYNCS * BLOCK_BYTES));
            channel.force(true);
            var block = ByteBuffer.allocateDirect(BLOCK_BYTES);
            var nanos = new long[SYNCS];
            for (int i = 0; i < SYNCS; i++) {
                long begun = nanoClock.getAsLong();
                channel.write(block.clear(), (long) i * BLOCK_BYTES);
                channel.force(false);
                nanos[i] = nanoClock.getAsLong() - begun;
            }
            Arrays.sort(nanos);
            return nanos;
        } finally {
            Files.delete(file);
        }
    }

    private static long pingPong(LongSupplier nanoClock) throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var here = new Socket(server.getInetAddress(), server.getLocalPort());
                var there = server.accept()) {
            here.setTcpNoDelay(true);
            there.setTcpNoDelay(true);
            var echo = Thread.ofPlatform().daemon().name("echo").start(() -> echo(there));
            var out = here.getOutputStream();
            var in = here.getInputStream();
            var nanos = new long[PING_PONGS];
            for (int i = 0; i < PING_PONGS; i++) {
                long begun = nanoClock.getAsLong();
                out.write(1);
                in.read();
                nanos[i] = nanoClock.getAsLong() - begun;
            }
            here.shutdownOutput();
            echo.join();
            Arrays.sort(nanos);
            return nanos[PING_PONGS / 2];
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void echo(Socket socket) {
        try {
            int next = socket.getInputStream().read();
            while (next >= 0) {
                socket.getOutputStream().write(next);
                next = socket.getInputStream().read();
            }
        } catch (IOException ended) {
            throw new IllegalStateException("loopback broke", ended);
        }
    }
}
