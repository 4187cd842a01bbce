package adit.ledger.journal;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/// The queue from every event loop to the journal thread.
///
/// Producers never wait. The consumer sleeps until there is anything, or, while it holds a commit, until
/// there is enough: a producer wakes it only when its wish is met, so that holding costs no wake-ups.
///
/// **Owner:** `journal` takes; anyone puts. **Limits:** none here; event loops stop reading at 65,536
/// records in flight.
final class HandOver {
    private static final int NOBODY_WAITS = Integer.MAX_VALUE;

    private final ConcurrentLinkedQueue<Entry> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger recordsInFlight = new AtomicInteger();
    private volatile int wantedRecords = NOBODY_WAITS;
    private volatile @Nullable Thread consumer;

    /// Something handed to the journal thread; `records` counts towards the records in flight.
    sealed interface Entry {
        int records();

        record Group(RecordGroup group, GroupOutcome outcome, int records) implements Entry {}

        record Tip(JournalRecord.Tip tip) implements Entry {
            @Override
            public int records() {
                return 1;
            }
        }

        /// The order to end the epoch, after everything put before it.
        record Stop() implements Entry {
            @Override
            public int records() {
                return 0;
            }
        }
    }

    void put(Entry entry) {
        queue.add(entry);
        if (recordsInFlight.addAndGet(entry.records()) >= wantedRecords) {
            LockSupport.unpark(consumer);
        }
    }

    @Nullable Entry poll() {
        return queue.poll();
    }

    /// Sleeps until there is an entry.
    Entry take() {
        consumer = Thread.currentThread();
        var entry = queue.poll();
        while (entry == null) {
            // Announce first, look second: a producer that missed the wish has put before the look.
            wantedRecords = 0;
            if (queue.isEmpty()) {
                LockSupport.park(this);
            }
            wantedRecords = NOBODY_WAITS;
            entry = queue.poll();
        }
        return entry;
    }

    /// Sleeps until that many records are in flight, or the time is over.
    void awaitRecords(int records, long nanos) {
        wantedRecords = records;
        if (recordsInFlight.get() < records) {
            LockSupport.parkNanos(this, nanos);
        }
        wantedRecords = NOBODY_WAITS;
    }

    void done(Entry entry) {
        recordsInFlight.addAndGet(-entry.records());
    }

    int recordsInFlight() {
        return recordsInFlight.get();
    }
}
