package adit.miner;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class BackoffTest {
    private final Backoff backoff = new Backoff(new SplittableRandom(3));

    @Test
    void waitsLongerEachTimeUpToABound() {
        long ceilingMillis = Backoff.FIRST_MILLIS;
        for (int i = 0; i < 20; i++) {
            assertThat(backoff.nextMillis()).isBetween(ceilingMillis / 2, ceilingMillis);
            ceilingMillis = Math.min(2 * ceilingMillis, Backoff.MOST_MILLIS);
        }
    }

    @Test
    void beginsAgainAfterSuccess() {
        for (int i = 0; i < 10; i++) {
            backoff.nextMillis();
        }
        backoff.reset();

        assertThat(backoff.nextMillis()).isLessThanOrEqualTo(Backoff.FIRST_MILLIS);
    }
}
