package adit.server;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import adit.server.metrics.EventLog;

/// What a thread does again and again, which a defect of ours in one turn must not end without a word.
///
/// **Owner:** the composition root, which says what; the thread of the executor does it.
final class Rounds {

    private final ScheduledExecutorService thread;
    private final EventLog events;
    private final Queue<Future<?>> begun = new ConcurrentLinkedQueue<>();

    Rounds(ScheduledExecutorService thread, EventLog events) {
        this.thread = thread;
        this.events = events;
    }

    /// Does this every so often from now on, for the first time when so much time has passed. A turn that was missed is
    /// not made up for.
    ///
    /// @param what names it where it fails
    void every(Duration interval, String what, Runnable task) {
        long nanos = interval.toNanos();
        begun.add(
                thread.scheduleWithFixedDelay(
                        () -> turn(what, task), nanos, nanos, TimeUnit.NANOSECONDS));
    }

    /// Begins no further turn; one that runs goes on.
    void end() {
        begun.forEach(round -> round.cancel(false));
    }

    private void turn(String what, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException defect) {
            events.bug(what, defect);
        }
    }
}
