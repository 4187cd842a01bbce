package adit.payout;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class WorkSliceTest {
    private static final NetworkDifficulty REGTEST = NetworkDifficulty.ofNBits(0x207fffff);
    private static final NetworkDifficulty MAINNET = NetworkDifficulty.ofNBits(0x17020f77);

    @Test
    void isWorthTheSumOfItsShares() {
        var one = slice(1, 65_536L << 32, MAINNET).weight();

        assertThat(slice(7, 65_536L << 32, MAINNET).weight()).isEqualTo(one.times(Rational.of(7)));
    }

    @Test
    void isWorthNoMoreThanABlockAShare() {
        assertThat(slice(7, 1L << 32, REGTEST).weight()).isEqualTo(Rational.of(7));
        assertThat(slice(7, 1L << 62, REGTEST).weight()).isEqualTo(Rational.of(7));
        assertThat(slice(7, 1, REGTEST).weight()).isLessThan(Rational.of(7));
    }

    @Test
    void isAsGoodAsABlockAtTheNetworkDifficultyItself() {
        var eight = NetworkDifficulty.of(Rational.of(8));

        assertThat(slice(1, 8L << 32, eight).weight()).isEqualTo(Rational.ONE);
        assertThat(slice(1, (8L << 32) - 1, eight).weight()).isLessThan(Rational.ONE);
    }

    @Test
    void refusesTheOperatorAsAWorker() {
        assertThatThrownBy(() -> WorkSlice.ofShares(0, 0, new OrderRange(1, 1), 1, 1, MAINNET, 0))
                .hasMessage("account must be positive");
    }

    private static WorkSlice slice(long shares, long difficultyUnits, NetworkDifficulty network) {
        return WorkSlice.ofShares(
                5, 100, new OrderRange(9, 3), shares, difficultyUnits, network, 312_500_000);
    }
}
