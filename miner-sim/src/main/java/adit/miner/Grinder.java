package adit.miner;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/// The hash loop of one miner, on a platform thread of its own.
///
/// It hashes in short bursts and parks between them, so a slow miner costs next to nothing. New work takes over
/// within [#LOOK_EVERY] hashes, whether clean or not: the search has no memory, so nothing is lost by leaving
/// a header half done.
///
/// **Owner:** the thread `miner-grinder`; [#workOn], [#idle], [#hashes] and [#close] are for anyone.
final class Grinder implements AutoCloseable {
    /// A header is left for the next after 2^16 nonces, so that rolling is exercised at any rate.
    static final int NONCE_BITS = 16;

    static final long IDLE_NANOS = 1_000_000_000;

    private static final int LOOK_EVERY = 64;

    private final LongSupplier nanoClock;
    private final int nonceBits;
    private final Pace pace;
    private final Thread thread;
    private final AtomicLong hashes = new AtomicLong();
    private volatile @Nullable Search search;
    private volatile boolean isClosed;

    Grinder(long hashesPerSecond, int nonceBits, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.nonceBits = nonceBits;
        pace = new Pace(hashesPerSecond, nanoClock.getAsLong());
        thread = Thread.ofPlatform().name("miner-grinder").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Leaves whatever it was doing for this work.
    void workOn(Work work, Finds finds) {
        search = new Search(work, nonceBits, finds);
        LockSupport.unpark(thread);
    }

    void idle() {
        search = null;
    }

    long hashes() {
        return hashes.get();
    }

    /// Hashes what is due now, and tells for how many nanoseconds to rest then.
    long runOnce() {
        if (search == null) {
            return IDLE_NANOS;
        }
        long due = pace.takeDue(nanoClock.getAsLong());
        while (due > 0 && !isClosed) {
            var current = search;
            if (current == null) {
                return IDLE_NANOS;
            }
            int step = (int) Math.min(due, LOOK_EVERY);
            int done = current.hash(step);
            hashes.addAndGet(done);
            due -= done;
            if (done < step) {
                return Pace.SLOT_NANOS;
            }
        }
        return pace.restNanos(nanoClock.getAsLong());
    }

    /// Ends the thread; it notices within one look.
    @Override
    public void close() {
        isClosed = true;
        LockSupport.unpark(thread);
    }

    /// Waits for the thread to end, if it was started.
    void awaitEnd(long mostMillis) {
        try {
            thread.join(mostMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!isClosed && !Thread.currentThread().isInterrupted()) {
            long restNanos = runOnce();
            if (restNanos > 0) {
                LockSupport.parkNanos(this, restNanos);
            }
        }
    }
}
