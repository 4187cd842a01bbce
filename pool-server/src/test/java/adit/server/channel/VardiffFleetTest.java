package adit.server.channel;

import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Machines from a toy to a hall, all on one port: how soon each is where it belongs, whether it stays there,
/// and whether what it is credited is what it worked.
final class VardiffFleetTest {

    private static final double[] HASHES_PER_SECOND = {
        20e3, 80e3, 11e6, 500e6, 1.2e9, 500e9, 1.1e12, 6e12, 100e12, 200e12, 335e12, 1e15, 30e15,
        500e15
    };
    private static final int SEEDS = 10;
    private static final double SHARES_PER_MINUTE = 10;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long TICK_NANOS = 5 * SECOND_NANOS;

    /// Difficulty 16,384.
    private static final int FIRST_EXPONENT = 46;

    private static final int MOST_SHARES_ON_THE_WAY = 120;
    private static final long MOST_SECONDS_ON_THE_WAY = 15 * 60;
    private static final int MOST_CHANGES_AN_HOUR = 4;

    private static final class Machine {
        private final double hashesPerNano;
        private final Random random;
        private final Vardiff vardiff = new Vardiff(SHARES_PER_MINUTE, 0);
        private final double rightExponent;
        private int exponent = FIRST_EXPONENT;
        private long nowNanos;
        private long nextTickNanos = TICK_NANOS;
        private int shares;
        private int changes;
        private double creditedHashes;

        Machine(double hashesPerSecond, long seed) {
            hashesPerNano = hashesPerSecond / 1e9;
            random = new Random(seed);
            double hashesAShare = hashesPerSecond * 60 / SHARES_PER_MINUTE;
            rightExponent = StrictMath.log(hashesAShare) / StrictMath.log(2);
        }

        boolean isRight() {
            return Math.abs(exponent - rightExponent) <= 1;
        }

        void goOn() {
            double hashes = -StrictMath.log(1 - random.nextDouble()) * StrictMath.pow(2, exponent);
            double waitNanos = Math.ceil(hashes / hashesPerNano);
            if (nowNanos + waitNanos < nextTickNanos) {
                nowNanos += (long) waitNanos;
                shares++;
                creditedHashes += StrictMath.pow(2, exponent);
                vardiff.share();
            } else {
                nowNanos = nextTickNanos;
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

    @Test
    void bringsEveryMachineWhereItBelongsKeepsItThereAndCreditsItsWork() {
        double credited = 0;
        double worked = 0;
        int changes = 0;
        int hours = 0;
        for (double hashesPerSecond : HASHES_PER_SECOND) {
            for (long seed = 0; seed < SEEDS; seed++) {
                var machine = new Machine(hashesPerSecond, seed);
                var who = "%.0f H/s, seed %d".formatted(hashesPerSecond, seed);
                while (!machine.isRight()) {
                    machine.goOn();
                    assertThat(machine.shares).as(who).isLessThan(MOST_SHARES_ON_THE_WAY);
                    assertThat(machine.nowNanos / SECOND_NANOS)
                            .as(who)
                            .isLessThan(MOST_SECONDS_ON_THE_WAY);
                }
                machine.changes = 0;
                machine.creditedHashes = 0;
                long from = machine.nowNanos;
                long until = from + 3600 * SECOND_NANOS;
                while (machine.nowNanos < until) {
                    machine.goOn();
                }
                assertThat(machine.changes).as(who).isLessThanOrEqualTo(MOST_CHANGES_AN_HOUR);
                changes += machine.changes;
                hours++;
                // Each machine counts alike, else the hall alone would decide.
                double work = (machine.nowNanos - from) * machine.hashesPerNano;
                credited += machine.creditedHashes / work;
                worked++;
            }
        }

        assertThat(changes / (double) hours).as("changes an hour").isLessThan(1.5);
        // 140 machines with some 600 shares each: one part in 290 is the standard deviation.
        assertThat(credited / worked).as("credit by work").isBetween(0.988, 1.012);
    }
}
