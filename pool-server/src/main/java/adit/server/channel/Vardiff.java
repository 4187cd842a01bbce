package adit.server.channel;

/// Chooses the difficulty at which a channel brings about as many shares a minute as its listener wants.
///
/// Only shares of jobs that asked the present difficulty are counted. Steps are powers of two, which every
/// firmware's floating point holds exactly. It rises quickly, on 8 shares that came four times too fast or
/// 16 that came twice too fast; it falls when half or less of 16 expected shares came, and at the latest
/// when a channel has been silent for 8 expected ones. Between the two thresholds it stays.
///
/// **Owner:** the channel's event loop.
final class Vardiff {

    private static final int QUICK_SHARES = 8;
    private static final int SURE_SHARES = 16;
    private static final int MAX_STEP_BITS = 8;
    private static final double NANOS_PER_MINUTE = 60e9;

    private final double expectedPerNano;
    private long sinceNanos;
    private int shares;

    Vardiff(double sharesPerMinute, long nowNanos) {
        this.expectedPerNano = sharesPerMinute / NANOS_PER_MINUTE;
        this.sinceNanos = nowNanos;
    }

    /// A share at the present difficulty was accepted.
    void share() {
        shares++;
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
        boolean quick = shares >= QUICK_SHARES && shares >= 4 * expected;
        boolean sure = shares >= SURE_SHARES && shares >= 2 * expected;
        if (quick || sure) {
            double tooFast = shares / Math.max(expected, 1e-3);
            return Math.min(Math.getExponent(tooFast), MAX_STEP_BITS);
        }
        boolean slow = expected >= SURE_SHARES && shares <= expected / 2;
        boolean silent = expected >= QUICK_SHARES && shares == 0;
        if (slow || silent) {
            double tooSlow = expected / Math.max(shares, 0.5);
            return -Math.min(Math.getExponent(tooSlow), MAX_STEP_BITS);
        }
        if (expected >= 4 * SURE_SHARES) {
            restart(nowNanos);
        }
        return 0;
    }
}
