package adit.payout;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ApportionTest {
    @Test
    void sharesTheLastSatsByLargestFraction() {
        assertThat(Apportion.bySize(10, weights(54, 36, 10))).containsExactly(5, 4, 1);
    }

    @Test
    void breaksTiesTowardsTheEarlierPart() {
        assertThat(Apportion.bySize(101, weights(1, 1, 1))).containsExactly(34, 34, 33);
    }

    @Test
    void breaksTiesAsTold() {
        assertThat(Apportion.bySize(100, weights(1, 1, 1), (a, b) -> b - a))
                .containsExactly(33, 33, 34);
    }

    @Test
    void paysNothingToZeroWeight() {
        assertThat(Apportion.bySize(5, weights(0, 3, 0, 4))).containsExactly(0, 2, 0, 3);
    }

    @Test
    void refusesWhenNobodyWorked() {
        assertThatThrownBy(() -> Apportion.bySize(5, weights(0, 0)))
                .hasMessage("some weight must be positive");
        assertThatThrownBy(() -> Apportion.bySize(5, weights()))
                .hasMessage("some weight must be positive");
    }

    @Test
    void refusesNegativeAmountsAndWeights() {
        assertThatThrownBy(() -> Apportion.bySize(-1, weights(1)))
                .hasMessage("total must not be negative");
        assertThatThrownBy(() -> Apportion.bySize(1, weights(3, -1)))
                .hasMessage("weight must not be negative");
    }

    @Test
    void sumsToTheTotalForAnyWeights() {
        for (long seed = 1; seed <= 20_000; seed++) {
            var random = new Random(seed);
            long total = random.nextLong(1L << (1 + random.nextInt(62)));
            var weights = new BigInteger[1 + random.nextInt(20)];
            Arrays.setAll(weights, _ -> new BigInteger(random.nextInt(130), random));
            weights[0] = weights[0].add(BigInteger.ONE);
            var sum = Arrays.stream(weights).reduce(BigInteger.ZERO, BigInteger::add);

            var parts = Apportion.bySize(total, weights);

            assertThat(Arrays.stream(parts).sum()).as("seed %d", seed).isEqualTo(total);
            for (int i = 0; i < parts.length; i++) {
                var missed =
                        BigInteger.valueOf(parts[i])
                                .multiply(sum)
                                .subtract(weights[i].multiply(BigInteger.valueOf(total)));
                assertThat(missed.abs()).as("seed %d part %d", seed, i).isLessThan(sum);
                assertThat(parts[i] > 0 && weights[i].signum() == 0)
                        .as("seed %d part %d", seed, i)
                        .isFalse();
            }
        }
    }

    @Test
    void takesTheFeeOfTheLargestAmountExactly() {
        for (int feeBps : new int[] {0, 1, 137, 9_999, 10_000}) {
            assertThat(Apportion.fee(Long.MAX_VALUE, feeBps))
                    .isEqualTo(
                            BigInteger.valueOf(Long.MAX_VALUE)
                                    .multiply(BigInteger.valueOf(feeBps))
                                    .divide(BigInteger.valueOf(10_000))
                                    .longValueExact());
        }
    }

    private static BigInteger[] weights(long... weights) {
        return Arrays.stream(weights).mapToObj(BigInteger::valueOf).toArray(BigInteger[]::new);
    }
}
