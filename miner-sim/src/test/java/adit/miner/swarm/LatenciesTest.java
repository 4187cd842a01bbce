package adit.miner.swarm;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class LatenciesTest {

    @Test
    void quantilesAreWithinFourPercent() {
        var latencies = new Latencies();
        for (int i = 1; i <= 100_000; i++) {
            latencies.add(i * 100L);
        }
        assertThat(latencies.count()).isEqualTo(100_000);
        for (double part : new double[] {0.01, 0.5, 0.99, 0.999}) {
            double exact = part * 100_000 * 100;
            assertThat((double) latencies.quantileNanos(part)).isCloseTo(exact, within(exact / 25));
        }
    }

    @Test
    void holdsAnyDuration() {
        var latencies = new Latencies();
        assertThat(latencies.quantileNanos(0.5)).isZero();
        latencies.add(0);
        latencies.add(Long.MAX_VALUE / 2);
        assertThat(latencies.quantileNanos(0.5)).isLessThan(4);
        assertThat(latencies.quantileNanos(1)).isGreaterThan(Long.MAX_VALUE / 4);
    }
}
