package adit.pow;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DifficultyTest {
    private static final long SEED = 0xd1ffL;

    @Test
    void roundsDecimalsDownToUnits() {
        for (var row : Vectors.suite("difficulty_to_target")) {
            long units = Difficulty.units(new BigDecimal(Vectors.text(row, "difficulty")));

            var expected = row.required("difficulty_units");
            assertThat(units)
                    .isEqualTo(expected.isNull() ? Difficulty.MAX_UNITS : expected.asLong());
        }
    }

    @Test
    void givesTheExactTargetWhereADecimalIsAWholeNumberOfUnits() {
        int exact = 0;
        for (var row : Vectors.suite("difficulty_to_target")) {
            var difficulty = new BigDecimal(Vectors.text(row, "difficulty"));
            long units = Difficulty.units(difficulty);
            if (new BigDecimal(Difficulty.decimal(units)).compareTo(difficulty) == 0) {
                exact++;
                assertThat(Target.ofDifficultyUnits(units).displayHex())
                        .isEqualTo(Vectors.text(row, "target_exact"));
            }
        }
        assertThat(exact).isGreaterThan(10);
    }

    @Test
    void staysWithinItsLimits() {
        assertThat(Difficulty.units(new BigDecimal("1e999999999"))).isEqualTo(Difficulty.MAX_UNITS);
        assertThat(Difficulty.units(new BigDecimal("1e-999999999"))).isEqualTo(1);
        assertThat(Difficulty.units(new BigDecimal("1073741824"))).isEqualTo(Difficulty.MAX_UNITS);
        assertThat(Difficulty.units(new BigDecimal("1073741823.99999999999")))
                .isEqualTo(Difficulty.MAX_UNITS - 1);
        assertThat(Difficulty.units(new BigDecimal("0.00000000023283064365386962890625")))
                .isEqualTo(1);
        assertThat(Difficulty.units(new BigDecimal("0.0000000004656612873077392578125")))
                .isEqualTo(2);
    }

    @Test
    void refusesWhatIsNotPositive() {
        for (var text : new String[] {"0", "-1", "0e-999999999", "-1e999999999"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Difficulty.units(new BigDecimal(text)));
        }
        for (long units : new long[] {0, -1, Difficulty.MAX_UNITS + 1, Long.MIN_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Difficulty.decimal(units));
            assertThatIllegalArgumentException().isThrownBy(() -> Target.ofDifficultyUnits(units));
        }
    }

    @Test
    void writesExactPlainDecimals() {
        assertThat(Difficulty.decimal(Difficulty.ONE)).isEqualTo("1");
        assertThat(Difficulty.decimal(65536 * Difficulty.ONE)).isEqualTo("65536");
        assertThat(Difficulty.decimal(100 * Difficulty.ONE)).isEqualTo("100");
        assertThat(Difficulty.decimal(Difficulty.ONE / 512)).isEqualTo("0.001953125");
        assertThat(Difficulty.decimal(1)).isEqualTo("0.00000000023283064365386962890625");
        assertThat(Difficulty.decimal(Difficulty.MAX_UNITS)).isEqualTo("1073741824");
    }

    @Test
    void readsBackWhatItWrites() {
        var random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            long units = Math.max(1, random.nextLong() >>> (2 + random.nextInt(60)));

            assertThat(Difficulty.units(new BigDecimal(Difficulty.decimal(units))))
                    .as("seed %d", SEED)
                    .isEqualTo(units);
        }
    }

    @Test
    void measuresTargetsAndHashesInUnits() {
        for (var vector : Vectors.suite("share_vectors")) {
            var expect = vector.required("expect");
            var units =
                    new BigInteger(Vectors.text(expect, "difficulty_num"))
                            .shiftLeft(32)
                            .divide(new BigInteger(Vectors.text(expect, "difficulty_den")))
                            .min(BigInteger.valueOf(Difficulty.MAX_UNITS));

            var hash = Target.read(Vectors.bytes(expect, "hash_internal"), 0);

            assertThat(Difficulty.unitsOfTarget(hash)).isEqualTo(units.longValueExact());
        }
        assertThat(Difficulty.unitsOfTarget(Target.NEVER)).isEqualTo(Difficulty.MAX_UNITS);
        assertThat(Difficulty.unitsOfTarget(Target.ANY)).isEqualTo(1);
    }

    @Test
    void neverMeasuresATargetHarderThanItIs() {
        var random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            var target = Target.of(new BigInteger(194 + random.nextInt(62), random).setBit(193));

            long units = Difficulty.unitsOfTarget(target);

            assertThat(Target.ofDifficultyUnits(units))
                    .as("seed %d", SEED)
                    .isGreaterThanOrEqualTo(target);
        }
    }
}
