package adit.ledger.postgres;

import java.util.random.RandomGenerator;

/// The seed of a test's random input: a new one each time, or `-Dseed=N` to see a failure again.
public final class TestSeed {
    private TestSeed() {}

    /// The seed of this run, which is printed.
    public static long next() {
        long seed = Long.getLong("seed", RandomGenerator.getDefault().nextLong());
        System.out.println("replay with -Dseed=" + seed);
        return seed;
    }
}
