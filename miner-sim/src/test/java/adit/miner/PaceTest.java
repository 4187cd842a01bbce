package adit.miner;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

final class PaceTest {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long START_NANOS = -5 * SECOND_NANOS;

    @Test
    void grantsTheRateToTheHash() {
        for (long rate : new long[] {1, 7, 999, 20_000, 150_000, 1_000_000_000}) {
            var pace = new Pace(rate, START_NANOS);
            long now = START_NANOS;
            long granted = 0;
            long end = START_NANOS + 60 * SECOND_NANOS;
            while (now - end < 0) {
                granted += pace.takeDue(now);
                now += pace.restNanos(now);
            }
            granted += pace.takeDue(end);

            assertThat(granted).as("rate %s", rate).isCloseTo(60 * rate, within(1L));
        }
    }

    @Test
    void restsAtLeastASlot() {
        var pace = new Pace(150_000, 0);
        pace.takeDue(3_000_000);

        assertThat(pace.restNanos(3_000_000)).isCloseTo(Pace.SLOT_NANOS, within(10_000L));
    }

    @Test
    void forgetsTimeThatWasSleptThrough() {
        var pace = new Pace(1_000, 0);

        assertThat(pace.takeDue(3_600 * SECOND_NANOS)).isLessThanOrEqualTo(50);
        assertThat(pace.takeDue(3_601 * SECOND_NANOS)).isLessThanOrEqualTo(50);
    }

    @Test
    void neverExceedsItsRateOverAnyLongTime() {
        long seed = 20_260_101;
        var random = new SplittableRandom(seed);
        var pace = new Pace(10_000, 0);
        long now = 0;
        long granted = 0;
        for (int i = 0; i < 10_000; i++) {
            now += random.nextLong(200_000_000);
            granted += pace.takeDue(now);

            assertThat(granted).as("seed %s", seed).isLessThanOrEqualTo(now / 100_000 + 500);
        }
    }

    @Test
    void neverRestsWithoutALimit() {
        var pace = new Pace(0, 0);

        assertThat(pace.takeDue(0)).isEqualTo(Pace.UNLIMITED_BURST);
        assertThat(pace.restNanos(0)).isZero();
    }
}
