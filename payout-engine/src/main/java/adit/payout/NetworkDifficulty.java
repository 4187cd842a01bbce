package adit.payout;

import java.math.BigInteger;

/// The difficulty of finding a block, as an exact fraction in units of difficulty 1.
///
/// **Invariant:** positive and in lowest terms, so equal difficulties are equal records.
/// **Spec:** difficulty = T1 / T with T1 = 0xffff·2^208 and T the target that nBits encodes.
public record NetworkDifficulty(BigInteger numerator, BigInteger denominator) {
    public static final NetworkDifficulty ONE =
            new NetworkDifficulty(BigInteger.ONE, BigInteger.ONE);

    private static final BigInteger TARGET_OF_ONE = BigInteger.valueOf(0xffff).shiftLeft(208);

    public NetworkDifficulty {
        if (numerator.signum() <= 0 || denominator.signum() <= 0) {
            throw new IllegalArgumentException("network difficulty must be positive");
        }
        var common = numerator.gcd(denominator);
        numerator = numerator.divide(common);
        denominator = denominator.divide(common);
    }

    public static NetworkDifficulty of(Rational difficulty) {
        return new NetworkDifficulty(difficulty.numerator(), difficulty.denominator());
    }

    /// The difficulty a block header's nBits stand for.
    ///
    /// @throws IllegalArgumentException if they encode no positive 256-bit target
    public static NetworkDifficulty ofNBits(int nBits) {
        int bytes = nBits >>> 24;
        var mantissa = BigInteger.valueOf(nBits & 0x7fffff);
        var target = mantissa.shiftLeft(8 * (bytes - 3));
        if ((nBits & 0x800000) != 0 || target.signum() == 0 || target.bitLength() > 256) {
            throw new IllegalArgumentException("nBits encodes no target: %08x".formatted(nBits));
        }
        return new NetworkDifficulty(TARGET_OF_ONE, target);
    }

    public Rational asRational() {
        return new Rational(numerator, denominator);
    }
}
