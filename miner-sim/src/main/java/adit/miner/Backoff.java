package adit.miner;

import java.util.random.RandomGenerator;

/// How long to wait before connecting again: doubling, bounded, and spread so that miners don't come back in step.
///
/// **Owner:** one event loop. **Limits:** between [#FIRST_MILLIS] / 2 and [#MOST_MILLIS].
final class Backoff {
    static final long FIRST_MILLIS = 100;
    static final long MOST_MILLIS = 30_000;

    private final RandomGenerator random;
    private long ceilingMillis = FIRST_MILLIS;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    long nextMillis() {
        long delayMillis = random.nextLong(ceilingMillis / 2, ceilingMillis + 1);
        ceilingMillis = Math.min(2 * ceilingMillis, MOST_MILLIS);
        return delayMillis;
    }

    void reset() {
        ceilingMillis = FIRST_MILLIS;
    }
}
