package adit.pow;

import java.math.BigInteger;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class TargetTest {
    private static final long SEED = 0x7a26e7L;
    private static final BigInteger T1 = BigInteger.valueOf(0xffff).shiftLeft(208);

    @Test
    void expandsCompactBits() {
        for (var row : Vectors.suite("nbits")) {
            var target = Target.fromNBits(Vectors.number(row, "nbits"));
            var difficulty = T1.doubleValue() / target.toBigInteger().doubleValue();
            double expected = row.required("difficulty_f64").asDouble();

            assertThat(target.displayHex()).isEqualTo(Vectors.text(row, "target"));
            assertThat(difficulty).isCloseTo(expected, within(expected * 1e-14));
            assertThat(target.toNBits()).isEqualTo(Vectors.number(row, "nbits"));
        }
    }

    @Test
    void expandsTheOddCompactFormsAsConsensusDoes() {
        assertThat(Target.fromNBits(0)).isEqualTo(Target.NEVER);
        assertThat(Target.fromNBits(0x00123456)).isEqualTo(Target.NEVER);
        assertThat(Target.fromNBits(0x01003456)).isEqualTo(Target.NEVER);
        assertThat(Target.fromNBits(0x01123456).toNBits()).isEqualTo(0x01120000);
        assertThat(Target.fromNBits(0x02123456).toNBits()).isEqualTo(0x02123400);
        assertThat(Target.fromNBits(0x04923456 & 0xff7fffff).toNBits()).isEqualTo(0x04123456);
        assertThat(Target.fromNBits(0x05009234).toNBits()).isEqualTo(0x05009234);
        assertThat(Target.fromNBits(0x20123456).toNBits()).isEqualTo(0x20123456);
        assertThat(Target.fromNBits(0x00923456)).isEqualTo(Target.NEVER);
        assertThat(Target.fromNBits(0x207fffff).displayHex()).startsWith("7fffff00").hasSize(64);
    }

    @Test
    void refusesNegativeAndOverflowingBits() {
        for (int nBits : new int[] {0x01fedcba, 0x04923456, 0x1d80ffff}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Target.fromNBits(nBits));
        }
        for (int nBits : new int[] {0xff123456, 0x23000001, 0x22000100, 0x21010000}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Target.fromNBits(nBits));
        }
    }

    @Test
    void expandsTheLargestBitsThatFit() {
        assertThat(Target.fromNBits(0x22000001).toBigInteger().bitLength()).isEqualTo(249);
        assertThat(Target.fromNBits(0x210000ff).toBigInteger().bitLength()).isEqualTo(248);
        assertThat(Target.fromNBits(0x2100ffff).toBigInteger().bitLength()).isEqualTo(256);
    }

    @Test
    void givesEveryDifficultyItsTarget() {
        for (var row : Vectors.suite("difficulty_to_target")) {
            if (row.required("difficulty_units").isNull()) {
                continue;
            }
            long units = row.required("difficulty_units").asLong();

            var target = Target.ofDifficultyUnits(units);

            assertThat(target.displayHex()).isEqualTo(Vectors.text(row, "target_units"));
            assertThat(target)
                    .isGreaterThanOrEqualTo(Vectors.target(Vectors.text(row, "target_exact")));
        }
    }

    @Test
    void isMetUpToAndIncludingItself() {
        for (var row : Vectors.suite("target_boundary")) {
            long units = Difficulty.ONE * Long.parseLong(Vectors.text(row, "share_difficulty"));
            var hash = Hash.fromDisplayHex(Vectors.text(row, "hash_display"));

            assertThat(Target.ofDifficultyUnits(units).isMetBy(hash.bytes(), 0))
                    .as(hash.displayHex())
                    .isEqualTo(row.required("accept").asBoolean());
        }
    }

    @Test
    void ordersAndMeetsLikeUnsignedNumbers() {
        var random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            var a = number(random);
            var b = random.nextInt(4) == 0 ? a.flipBit(random.nextInt(256)) : number(random);

            assertThat(Target.of(a).compareTo(Target.of(b)))
                    .as("seed %d", SEED)
                    .isEqualTo(a.compareTo(b));
            assertThat(Target.of(b).isMetBy(Target.of(a).bytes(), 0))
                    .as("%x against %x, seed %d", a, b, SEED)
                    .isEqualTo(a.compareTo(b) <= 0);
        }
    }

    @Test
    void readsTheHashAtAnyOffset() {
        var bytes = new byte[43];
        System.arraycopy(Target.DIFFICULTY_ONE.bytes(), 0, bytes, 11, 32);

        assertThat(Target.DIFFICULTY_ONE.isMetBy(bytes, 11)).isTrue();
        assertThat(Target.read(bytes, 11)).isEqualTo(Target.DIFFICULTY_ONE);

        bytes[11] = 1;
        assertThat(Target.DIFFICULTY_ONE.isMetBy(bytes, 11)).isFalse();
    }

    @Test
    void knowsItsConstants() {
        assertThat(Target.ANY.toBigInteger())
                .isEqualTo(BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
        assertThat(Target.NEVER.toBigInteger()).isZero();
        assertThat(Target.DIFFICULTY_ONE.toBigInteger()).isEqualTo(T1);
        assertThat(Target.DIFFICULTY_ONE).isEqualTo(Target.ofDifficultyUnits(Difficulty.ONE));
        assertThat(Target.DIFFICULTY_ONE.displayHex())
                .isEqualTo(Vectors.text(Vectors.suite("constants"), "diff1_target_bdiff"));
    }

    @Test
    void keepsAnyNumberOf256Bits() {
        var random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            var value = number(random);
            var target = Target.of(value);

            assertThat(target.toBigInteger()).as("seed %d", SEED).isEqualTo(value);
            assertThat(Target.read(target.bytes(), 0)).isEqualTo(target).hasSameHashCodeAs(target);
            assertThat(target.displayHex()).isEqualTo("%064x".formatted(value));
        }
    }

    @Test
    void refusesNumbersOutsideItsRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> Target.of(BigInteger.ONE.negate()));
        assertThatIllegalArgumentException().isThrownBy(() -> Target.of(BigInteger.TWO.pow(256)));
    }

    @Test
    void compactsToTheLeadingBits() {
        var random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            var target = Target.of(number(random));

            var expanded = Target.fromNBits(target.toNBits());

            assertThat(expanded).as("%s, seed %d", target, SEED).isLessThanOrEqualTo(target);
            assertThat(expanded.toNBits()).isEqualTo(target.toNBits());
            var lost = target.toBigInteger().subtract(expanded.toBigInteger());
            assertThat(lost.shiftLeft(15)).isLessThanOrEqualTo(target.toBigInteger());
        }
    }

    @Test
    void dividesDifficultiesExactly() {
        var random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            long units = Math.max(1, random.nextLong() >>> (2 + random.nextInt(60)));
            var divisor = BigInteger.valueOf(units);
            var numerator = T1.shiftLeft(32);

            var target = Target.ofDifficultyUnits(units).toBigInteger();

            assertThat(target.multiply(divisor)).as("seed %d", SEED).isLessThanOrEqualTo(numerator);
            assertThat(target.add(BigInteger.ONE).multiply(divisor)).isGreaterThan(numerator);
        }
    }

    // Of every length, so that leading words are often zero.
    private static BigInteger number(Random random) {
        return new BigInteger(random.nextInt(257), random);
    }
}
