package adit.server;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

import org.jspecify.annotations.Nullable;

import adit.server.metrics.EventLog;

/// The end of a pool's service: miners are let go evenly over a time, and served until they are.
///
/// **Owner:** the `jobs` thread; [#isOn] from anywhere.
final class Drain {

    static final Duration STANDARD = Duration.ofMinutes(2);
    static final Duration LONGEST = Duration.ofMinutes(10);

    private static final Duration STEP = Duration.ofMillis(100);

    /// After the last was asked to go, until nobody is waited for any more.
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /// Whom it lets go.
    interface Miners {
        int connected();

        /// Lets go as many as are due where so many steps are left, this one included.
        void letGo(int steps);

        /// Lets nobody else go.
        void keep();
    }

    private final Miners miners;
    private final ScheduledExecutorService jobs;
    private final EventLog events;
    private @Nullable Rounds steps;
    private long stepsLeft;
    private volatile boolean on;

    Drain(Miners miners, ScheduledExecutorService jobs, EventLog events) {
        this.miners = miners;
        this.jobs = jobs;
        this.events = events;
    }

    boolean isOn() {
        return on;
    }

    /// Begins; `drained` is called once, when the last miner has gone or nobody is waited for any more.
    void begin(Duration over, Runnable drained) {
        on = true;
        jobs.execute(() -> {
            if (steps == null) {
                events.draining(miners.connected(), over.toSeconds());
                stepsLeft = Math.max(1, over.dividedBy(STEP));
                steps = new Rounds(jobs, events);
                steps.every(STEP, "letting miners go", () -> step(drained));
            }
        });
    }

    /// Lets nobody else go.
    void cancel() {
        on = false;
        jobs.execute(this::stop);
    }

    private void step(Runnable drained) {
        long left = stepsLeft--;
        boolean isOver = miners.connected() == 0 || left < -PATIENCE.dividedBy(STEP);
        if (isOver) {
            stop();
            events.drained();
            drained.run();
            return;
        }
        miners.letGo(Math.toIntExact(Math.max(0, left)));
    }

    private void stop() {
        if (steps != null) {
            steps.end();
            steps = null;
            miners.keep();
        }
    }
}
