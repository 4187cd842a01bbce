package adit.server.channel;

import java.util.ArrayList;
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
            assertThat(simulation.changes / hours).as("seed %d", seed).isLessThan(2);
            assertThat(simulation.shares / (hours * 60.0))
                    .as("seed %d", seed)
                    .isBetween(SHARES_PER_MINUTE * 0.7, SHARES_PER_MINUTE * 1.4);
        }
    }

    @Test
    void waitsForEightExpectedSharesBeforeSilenceMeansAnything() {
        var vardiff = new Vardiff(SHARES_PER_MINUTE, 0);

        assertThat(vardiff.step(31 * SECOND_NANOS, false)).isZero();
        assertThat(vardiff.step(32 * SECOND_NANOS, false)).isEqualTo(-6);
    }

    @Test
    void meetsAMinerThatFellSilentALittleBelowAndNotAtTheFloor() {
        var vardiff = new Vardiff(SHARES_PER_MINUTE, 0);
        vardiff.share();
        vardiff.restart(0);
        long now = 0;
        int bits = 0;
        var steps = new ArrayList<Integer>();
        while (now < 3600 * SECOND_NANOS) {
            now += SECOND_NANOS;
            int step = vardiff.step(now, false);
            if (step != 0) {
                steps.add(step);
                bits -= step;
                vardiff.restart(now);
            }
            if (now == 10 * 60 * SECOND_NANOS) {
                assertThat(bits).as("after ten minutes").isBetween(6, 8);
            }
        }

        assertThat(steps).startsWith(-2, -2, -2, -1, -1).allMatch(step -> step >= -2);
        assertThat(bits).isBetween(15, 20);
    }

    @Test
    void fallsQuicklyOnlyForAMinerThatHasBroughtNothingYet() {
        var trusted = new Vardiff(SHARES_PER_MINUTE, 0);
        trusted.trust();

        assertThat(trusted.step(32 * SECOND_NANOS, false)).isEqualTo(-2);
    }

    @Test
    void staysWhereHalfOrTwiceTheSharesHaveNotYetCome() {
        var vardiff = new Vardiff(SHARES_PER_MINUTE, 0);
        shares(vardiff, 39);

        assertThat(vardiff.step(78 * SECOND_NANOS, false)).isZero();
        assertThat(vardiff.step(4 * 77 * SECOND_NANOS, false)).isZero();
    }

    @Test
    void risesByOneOnTwiceAndByTwoOnFourTimesTheShares() {
        var twice = new Vardiff(SHARES_PER_MINUTE, 0);
        shares(twice, 40);
        assertThat(twice.step(80 * SECOND_NANOS, false)).isEqualTo(1);

        var fourTimes = new Vardiff(SHARES_PER_MINUTE, 0);
        shares(fourTimes, 8);
        assertThat(fourTimes.step(8 * SECOND_NANOS, false)).isEqualTo(2);
    }

    @Test
    void takesNoStepBeyond256TimesUpAndA64thDown() {
        var flooded = new Vardiff(SHARES_PER_MINUTE, 0);
        shares(flooded, 100_000);
        assertThat(flooded.step(1, false)).isEqualTo(8);

        assertThat(new Vardiff(SHARES_PER_MINUTE, 0).step(1_000_000 * SECOND_NANOS, false))
                .isEqualTo(-6);
        var slow = new Vardiff(SHARES_PER_MINUTE, 0);
        slow.share();
        assertThat(slow.step(1_000_000 * SECOND_NANOS, false)).isEqualTo(-4);
    }

    @Test
    void countsAfreshFromTimeToTimeSoThatOldQuietHidesNoNewHaste() {
        var vardiff = new Vardiff(SHARES_PER_MINUTE, 0);
        shares(vardiff, 90);
        long now = 4 * 96 * SECOND_NANOS;
        assertThat(vardiff.step(now, false)).isZero();
        shares(vardiff, 8);

        assertThat(vardiff.step(now + SECOND_NANOS, false)).isPositive();
    }

    @Test
    void letsAChosenDifficultyBeUntilFiveTimesTheSharesCameForHalfAMinute() {
        var vardiff = new Vardiff(SHARES_PER_MINUTE, 0);
        shares(vardiff, 37);
        assertThat(vardiff.governedStep(29 * SECOND_NANOS)).isZero();
        assertThat(vardiff.governedStep(30 * SECOND_NANOS)).as("37 of 7.5").isZero();

        shares(vardiff, 38);
        assertThat(vardiff.governedStep(60 * SECOND_NANOS)).as("38 of 7.5").isEqualTo(2);
    }

    private static void shares(Vardiff vardiff, int count) {
        for (int i = 0; i < count; i++) {
            vardiff.share();
        }
    }
}
