package adit.miner.swarm;

/// How long answers took: a histogram whose buckets are 3 % wide, so that counting one costs nothing.
///
/// **Owner:** the swarm's thread.
public final class Latencies {

    private static final int STEPS_A_DOUBLING = 32;
    private static final int STEP_BITS = 5;

    private final long[] counts = new long[Long.SIZE * STEPS_A_DOUBLING];
    private long total;

    Latencies() {}

    void add(long nanos) {
        counts[bucket(Math.max(nanos, 1))]++;
        total++;
    }

    public long count() {
        return total;
    }

    /// At most this many nanoseconds were needed by such a part of all: the upper edge of its bucket. 0 without
    /// any.
    public long quantileNanos(double part) {
        long wanted = (long) Math.ceil(total * part);
        long seen = 0;
        for (int i = 0; i < counts.length && wanted > 0; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return upperEdge(i);
            }
        }
        return 0;
    }

    private static int bucket(long nanos) {
        int doubling = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        long step =
                doubling >= STEP_BITS
                        ? nanos >>> (doubling - STEP_BITS)
                        : nanos << (STEP_BITS - doubling);
        return doubling * STEPS_A_DOUBLING + (int) step - STEPS_A_DOUBLING;
    }

    private static long upperEdge(int bucket) {
        int doubling = bucket / STEPS_A_DOUBLING;
        long step = bucket % STEPS_A_DOUBLING + STEPS_A_DOUBLING + 1L;
        return doubling >= STEP_BITS
                ? step << (doubling - STEP_BITS)
                : step >>> (STEP_BITS - doubling);
    }
}
