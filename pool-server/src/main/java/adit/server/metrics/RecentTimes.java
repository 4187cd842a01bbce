package adit.server.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/// The latest durations of something, for their percentiles at this moment; a summary forgets too slowly for that.
///
/// **Owner:** one thread notes them, any may ask. **Limits:** as many as it was made for.
public final class RecentTimes {

    private static final int PERCENT = 100;

    private final AtomicLongArray nanos;
    private int next;

    public RecentTimes(int kept) {
        nanos = new AtomicLongArray(kept);
    }

    public void note(long duration) {
        nanos.set(next, duration);
        next = (next + 1) % nanos.length();
    }

    /// What all but the longest of them stay within; 0 while hardly any are known.
    ///
    /// @param percent how many that are of a hundred
    public long percentile(int percent) {
        var sorted = new long[nanos.length()];
        Arrays.setAll(sorted, nanos::get);
        Arrays.sort(sorted);
        return sorted[sorted.length - 1 - sorted.length * (PERCENT - percent) / PERCENT];
    }
}
