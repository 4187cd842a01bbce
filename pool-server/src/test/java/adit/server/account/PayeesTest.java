package adit.server.account;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class PayeesTest {

    private static final int SHARES = 200_000;

    /// One draw in 10,000 lies above this with two degrees of freedom.
    private static final double MOST_CHI_SQUARE = 18.4;

    private static final BigInteger ALL_NUMBERS = BigInteger.ONE.shiftLeft(64);

    private final Payees thirds = payees(50, 30, 20);

    @Test
    void givesEveryNumberToThePayeeWhoseStretchHoldsIt() {
        long firstOfTwo = firstNumber(50, 100);
        long firstOfThree = firstNumber(80, 100);

        assertThat(chosen(0)).isZero();
        assertThat(chosen(firstOfTwo - 1)).isZero();
        assertThat(chosen(firstOfTwo)).isEqualTo(1);
        assertThat(chosen(firstOfThree - 1)).isEqualTo(1);
        assertThat(chosen(firstOfThree)).isEqualTo(2);
        assertThat(chosen(-1)).isEqualTo(2);
    }

    @Test
    void givesAllToOneWhoIsAlone() {
        var alone = Payees.of(account("alice"));
        for (long number : new long[] {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            assertThat(alone.chosenBy(hash(number))).isZero();
        }
    }

    @Test
    void readsNothingThatTheShareTargetDecides() {
        var hash = hash(0x123456789abcdef0L);
        int chosen = thirds.chosenBy(hash);
        for (int i = Long.BYTES; i < hash.length; i++) {
            hash[i] = (byte) 0xff;
        }
        assertThat(thirds.chosenBy(hash)).isEqualTo(chosen);
    }

    @Test
    void dividesSharesInProportionToTheParts() {
        long seed = 20_261_124;
        var random = new Random(seed);
        var counts = new int[3];
        var header = new byte[80];
        for (int i = 0; i < SHARES; i++) {
            random.nextBytes(header);
            counts[thirds.chosenBy(Hash.ofContent(header).bytes())]++;
        }

        assertThat(chiSquare(counts, 0.5, 0.3, 0.2))
                .as("seed %d", seed)
                .isLessThan(MOST_CHI_SQUARE);
    }

    @Test
    void refusesPayeesWithoutParts() {
        assertThatThrownBy(() -> payees(1, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> payees(1, -1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> payees()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> payees(Integer.MAX_VALUE, 1))
                .isInstanceOf(ArithmeticException.class);
    }

    private int chosen(long number) {
        return thirds.chosenBy(hash(number));
    }

    /// The least number n with floor(n · sum / 2^64) = place.
    private static long firstNumber(int place, int sum) {
        var scaled = ALL_NUMBERS.multiply(BigInteger.valueOf(place));
        var rounded = scaled.add(BigInteger.valueOf(sum - 1)).divide(BigInteger.valueOf(sum));
        return rounded.longValue();
    }

    private static byte[] hash(long first) {
        return ByteBuffer.allocate(32).putLong(first).array();
    }

    private static double chiSquare(int[] counts, double... shares) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            double expected = SHARES * shares[i];
            sum += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
        return sum;
    }

    private static Payees payees(int... parts) {
        var all = new ArrayList<Payees.Payee>();
        for (int part : parts) {
            all.add(new Payees.Payee(account("payee" + all.size()), part));
        }
        return Payees.of(List.copyOf(all));
    }

    private static Account account(String name) {
        return Account.parse(name, "mainnet").orElseThrow();
    }
}
