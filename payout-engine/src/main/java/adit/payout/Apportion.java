package adit.payout;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// The three roundings of money: largest remainder, the floor of a fee, and the floor of an exact amount.
///
/// Every division of money in the pool happens here. Largest remainder splits a whole number of units in proportion
/// to weights, losing and inventing none: each part is first rounded down, then the units left over go one each to
/// the parts that lost the largest fraction, so the same inputs always give the same outputs.
///
/// **Invariant:** the parts sum to the total. **Limits:** at most [Integer#MAX_VALUE] parts; each weight
/// is non-negative and at least one is positive.
final class Apportion {
    private static final int WHOLE_BPS = 10_000;

    private Apportion() {}

    /// Ties go to the earlier part (callers pass parts in ascending account id).
    static long[] bySize(long total, BigInteger[] weights) {
        return bySize(total, weights, Comparator.naturalOrder());
    }

    /// Ties go to the part that `ties`, an order of places in `weights`, puts first.
    static long[] bySize(long total, BigInteger[] weights, Comparator<Integer> ties) {
        Check.that(total >= 0, "total must not be negative");
        var sum = Arrays.stream(weights).reduce(BigInteger.ZERO, BigInteger::add);
        Check.that(sum.signum() > 0, "some weight must be positive");

        var amount = BigInteger.valueOf(total);
        var parts = new long[weights.length];
        var remainders = new BigInteger[weights.length];
        long assigned = 0;
        for (int i = 0; i < weights.length; i++) {
            Check.that(weights[i].signum() >= 0, "weight must not be negative");
            var exact = weights[i].multiply(amount).divideAndRemainder(sum);
            parts[i] = exact[0].longValueExact();
            remainders[i] = exact[1];
            assigned = Math.addExact(assigned, parts[i]);
        }

        // Fewer units are left over than there are parts that lost a fraction, so nobody receives
        // two.
        int leftOver = Math.toIntExact(total - assigned);
        IntStream.range(0, weights.length)
                .boxed()
                .sorted(
                        Comparator.<Integer, BigInteger>comparing(i -> remainders[i])
                                .reversed()
                                .thenComparing(ties))
                .limit(leftOver)
                .forEach(i -> parts[i]++);

        Check.that(Arrays.stream(parts).sum() == total, "parts must sum to the total");
        return parts;
    }

    /// The fee on an amount, rounded down in favour of the miners.
    static long fee(long amount, int feeBps) {
        Check.that(amount >= 0, "amount must not be negative");
        Check.that(feeBps >= 0 && feeBps <= WHOLE_BPS, "fee must lie between 0 and 10000 bps");
        // Whole ten-thousands first: amount · feeBps itself may not fit a long.
        return amount / WHOLE_BPS * feeBps + amount % WHOLE_BPS * feeBps / WHOLE_BPS;
    }

    static long floor(Rational amount) {
        Check.that(amount.signum() >= 0, "amount must not be negative");
        return amount.numerator().divide(amount.denominator()).longValueExact();
    }
}
