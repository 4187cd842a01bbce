package adit.payout;

import java.math.BigInteger;

/// What one share is worth, in expected blocks: min(1, d / D), where d is the difficulty assigned with its job.
///
/// The cap keeps a share from being worth more than a block: on test networks the pool's difficulty may exceed the
/// network's, and one share would otherwise outweigh a whole window.
public final class ShareCredit {
    private ShareCredit() {}

    /// Expected blocks one share is worth; a stale share is recorded and worth nothing.
    public static Rational weight(
            BigInteger difficultyUnits, NetworkDifficulty network, boolean isStale) {
        return isStale ? Rational.ZERO : exact(difficultyUnits, network).min(Rational.ONE);
    }

    /// Whether a share is as hard as a block or harder, and so worth exactly one.
    static boolean isCapped(BigInteger difficultyUnits, NetworkDifficulty network) {
        return exact(difficultyUnits, network).compareTo(Rational.ONE) >= 0;
    }

    static Rational exact(BigInteger difficultyUnits, NetworkDifficulty network) {
        return new Rational(
                difficultyUnits.multiply(network.denominator()),
                network.numerator().shiftLeft(WorkSlice.UNIT_BITS));
    }
}
