package adit.miner;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void holdsOnlySoManyCodes() {
        for (int code = 100; code < 1_100; code++) {
            tally.rejected(code);
        }

        var statistics = tally.snapshot(0);
        assertThat(statistics.rejectedByCode()).hasSizeLessThanOrEqualTo(Tally.MAX_CODES + 1);
        assertThat(statistics.rejected()).isEqualTo(1_000);
    }

    @Test
    void givesSnapshotsThatStayAsTheyAre() {
        tally.rejected(21);
        var before = tally.snapshot(5);
        tally.rejected(21);
        tally.accepted();

        assertThat(before.hashes()).isEqualTo(5);
        assertThat(before.accepted()).isZero();
        assertThat(before.rejectedByCode()).containsExactly(Map.entry(21, 1L));
    }
}
