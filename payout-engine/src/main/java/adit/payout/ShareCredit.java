package adit.payout;

import java.math.BigInteger;

/// What one share is worth, in expected blocks: min(1, d / D), where d is the difficulty assigned with its job.
///
/// The cap keeps a share easier than a block: on test networks a pool's difficulty may exceed the network's, and
/// one share would otherwise outweigh a whole window. Because min(1, d/D) = d / max(d, D), a slice of capped shares
/// is an ordinary [WorkSlice] whose network difficulty is [#networkFor]: no sum has to be cut.
public final class ShareCredit {
    private ShareCredit() {}

    /// The network difficulty to weigh shares of this difficulty against: never easier than the shares themselves.
    public static NetworkDifficulty networkFor(long difficultyUnits, NetworkDifficulty network) {
        return networkFor(BigInteger.valueOf(difficultyUnits), network);
    }

    static NetworkDifficulty networkFor(BigInteger difficultyUnits, NetworkDifficulty network) {
        var difficulty =
                new Rational(difficultyUnits, BigInteger.ONE.shiftLeft(WorkSlice.UNIT_BITS));
        return difficulty.compareTo(network.asRational()) > 0
                ? NetworkDifficulty.of(difficulty)
                : network;
    }

    /// Expected blocks one share is worth; a stale share is recorded and worth nothing.
    public static Rational weight(
            long difficultyUnits, NetworkDifficulty network, boolean isStale) {
        return isStale
                ? Rational.ZERO
                : weight(BigInteger.valueOf(difficultyUnits), networkFor(difficultyUnits, network));
    }

    static Rational weight(BigInteger difficultyUnits, NetworkDifficulty network) {
        return new Rational(
                difficultyUnits.multiply(network.denominator()),
                network.numerator().shiftLeft(WorkSlice.UNIT_BITS));
    }
}
