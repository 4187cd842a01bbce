package adit.ledger.journal;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What a journal takes from the world besides the disk; tests put their own in.
///
/// `zeroFill` runs the preparation of one segment at a time, off the journal thread in production.
record JournalSeams(
        InstantSource clock,
        LongSupplier nanoTime,
        Supplier<UUID> nodeIds,
        Executor zeroFill,
        CommitObserver observer) {

    static JournalSeams real(InstantSource clock, CommitObserver observer) {
        return new JournalSeams(
                clock,
                System::nanoTime,
                UUID::randomUUID,
                task -> Thread.ofPlatform().daemon().name("journal-zero-fill").start(task),
                observer);
    }
}
