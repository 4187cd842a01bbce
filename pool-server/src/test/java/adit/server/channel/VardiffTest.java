package adit.server.channel;

import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Vardiff against shares that arrive as luck has it, and against silence.
final class VardiffTest {

    private static final double SHARES_PER_MINUTE = 15;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long TICK_NANOS = 5 * SECOND_NANOS;
    private static final int SEEDS = 20;

    /// A miner whose right difficulty is 2^0, at present asked 2^exponent.
    private static final class Simulation {
        private final Random random;
        private final Vardiff vardiff = new Vardiff(SHARES_PER_MINUTE, 0);
        private long nowNanos;
        private long nextTickNanos = TICK_NANOS;
        private int exponent;
        private int changes;
        private int shares;
        private double nanosInBand;

        Simulation(long seed, int exponent) {
            this.random = new Random(seed);
            this.exponent = exponent;
        }

        void run(long untilNanos) {
            while (nowNanos < untilNanos) {
                double meanNanos =
                        60.0 * SECOND_NANOS / SHARES_PER_MINUTE * StrictMath.pow(2, exponent);
                double waitNanos = -StrictMath.log(1 - random.nextDouble()) * meanNanos;
                if (nowNanos + waitNanos < nextTickNanos) {
                    pass((long) waitNanos + 1);
                    shares++;
                    vardiff.share();
                } else {
                    pass(nextTickNanos - nowNanos);
                    nextTickNanos += TICK_NANOS;
                }
                int step = vardiff.step(nowNanos, false);
                if (step != 0) {
                    exponent += step;
                    changes++;
                    vardiff.restart(nowNanos);
                }
            }
        }

        private void pass(long nanos) {
            nowNanos += nanos;
            nanosInBand += Math.abs(exponent) <= 1 ? nanos : 0;
        }
    }

    @Test
    void findsAMiner65536TimesTooFastWithinAMinuteAndAFewShares() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var simulation = new Simulation(seed, -16);
            simulation.run(60 * SECOND_NANOS);

            assertThat(simulation.exponent).as("seed %d", seed).isBetween(-2, 1);
            assertThat(simulation.shares).as("seed %d", seed).isLessThan(100);
        }
    }

    @Test
    void findsAMinerAMillionTimesTooSlowWithinFiveMinutes() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var simulation = new Simulation(seed, 20);
            simulation.run(5 * 60 * SECOND_NANOS);

            assertThat(simulation.exponent).as("seed %d", seed).isBetween(-2, 2);
        }
    }

    @Test
    void staysInTheBandAndSeldomMoves() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var simulation = new Simulation(seed, 0);
            long hours = 12;
            simulation.run(hours * 3600 * SECOND_NANOS);

            assertThat(simulation.nanosInBand / simulation.nowNanos)
                    .as("seed %d", seed)
                    .isGreaterThan(0.97);
            assertThat(simulation.changes / hours).as("seed %d", seed).isLessThan(12);
            assertThat(simulation.shares / (hours * 60.0))
                    .as("seed %d", seed)
                    .isBetween(SHARES_PER_MINUTE * 0.7, SHARES_PER_MINUTE * 1.4);
        }
    }

    @Test
    void waitsForEightExpectedSharesBeforeSilenceMeansAnything() {
        var vardiff = new Vardiff(SHARES_PER_MINUTE, 0);

        assertThat(vardiff.step(31 * SECOND_NANOS, false)).isZero();
        assertThat(vardiff.step(32 * SECOND_NANOS, false)).isNegative();
    }

    @Test
    void staysWhereHalfOrTwiceTheSharesHaveNotYetCome() {
        var vardiff = new Vardiff(SHARES_PER_MINUTE, 0);
        for (int i = 0; i < 15; i++) {
            vardiff.share();
        }

        assertThat(vardiff.step(16 * SECOND_NANOS, false)).isZero();
        assertThat(vardiff.step(64 * SECOND_NANOS, false)).isZero();
    }

    @Test
    void risesByOneOnTwiceAndByTwoOnFourTimesTheShares() {
        var twice = new Vardiff(SHARES_PER_MINUTE, 0);
        for (int i = 0; i < 16; i++) {
            twice.share();
        }
        assertThat(twice.step(32 * SECOND_NANOS, false)).isEqualTo(1);

        var fourTimes = new Vardiff(SHARES_PER_MINUTE, 0);
        for (int i = 0; i < 8; i++) {
            fourTimes.share();
        }
        assertThat(fourTimes.step(8 * SECOND_NANOS, false)).isEqualTo(2);
    }

    @Test
    void takesNoStepBeyond256TimesHoweverWrongItIs() {
        var flooded = new Vardiff(SHARES_PER_MINUTE, 0);
        for (int i = 0; i < 100_000; i++) {
            flooded.share();
        }

        assertThat(flooded.step(1, false)).isEqualTo(8);
        assertThat(new Vardiff(SHARES_PER_MINUTE, 0).step(1_000_000 * SECOND_NANOS, false))
                .isEqualTo(-8);
    }

    @Test
    void countsAfreshFromTimeToTimeSoThatOldQuietHidesNoNewHaste() {
        var vardiff = new Vardiff(SHARES_PER_MINUTE, 0);
        for (int i = 0; i < 60; i++) {
            vardiff.share();
        }
        long now = 4 * 16 * 4 * SECOND_NANOS;
        assertThat(vardiff.step(now, false)).isZero();
        for (int i = 0; i < 8; i++) {
            vardiff.share();
        }

        assertThat(vardiff.step(now + SECOND_NANOS, false)).isPositive();
    }
}
