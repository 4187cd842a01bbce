package adit.payout;

/// How the transaction fees of a period's blocks become one ratio to the subsidy.
///
/// Which blocks belong to the period, and how deep they must lie, is for the caller to decide.
public record FeeRule(Trim trim, boolean countsEmptyBlocks, Average average) {
    /// The rule of most pools today: a period's blocks without its three richest and three poorest.
    public static final FeeRule USUAL =
            new FeeRule(new Trim.Blocks(3), true, Average.RATIO_OF_SUMS);

    /// Blocks set aside at each end, in order of their fees, so that one absurd fee is not paid by those who never got it.
    public sealed interface Trim {
        int blocksEachSide(int blocks);

        record None() implements Trim {
            @Override
            public int blocksEachSide(int blocks) {
                return 0;
            }
        }

        /// So many blocks; none at all where nothing would be left.
        record Blocks(int eachSide) implements Trim {
            public Blocks {
                Check.that(eachSide >= 0, "blocks to trim must not be negative");
            }

            @Override
            public int blocksEachSide(int blocks) {
                return blocks <= 2L * eachSide ? 0 : eachSide;
            }
        }

        /// Such a part of the blocks, rounded down to whole blocks.
        record Part(int eachSideBps) implements Trim {
            public Part {
                Check.that(
                        eachSideBps >= 0 && eachSideBps < 5_000,
                        "less than half must be trimmed at each end");
            }

            @Override
            public int blocksEachSide(int blocks) {
                return Math.toIntExact((long) blocks * eachSideBps / 10_000);
            }
        }
    }

    /// How the ratios of the blocks left are joined.
    public enum Average {
        /// All fees over all subsidies, which holds across a halving.
        RATIO_OF_SUMS,
        /// The mean of each block's own ratio.
        MEAN_OF_RATIOS
    }
}
