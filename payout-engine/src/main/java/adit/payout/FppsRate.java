package adit.payout;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/// The ratio of transaction fees to subsidy over a period, as FPPS pays it on top of the subsidy.
public record FppsRate(Rational feeRatio, int trimmedEachSide, int blocksUsed) {
    private static final Comparator<NetworkBlock> POOREST_FIRST =
            Comparator.comparingLong(NetworkBlock::feesSats).thenComparingInt(NetworkBlock::height);

    /// The ratio of these blocks; zero where no block is left to tell.
    public static FppsRate of(FeeRule rule, List<NetworkBlock> blocks) {
        var counted =
                blocks.stream()
                        .filter(block -> rule.countsEmptyBlocks() || block.feesSats() > 0)
                        .sorted(POOREST_FIRST)
                        .toList();
        int trimmed = rule.trim().blocksEachSide(counted.size());
        var kept = counted.subList(trimmed, counted.size() - trimmed);
        var ratio =
                switch (rule.average()) {
                    case RATIO_OF_SUMS ->
                            ratio(
                                    sum(kept, NetworkBlock::feesSats),
                                    sum(kept, NetworkBlock::subsidySats));
                    case MEAN_OF_RATIOS -> meanOfRatios(kept);
                };
        return new FppsRate(ratio, trimmed, kept.size());
    }

    private static Rational meanOfRatios(List<NetworkBlock> blocks) {
        return blocks.isEmpty()
                ? Rational.ZERO
                : blocks.stream()
                        .map(block ->
                                ratio(
                                        BigInteger.valueOf(block.feesSats()),
                                        BigInteger.valueOf(block.subsidySats())))
                        .reduce(Rational.ZERO, Rational::plus)
                        .times(Rational.of(1, blocks.size()));
    }

    private static Rational ratio(BigInteger fees, BigInteger subsidies) {
        return subsidies.signum() == 0 ? Rational.ZERO : new Rational(fees, subsidies);
    }

    private static BigInteger sum(List<NetworkBlock> blocks, ToLongFunction<NetworkBlock> sats) {
        return blocks.stream()
                .map(block -> BigInteger.valueOf(sats.applyAsLong(block)))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }
}
