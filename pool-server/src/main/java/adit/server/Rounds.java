package adit.server;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import adit.server.metrics.EventLog;

/// What a thread does again and again, which a defect of ours in one turn must not end without a word.
///
/// **Owner:** the composition root, which says what; the thread of the executor does it.
record Rounds(ScheduledExecutorService thread, EventLog events) {

    /// Does this every so often from now on, for the first time when so much time has passed.
    ///
    /// @param what names it where it fails
    void every(Duration interval, String what, Runnable task) {
        long nanos = interval.toNanos();
        var _ =
                thread.scheduleAtFixedRate(
                        () -> turn(what, task), nanos, nanos, TimeUnit.NANOSECONDS);
    }

    private void turn(String what, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException defect) {
            events.bug(what, defect);
        }
    }
}
