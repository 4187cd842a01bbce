package adit.server.trace;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import adit.server.config.Limits;

/// One trace: the lines of its subject, each with its time, the number of its connection and its direction, in one
/// file. It ends by itself, and says why.
///
/// ```text
/// -- trace of worker bc1….rig, until 2026-01-01T12:10:00Z or 64 MiB
/// 2026-01-01T12:00:00.123Z #17 > {"id":4,"method":"mining.submit","params":[…]}
/// 2026-01-01T12:00:00.125Z #17 < {"id":4,"result":true,"error":null}
/// -- 120 lines are missing here: too many came at once to keep them
/// -- ends: it has run for 10 minutes
/// ```
/// **Owner:** its own virtual thread writes; event loops offer, and never wait.
/// **Limits:** [Limits#TRACE_QUEUE] reads and writes wait; the file's size; its time.
final class WireTrace {

    private static final byte LINE_FEED = '\n';
    private static final int PARTS_KEPT = 4096;

    private sealed interface Entry {
        record Bytes(Instant at, long connection, boolean in, byte[] bytes) implements Entry {}

        record Ended(Instant at, long connection) implements Entry {}

        record Missing(int lines) implements Entry {}

        record Stop() implements Entry {}
    }

    private record Part(long connection, boolean in) {}

    private final int number;
    private final Subject subject;
    private final Path file;
    private final Instant until;
    private final Duration lasts;
    private final InstantSource clock;
    private final Consumer<WireTrace> over;
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(Limits.TRACE_QUEUE);
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicInteger missing = new AtomicInteger();
    private final Map<Part, byte[]> parts = new HashMap<>();
    private long written;
    private final CountDownLatch isOver = new CountDownLatch(1);
    private volatile String stoppedBecause = "";
    private volatile boolean hasEnded;

    /// @param over told when it has ended
    WireTrace(
            int number,
            Subject subject,
            Path file,
            Duration lasts,
            InstantSource clock,
            Consumer<WireTrace> over) {
        this.number = number;
        this.subject = subject;
        this.file = file;
        this.lasts = lasts;
        this.until = clock.instant().plus(lasts);
        this.clock = clock;
        this.over = over;
    }

    /// Begins the file.
    ///
    /// @throws IOException where it cannot be made
    void start() throws IOException {
        var channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        var out = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
        Thread.ofVirtual().name("trace").start(() -> write(out));
    }

    /// Whether who it is of is known at a login alone.
    boolean isOfAWorker() {
        return !hasEnded && subject instanceof Subject.Worker;
    }

    boolean isOf(Subject.Peer peer) {
        return !hasEnded && subject.is(peer);
    }

    int number() {
        return number;
    }

    String shown() {
        return "%d  %s, until %s: %s".formatted(number, subject, seconds(until), file);
    }

    /// Takes bytes of the wire that nobody changes any more, or counts their lines as missing.
    void offer(Instant at, long connection, boolean in, byte[] bytes) {
        if (hasEnded) {
            return;
        }
        boolean fits = waitingBytes.addAndGet(bytes.length) <= Limits.TRACE_QUEUE_BYTES;
        if (!fits || !queue.offer(new Entry.Bytes(at, connection, in, bytes))) {
            waitingBytes.addAndGet(-bytes.length);
            missing.addAndGet(lines(bytes));
        }
    }

    /// So many lines that belong here could not be kept.
    void miss(int lines) {
        if (!hasEnded && !queue.offer(new Entry.Missing(lines))) {
            missing.addAndGet(lines);
        }
    }

    void ended(long connection) {
        if (!hasEnded && !queue.offer(new Entry.Ended(clock.instant(), connection))) {
            missing.incrementAndGet();
        }
    }

    /// Ends it before its time, once what waits is written.
    void stop(String why) {
        stoppedBecause = why;
        hasEnded = true;
        var _ = queue.offer(new Entry.Stop());
    }

    void awaitEnd(Duration atMost) throws InterruptedException {
        var _ = isOver.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void write(BufferedWriter out) {
        try (out) {
            line(
                    out,
                    "-- trace of %s, until %s or %d MiB; > from the miner, < to it"
                            .formatted(subject, seconds(until), Limits.TRACE_FILE_BYTES >> 20));
            var why = writeUntilOver(out);
            hasEnded = true;
            tellMissing(out);
            line(out, "-- ends: " + why);
        } catch (IOException diskIsFull) {
            // Nobody can be told in the file; the list of traces has one less.
            hasEnded = true;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            hasEnded = true;
            over.accept(this);
            isOver.countDown();
        }
    }

    private String writeUntilOver(BufferedWriter out) throws IOException, InterruptedException {
        while (true) {
            long left = clock.instant().until(until, ChronoUnit.MILLIS);
            if (left <= 0) {
                long minutes = lasts.toMinutes();
                return minutes == 1
                        ? "it has run for 1 minute"
                        : "it has run for %d minutes".formatted(minutes);
            }
            if (written > Limits.TRACE_FILE_BYTES) {
                return "the file is as long as it may be";
            }
            var next = queue.poll();
            if (next == null) {
                if (hasEnded) {
                    // The word to stop found no room in the queue.
                    return stoppedBecause;
                }
                out.flush();
                next = queue.poll(left, TimeUnit.MILLISECONDS);
            }
            switch (next) {
                case null -> {}
                case Entry.Stop _ -> {
                    return stoppedBecause;
                }
                case Entry.Ended(var at, long connection) -> {
                    tellMissing(out);
                    parts.remove(new Part(connection, true));
                    parts.remove(new Part(connection, false));
                    line(out, "%s #%d closed".formatted(millis(at), connection));
                }
                case Entry.Missing(int lines) -> {
                    missing.addAndGet(lines);
                    tellMissing(out);
                }
                case Entry.Bytes bytes -> {
                    waitingBytes.addAndGet(-bytes.bytes().length);
                    tellMissing(out);
                    lines(out, bytes);
                }
            }
        }
    }

    private void lines(BufferedWriter out, Entry.Bytes entry) throws IOException {
        var key = new Part(entry.connection(), entry.in());
        var begun = parts.remove(key);
        var bytes = begun == null ? entry.bytes() : joined(begun, entry.bytes());
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == LINE_FEED) {
                show(out, entry, Arrays.copyOfRange(bytes, start, i));
                start = i + 1;
            }
        }
        if (start == bytes.length) {
            return;
        }
        var rest = Arrays.copyOfRange(bytes, start, bytes.length);
        if (rest.length <= Limits.LINE_BYTES && parts.size() < PARTS_KEPT) {
            parts.put(key, rest);
        } else {
            show(out, entry, rest);
        }
    }

    private void show(BufferedWriter out, Entry.Bytes entry, byte[] line) throws IOException {
        line(
                out,
                "%s #%d %s %s"
                        .formatted(
                                millis(entry.at()),
                                entry.connection(),
                                entry.in() ? ">" : "<",
                                TraceLine.shown(line, entry.in())));
    }

    private void tellMissing(BufferedWriter out) throws IOException {
        int lines = missing.getAndSet(0);
        if (lines > 0) {
            line(
                    out,
                    "-- %d %s missing here: too many came at once to keep them"
                            .formatted(lines, lines == 1 ? "line is" : "lines are"));
        }
    }

    private void line(BufferedWriter out, String line) throws IOException {
        out.write(line);
        out.newLine();
        written += line.length() + 1;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        var both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    static int lines(byte[] bytes) {
        int lines = 0;
        for (byte b : bytes) {
            lines += b == LINE_FEED ? 1 : 0;
        }
        return Math.max(1, lines);
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String millis(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
