package adit.payout;

import java.math.BigDecimal;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class NetworkDifficultyTest {
    @Test
    void readsTheEasiestTargetOfRegtest() {
        assertThat(NetworkDifficulty.ofNBits(0x207fffff).asRational())
                .isEqualTo(Rational.of(65_535, 140_737_471_578_112L));
    }

    @Test
    void refusesNBitsWithoutAPositiveTarget() {
        for (int nBits :
                new int[] {0, 0x17000000, 0x01003456, 0x04923456, 0xff7fffff, 0x22010000}) {
            assertThatThrownBy(() -> NetworkDifficulty.ofNBits(nBits))
                    .as("%08x", nBits)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void readsDecimalsAndFractionsExactly() {
        assertThat(Rational.of(new BigDecimal("1.45"))).isEqualTo(Rational.parse("29/20"));
        assertThat(Rational.of(new BigDecimal("4E+2"))).isEqualTo(Rational.of(400));
        assertThat(Rational.parse("6/4").toString()).isEqualTo("3/2");
        assertThatThrownBy(() -> Rational.parse("1/0"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Rational.parse("half"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
