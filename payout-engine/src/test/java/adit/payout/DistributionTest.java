package adit.payout;

import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class DistributionTest {
    @Test
    void refusesPartsThatDoNotSumToTheReward() {
        assertThatThrownBy(() -> distribution(100, 1, Map.of(7L, 98L)))
                .hasMessage("the parts must sum to the reward");
    }

    @Test
    void refusesToCreditTheOperatorAsAMiner() {
        assertThatThrownBy(() -> distribution(100, 1, Map.of(0L, 99L)))
                .hasMessage("only accounts of miners are credited");
    }

    @Test
    void refusesACreditOfNothing() {
        assertThatThrownBy(() -> distribution(1, 1, Map.of(7L, 0L)))
                .hasMessage("a credit must be positive");
    }

    @Test
    void refusesNegativeParts() {
        assertThatThrownBy(() -> distribution(98, -1, Map.of(7L, 99L)))
                .hasMessage("no part may be negative");
    }

    @Test
    void keepsItsCreditsWhateverBecomesOfTheMapGiven() {
        var credits = new TreeMap<>(Map.of(7L, 99L));
        var distribution = new Distribution(100, 1, credits, 0, 0, WindowReport.NONE);

        credits.put(8L, 1L);

        assertThat(distribution.creditsMsat()).isEqualTo(Map.of(7L, 99L));
    }

    private static Distribution distribution(
            long rewardMsat, long feeMsat, Map<Long, Long> creditsMsat) {
        return new Distribution(
                rewardMsat, feeMsat, new TreeMap<>(creditsMsat), 0, 0, WindowReport.NONE);
    }
}
