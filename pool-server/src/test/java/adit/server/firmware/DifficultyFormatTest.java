package adit.server.firmware;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import adit.pow.Difficulty;

import static org.assertj.core.api.Assertions.assertThat;

class DifficultyFormatTest {

    @Test
    void roundsDownToWhatAFirmwareReads() {
        long one = Difficulty.ONE;
        assertThat(DifficultyFormat.INTEGER.readable(one * 5 / 2)).isEqualTo(2 * one);
        assertThat(DifficultyFormat.INTEGER.readable(2 * one)).isEqualTo(2 * one);
        assertThat(DifficultyFormat.INTEGER.readable(1)).isEqualTo(one);
        assertThat(DifficultyFormat.FLOAT.readable((1L << 40) + 1)).isEqualTo(1L << 40);
        assertThat(DifficultyFormat.FLOAT.readable((1L << 24) - 1)).isEqualTo((1L << 24) - 1);
        assertThat(DifficultyFormat.DOUBLE.readable((1L << 60) + 1)).isEqualTo(1L << 60);
        assertThat(DifficultyFormat.DOUBLE.readable(3)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void isExactInTheFirmwaresOwnArithmetic(DifficultyFormat format) {
        var random = new Random(11);
        for (int i = 0; i < 10_000; i++) {
            long units = (random.nextLong() & (Difficulty.MAX_UNITS - 1)) >>> random.nextInt(62);
            if (units == 0) {
                continue;
            }
            long readable = format.readable(units);
            double told = (double) readable / Difficulty.ONE;
            switch (format) {
                case INTEGER -> assertThat(told).isEqualTo(Math.floor(told)).isPositive();
                case FLOAT -> assertThat((double) (float) told).isEqualTo(told);
                case DOUBLE -> assertThat((long) (told * Difficulty.ONE)).isEqualTo(readable);
            }
            assertThat(readable).isPositive().isLessThanOrEqualTo(Math.max(units, Difficulty.ONE));
            assertThat(format.readable(readable)).isEqualTo(readable);
        }
    }

    @Test
    void holdsWhatFitsTheCoinbaseAndTheLine() {
        assertThat(CoinbaseClass.TINY_SOC.holds(255, 16)).isTrue();
        assertThat(CoinbaseClass.TINY_SOC.holds(256, 0)).isFalse();
        assertThat(CoinbaseClass.DEFAULT.holds(755, 16)).isTrue();
        assertThat(CoinbaseClass.DEFAULT.holds(755, 35)).isFalse();
        assertThat(CoinbaseClass.YUGE.holds(6_500, 16)).isTrue();
        assertThat(CoinbaseClass.YUGE.holds(6_501, 16)).isFalse();
    }
}
