package adit.server.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/// The latest durations of something, for their p99 at this moment; a summary forgets too slowly for that.
///
/// **Owner:** one thread notes them, any may ask. **Limits:** [#KEPT] of them.
final class RecentTimes {

    static final int KEPT = 200;
    private static final int BEYOND_P99 = KEPT / 100;

    private final AtomicLongArray nanos = new AtomicLongArray(KEPT);
    private int next;

    void note(long duration) {
        nanos.set(next, duration);
        next = (next + 1) % KEPT;
    }

    /// 0 while hardly any are known.
    long p99() {
        var sorted = new long[KEPT];
        Arrays.setAll(sorted, nanos::get);
        Arrays.sort(sorted);
        return sorted[KEPT - 1 - BEYOND_P99];
    }
}
