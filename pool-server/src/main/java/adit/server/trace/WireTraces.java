package adit.server.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import adit.server.config.Limits;

/// The traces that run.
///
/// **Owner:** any thread. **Limits:** [Limits#TRACES] at once.
public final class WireTraces {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final int NAME_CHARACTERS = 80;
    private static final Duration END_PATIENCE = Duration.ofMillis(500);

    private final Path directory;
    private final InstantSource clock;
    private final List<WireTrace> running = new CopyOnWriteArrayList<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong setupBytes = new AtomicLong();
    private volatile Runnable changed = () -> {};

    public WireTraces(Path directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /// What is to happen when a trace has begun or ended: every connection asks for its tap again.
    public void whenChanged(Runnable action) {
        changed = action;
    }

    /// What this connection is to show its bytes to; null for most, and at next to no cost while no trace runs.
    ///
    /// @param before what it has shown them to so far; not to be used any more
    public @Nullable Tap tap(Subject.Peer peer, @Nullable Tap before) {
        var matching = running.stream().filter(trace -> trace.isOf(peer)).toList();
        boolean mayMatch =
                peer.names().isEmpty() && running.stream().anyMatch(WireTrace::isOfAWorker);
        var kept = before == null ? null : before.setup();
        if (before != null && !mayMatch) {
            before.giveSetupTo(matching);
            before.forgetSetup();
        }
        if (mayMatch) {
            var setup = kept == null ? new SetupLines(setupBytes) : kept;
            return new Tap(peer.connection(), matching, setup, clock);
        }
        return matching.isEmpty() ? null : new Tap(peer.connection(), matching, null, clock);
    }

    /// Bytes that are kept of connections that have not logged in.
    long keptBeforeLogins() {
        return setupBytes.get();
    }

    public boolean isIdle() {
        return running.isEmpty();
    }

    /// Begins one; null where as many run as may.
    ///
    /// @return how it is shown in the list
    /// @throws IOException where its file cannot be made
    public @Nullable String start(Subject subject, Duration lasts) throws IOException {
        if (running.size() >= Limits.TRACES) {
            return null;
        }
        Files.createDirectories(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        int number = count.incrementAndGet();
        var trace = new WireTrace(number, subject, file(number, subject), lasts, clock, this::over);
        // Before it begins, for it may be over at once.
        running.add(trace);
        try {
            trace.start();
        } catch (IOException cannot) {
            running.remove(trace);
            throw cannot;
        }
        changed.run();
        return trace.shown();
    }

    /// One line each.
    public List<String> shown() {
        return running.stream().map(WireTrace::shown).toList();
    }

    /// Ends the one of this number.
    public boolean stop(int number) {
        var found = running.stream().filter(trace -> trace.number() == number).findFirst();
        found.ifPresent(trace -> trace.stop("it was stopped"));
        return found.isPresent();
    }

    /// Ends all of them with the pool, and waits until their files are written, but for a disk that hangs.
    ///
    /// @param why stands at the end of each
    public void end(String why) {
        // The connections that would have to know end as well.
        changed = () -> {};
        var ending = List.copyOf(running);
        ending.forEach(trace -> trace.stop(why));
        try {
            for (var trace : ending) {
                trace.awaitEnd(END_PATIENCE);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void over(WireTrace trace) {
        running.remove(trace);
        changed.run();
    }

    private Path file(int number, Subject subject) {
        var name = subject.toString().replaceAll("[^A-Za-z0-9._-]", "-");
        var shortened = name.substring(0, Math.min(name.length(), NAME_CHARACTERS));
        return directory.resolve(
                "%s-%d-%s.txt".formatted(STAMP.format(clock.instant()), number, shortened));
    }
}
