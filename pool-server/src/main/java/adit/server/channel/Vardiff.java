package adit.server.channel;

/// Chooses the difficulty at which a channel brings about as many shares a minute as its listener wants.
///
/// Only shares of jobs that asked the present difficulty are counted. Steps are powers of two, which every
/// firmware's floating point holds exactly. It moves when
///
/// | it saw | it |
/// |---|---|
/// | 8 shares or more, four times what was expected | rises as much, up to 256 times |
/// | 16, three times; or 40, twice | likewise |
/// | a quarter or less of 16 expected, or half or less of 48 | falls as much, to a sixteenth at most |
/// | none of 8 expected, from a miner that has brought none yet | falls to a 64th |
/// | none of 8 expected, from one that has | falls to a quarter, three times |
/// | none of 64 expected, after that | halves |
///
/// and counts afresh after 96 expected shares. Between the thresholds it stays: a miner at any steady rate is
/// moved less than once an hour or so.
///
/// **Owner:** the channel's event loop.
final class Vardiff {

    private static final int QUICK_SHARES = 8;
    private static final int SOON_SHARES = 16;
    private static final int SURE_SHARES = 40;
    private static final int SOON_EXPECTED = 16;
    private static final int SURE_EXPECTED = 48;
    private static final int SILENT_EXPECTED = 8;
    private static final int LONG_SILENT_EXPECTED = 64;
    private static final int WINDOW_EXPECTED = 96;
    private static final int MAX_RISE_BITS = 8;
    private static final int MAX_FALL_BITS = 4;
    private static final int SILENT_FALL_BITS = 2;
    private static final int MAX_SILENT_FALL_BITS = 6;
    private static final int FLOOD_FACTOR = 5;
    private static final long FLOOD_NANOS = 30_000_000_000L;
    private static final double ROOT_OF_TWO = 1.414213562373095;
    private static final double NANOS_PER_MINUTE = 60e9;

    private final double expectedPerNano;
    private long sinceNanos;
    private int shares;
    private boolean proven;
    private int silentFallBits;

    Vardiff(double sharesPerMinute, long nowNanos) {
        this.expectedPerNano = sharesPerMinute / NANOS_PER_MINUTE;
        this.sinceNanos = nowNanos;
    }

    /// A share at the present difficulty was accepted.
    void share() {
        shares++;
        proven = true;
        silentFallBits = 0;
    }

    /// The difficulty is one at which this miner is known to bring shares.
    void trust() {
        proven = true;
    }

    /// The channel has a new difficulty: count afresh.
    void restart(long nowNanos) {
        shares = 0;
        sinceNanos = nowNanos;
    }

    /// How many doublings (or, negative, halvings) would bring the channel to its rate; 0 to stay.
    ///
    /// @param eased whether half the rate is enough, because the pool has much to do
    int step(long nowNanos, boolean eased) {
        double expected = (nowNanos - sinceNanos) * (eased ? expectedPerNano / 2 : expectedPerNano);
        if (isTooFast(expected)) {
            return rise(expected);
        }
        if (shares == 0) {
            return silence(expected);
        }
        boolean slow =
                (expected >= SOON_EXPECTED && shares <= expected / 4)
                        || (expected >= SURE_EXPECTED && shares <= expected / 2);
        if (slow) {
            return -Math.min(nearestPower(expected / shares), MAX_FALL_BITS);
        }
        if (expected >= WINDOW_EXPECTED) {
            restart(nowNanos);
        }
        return 0;
    }

    /// The same for a miner that chose its difficulty for good: it is let be, unless it has flooded the pool
    /// with five times the shares wanted for half a minute.
    int governedStep(long nowNanos) {
        long nanos = nowNanos - sinceNanos;
        if (nanos < FLOOD_NANOS) {
            return 0;
        }
        double expected = nanos * expectedPerNano;
        if (shares >= FLOOD_FACTOR * Math.max(expected, 1)) {
            return rise(expected);
        }
        restart(nowNanos);
        return 0;
    }

    private boolean isTooFast(double expected) {
        return (shares >= QUICK_SHARES && shares >= 4 * expected)
                || (shares >= SOON_SHARES && shares >= 3 * expected)
                || (shares >= SURE_SHARES && shares >= 2 * expected);
    }

    private int rise(double expected) {
        return Math.min(nearestPower(shares / Math.max(expected, 1e-3)), MAX_RISE_BITS);
    }

    private static int nearestPower(double ratio) {
        return Math.getExponent(ratio * ROOT_OF_TWO);
    }

    /// A machine that has worked and stops has most likely not shrunk: it is off, or its way is broken. So it
    /// is met a little below where it was when it comes back, and not at the floor, where it would flood.
    private int silence(double expected) {
        if (!proven) {
            return expected >= SILENT_EXPECTED ? -MAX_SILENT_FALL_BITS : 0;
        }
        if (silentFallBits < MAX_SILENT_FALL_BITS) {
            return expected >= SILENT_EXPECTED ? silentFall(SILENT_FALL_BITS) : 0;
        }
        return expected >= LONG_SILENT_EXPECTED ? silentFall(1) : 0;
    }

    private int silentFall(int bits) {
        silentFallBits += bits;
        return -bits;
    }
}
