package adit.miner;

/// How many hashes are due by now, at a fixed rate, in bursts of a slot.
///
/// Time that was slept through beyond one slot is forgotten rather than made up for, so a miner never exceeds its
/// rate by more than one slot's hashes.
///
/// **Owner:** one thread. **Limits:** rates up to [MinerSettings#MAX_HASHES_PER_SECOND]; 0 means unlimited.
final class Pace {
    static final long SLOT_NANOS = 50_000_000;
    static final int UNLIMITED_BURST = 8_192;

    private static final long SECOND_NANOS = 1_000_000_000;

    private final long hashesPerSecond;
    private long originNanos;
    private long granted;

    Pace(long hashesPerSecond, long nowNanos) {
        this.hashesPerSecond = hashesPerSecond;
        originNanos = nowNanos;
    }

    /// Grants what is due and not yet granted.
    long takeDue(long nowNanos) {
        if (hashesPerSecond == 0) {
            return UNLIMITED_BURST;
        }
        long behindNanos = nowNanos - originNanos - grantedNanos();
        if (behindNanos > 2 * SLOT_NANOS) {
            originNanos += behindNanos - SLOT_NANOS;
        }
        long due = (nowNanos - originNanos) * hashesPerSecond / SECOND_NANOS - granted;
        granted += due;
        // Whole seconds are dropped from both sides, which keeps the products small and exact.
        long seconds = granted / hashesPerSecond;
        originNanos += seconds * SECOND_NANOS;
        granted -= seconds * hashesPerSecond;
        return due;
    }

    /// How long to rest until a slot's worth is due, or a single hash if that takes longer.
    long restNanos(long nowNanos) {
        if (hashesPerSecond == 0) {
            return 0;
        }
        long nextHashNanos = (granted + 1) * SECOND_NANOS / hashesPerSecond + 1;
        long untilNextHash = originNanos + nextHashNanos - nowNanos;
        long untilNextSlot = originNanos + grantedNanos() + SLOT_NANOS - nowNanos;
        return Math.max(0, Math.max(untilNextHash, untilNextSlot));
    }

    private long grantedNanos() {
        return granted * SECOND_NANOS / hashesPerSecond;
    }
}
