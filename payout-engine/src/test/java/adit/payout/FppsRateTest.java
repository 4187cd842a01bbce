package adit.payout;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class FppsRateTest {
    private static final List<NetworkBlock> BLOCKS =
            List.of(
                    new NetworkBlock(1, 100, 0),
                    new NetworkBlock(2, 100, 10),
                    new NetworkBlock(3, 50, 20));

    @Test
    void leavesEmptyBlocksOutWhereTheRuleSaysSo() {
        var rule = new FeeRule(new FeeRule.Trim.None(), false, FeeRule.Average.RATIO_OF_SUMS);

        assertThat(FppsRate.of(rule, BLOCKS)).isEqualTo(new FppsRate(Rational.of(1, 5), 0, 2));
    }

    @Test
    void averagesTheRatiosOfBlocks() {
        var rule = new FeeRule(new FeeRule.Trim.None(), true, FeeRule.Average.MEAN_OF_RATIOS);

        assertThat(FppsRate.of(rule, BLOCKS)).isEqualTo(new FppsRate(Rational.of(1, 6), 0, 3));
    }

    @Test
    void addsNothingWithoutBlocks() {
        for (var average : FeeRule.Average.values()) {
            var rule = new FeeRule(new FeeRule.Trim.Blocks(3), true, average);

            assertThat(FppsRate.of(rule, List.of())).isEqualTo(new FppsRate(Rational.ZERO, 0, 0));
        }
    }
}
