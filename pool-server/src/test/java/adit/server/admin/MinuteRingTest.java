package adit.server.admin;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MinuteRingTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final BigInteger UNITS = BigInteger.valueOf(6000);

    private final MinuteRing ring = new MinuteRing();

    @Test
    void countsFromTheBeginningOfTheMinuteAWindowAgo() {
        ring.put(NOON.minusSeconds(61), UNITS);
        ring.put(NOON.minusSeconds(60), UNITS);
        ring.add(NOON.plusSeconds(30), UNITS);
        ring.add(NOON.plusSeconds(39), UNITS);

        var rate = ring.over(NOON.plusSeconds(40), "1m", Duration.ofMinutes(1), NOON);

        assertThat(rate).isEqualTo(new Hashrate("1m", 100, BigInteger.valueOf(180)));
    }

    @Test
    void countsAYoungPoolFromItsStart() {
        ring.put(NOON, UNITS);

        var rate = ring.over(NOON.plusSeconds(50), "1h", Duration.ofHours(1), NOON.plusSeconds(20));

        assertThat(rate).isEqualTo(new Hashrate("1h", 30, BigInteger.valueOf(200)));
    }

    @Test
    void countsFromTheFirstMinuteWithWork() {
        ring.put(NOON, UNITS);

        var rate =
                ring.over(NOON.plusSeconds(120), "1h", Duration.ofHours(1), NOON.minusSeconds(9));

        assertThat(rate).isEqualTo(new Hashrate("1h", 120, BigInteger.valueOf(50)));
    }

    @Test
    void forgetsWhatIsOlderThanItsRing() {
        ring.put(NOON, UNITS);

        var rate = ring.over(NOON.plus(Duration.ofHours(26)), "1m", Duration.ofMinutes(1), NOON);

        assertThat(rate.hashesPerSecond()).isZero();
    }

    @Test
    void forgetsOnlyTheMinutesItIsToldTo() {
        for (int minute = 0; minute < 4; minute++) {
            ring.put(NOON.plusSeconds(60L * minute), UNITS);
        }

        ring.clear(NOON.plusSeconds(60), NOON.plusSeconds(180));

        assertThat(ring.perMinute(NOON.plusSeconds(240), Duration.ofMinutes(4)))
                .containsExactly(
                        BigInteger.valueOf(100),
                        BigInteger.ZERO,
                        BigInteger.ZERO,
                        BigInteger.valueOf(100));
    }
}
