package adit.ledger.journal;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What a journal takes from the world besides the disk; tests put their own in.
///
/// `zeroFill` runs one step of the preparation of a segment at a time, off the journal thread in production.
record JournalSeams(
        InstantSource clock,
        LongSupplier nanoTime,
        Supplier<UUID> nodeIds,
        Executor zeroFill,
        CommitObserver observer) {

    static JournalSeams real(InstantSource clock, CommitObserver observer) {
        return new JournalSeams(clock, System::nanoTime, UUID::randomUUID, oneThread(), observer);
    }

    /// One thread, which ends when nothing was to fill for a while.
    private static Executor oneThread() {
        var threads = Thread.ofPlatform().daemon().name("journal-zero-fill").factory();
        return new ThreadPoolExecutor(
                0, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    }
}
