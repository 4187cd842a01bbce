package adit.ledger.journal;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CommitPacingTest {
    private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(100);

    private final CommitPacing pacing = new CommitPacing(0);

    @Test
    void commitsAtOnceWhenTrafficIsLow() {
        take(999, 1, 2, 3);

        assertThat(pacing.holds(WINDOW)).isFalse();
    }

    @Test
    void holdsUnderHeavyTrafficFromMany() {
        take(400, 1);
        take(300, 2);
        take(300, 3);

        assertThat(pacing.holds(WINDOW)).isTrue();
        assertThat(pacing.holds(WINDOW + 1)).isTrue();
    }

    @Test
    void neverHoldsForOneBusyConnection() {
        take(50_000, 1, 2);

        assertThat(pacing.holds(WINDOW)).isFalse();
    }

    @Test
    void stopsHoldingWhenTrafficFades() {
        take(2000, 1, 2, 3);
        assertThat(pacing.holds(WINDOW)).isTrue();

        take(500, 1, 2, 3);
        assertThat(pacing.holds(2 * WINDOW)).isFalse();
    }

    @Test
    void judgesTrafficAfterALongPauseByTheWholePause() {
        take(2000, 1, 2, 3);

        assertThat(pacing.holds(10 * WINDOW)).isFalse();
    }

    private void take(int records, long... connections) {
        var group = new RecordGroup(records);
        group.needs(Samples.job(1));
        for (int i = 0; i < records; i++) {
            Samples.share(group, 1, 1, 1, i, connections[i % connections.length]);
        }
        pacing.took(group);
    }
}
