package adit.system;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Waiting for a condition, with a deadline and words for its failure.
final class Await {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_NANOS = 10_000_000;

    private Await() {}

    static void until(Callable<Boolean> condition, Supplier<String> what) throws Exception {
        until(DEADLINE, condition, what);
    }

    static void until(Duration atMost, Callable<Boolean> condition, Supplier<String> what)
            throws Exception {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in time: " + what.get());
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }
}
