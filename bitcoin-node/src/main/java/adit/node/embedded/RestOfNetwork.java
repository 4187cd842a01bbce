package adit.node.embedded;

import java.time.Duration;

/// How the miners that are not ours behave: how often they find a block, how often they win a race, how much is paid.
///
/// Their blocks come at exponential intervals with this mean. About one in `oneRaceIn` of their turns is a race: they
/// build two blocks beside the tip, whosever it was, and so orphan it. At each turn the wallet makes up to
/// `paymentsPerBlock` payments.
public record RestOfNetwork(Duration meanInterval, int oneRaceIn, int paymentsPerBlock) {
    public RestOfNetwork {
        Check.that(!meanInterval.isNegative(), "an interval cannot be negative");
        Check.that(oneRaceIn >= 2, "not every turn can be a race");
        Check.that(paymentsPerBlock >= 0, "payments cannot be fewer than none");
    }

    /// Nobody else: blocks come only when asked for.
    public static RestOfNetwork absent() {
        return new RestOfNetwork(Duration.ZERO, Integer.MAX_VALUE, 0);
    }

    /// Three blocks in twenty seconds, and a race about every two minutes.
    public static RestOfNetwork lively() {
        return new RestOfNetwork(Duration.ofMillis(6_667), 18, 5);
    }

    boolean isAbsent() {
        return meanInterval.isZero();
    }
}
