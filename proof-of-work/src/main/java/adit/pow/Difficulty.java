package adit.pow;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// Difficulty as a whole number of units of 2^-32, each worth about one hash.
///
/// Difficulty 1 is [#ONE] units. Powers of two are exact here and in every firmware's floating
/// point, so both sides derive the same target; any other wish is rounded down to a unit. Nothing
/// here is a double.
///
/// **Limits:** 1 ≤ units ≤ 2^62.
public final class Difficulty {
    public static final long ONE = 1L << 32;
    public static final long MAX_UNITS = 1L << 62;

    private static final BigDecimal UNITS_OF_ONE = BigDecimal.valueOf(ONE);
    private static final BigDecimal MAX_DIFFICULTY = BigDecimal.valueOf(MAX_UNITS / ONE);
    private static final BigDecimal ONE_UNIT = BigDecimal.ONE.divide(UNITS_OF_ONE);

    // T1·2^32, the target of one unit: it needs all 256 bits.
    private static final BigInteger TARGET_OF_ONE_UNIT = BigInteger.valueOf(0xffff).shiftLeft(240);
    private static final BigInteger MAX = BigInteger.valueOf(MAX_UNITS);

    private Difficulty() {}

    /// Rounds a positive difficulty down to a unit and into the limits.
    public static long units(BigDecimal difficulty) {
        if (difficulty.signum() <= 0) {
            throw new IllegalArgumentException("a difficulty must be positive");
        }
        // Comparing first keeps a wish like 1e999999999 from being written out in full.
        if (difficulty.compareTo(MAX_DIFFICULTY) >= 0) {
            return MAX_UNITS;
        }
        if (difficulty.compareTo(ONE_UNIT) <= 0) {
            return 1;
        }
        return difficulty.multiply(UNITS_OF_ONE).setScale(0, RoundingMode.DOWN).longValueExact();
    }

    /// The exact decimal, plain and as short as it can be: `65536`, `0.001953125`.
    public static String decimal(long units) {
        requireWithinLimits(units);
        return BigDecimal.valueOf(units).divide(UNITS_OF_ONE).stripTrailingZeros().toPlainString();
    }

    /// The difficulty of a target, floor(T1·2^32 / target) brought into the limits.
    ///
    /// For caps and displays: the network's difficulty itself is never held as units, it is the
    /// nBits.
    public static long unitsOfTarget(Target target) {
        var divisor = target.toBigInteger();
        if (divisor.signum() == 0) {
            return MAX_UNITS;
        }
        return TARGET_OF_ONE_UNIT.divide(divisor).min(MAX).max(BigInteger.ONE).longValueExact();
    }

    static BigInteger targetOf(long units) {
        requireWithinLimits(units);
        return TARGET_OF_ONE_UNIT.divide(BigInteger.valueOf(units));
    }

    private static void requireWithinLimits(long units) {
        if (units < 1 || units > MAX_UNITS) {
            throw new IllegalArgumentException("difficulty units out of range: " + units);
        }
    }
}
