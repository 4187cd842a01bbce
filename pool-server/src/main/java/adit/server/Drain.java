package adit.server;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;

import adit.server.metrics.EventLog;
import adit.server.net.EventLoops;
import adit.server.session.v1.V1Loop;

/// The end of a pool's service: miners are let go evenly over a time, and served until they are.
///
/// **Owner:** the `jobs` thread; [#isOn] from anywhere.
final class Drain {

    static final Duration STANDARD = Duration.ofMinutes(2);
    static final Duration LONGEST = Duration.ofMinutes(10);

    private static final Duration STEP = Duration.ofMillis(100);

    /// After the last was asked to go, until nobody is waited for any more.
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final EventLoops<V1Loop> loops;
    private final IntSupplier connections;
    private final ScheduledExecutorService jobs;
    private final EventLog events;
    private @Nullable ScheduledFuture<?> steps;
    private long stepsLeft;
    private volatile boolean on;

    Drain(
            EventLoops<V1Loop> loops,
            IntSupplier connections,
            ScheduledExecutorService jobs,
            EventLog events) {
        this.loops = loops;
        this.connections = connections;
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
                events.draining(connections.getAsInt(), over.toSeconds());
                stepsLeft = Math.max(1, over.dividedBy(STEP));
                long millis = STEP.toMillis();
                steps =
                        jobs.scheduleAtFixedRate(
                                () -> step(drained), 0, millis, TimeUnit.MILLISECONDS);
            }
        });
    }

    /// Lets nobody else go.
    void cancel() {
        on = false;
        jobs.execute(this::stop);
    }

    private void step(Runnable drained) {
        boolean isOver = connections.getAsInt() == 0 || stepsLeft < -PATIENCE.dividedBy(STEP);
        if (isOver) {
            stop();
            events.drained();
            drained.run();
            return;
        }
        int left = Math.toIntExact(Math.max(0, stepsLeft));
        loops.forEach(loop -> loop.drain(left));
        stepsLeft--;
    }

    private void stop() {
        if (steps != null) {
            steps.cancel(false);
            steps = null;
            loops.forEach(V1Loop::endDrain);
        }
    }
}
