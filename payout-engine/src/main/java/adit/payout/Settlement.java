package adit.payout;

import java.math.BigInteger;
import java.util.SortedMap;
import java.util.TreeMap;

/// Shares out the reward of one block by a scheme: one switch, no state.
///
/// Where the work was done at several fees, the reward is first split between the fees by weight (largest remainder,
/// ties to the lower fee); in each part the fee is taken, rounded down, and the net goes to the accounts by largest
/// remainder. In an underfull window of [Pplns.Underfull#POOL_KEEPS] the operator takes part in each of them with the
/// same fraction.
public final class Settlement {
    private static final long OPERATOR = 0;

    private Settlement() {}

    /// Shares out with ties to the lower account id.
    public static Distribution distribute(
            Scheme scheme, long rewardMsat, Iterable<WorkSlice> newestFirst, Finder finder) {
        return distribute(scheme, rewardMsat, newestFirst, finder, new TieBreak.ByAccount());
    }

    /// `newestFirst` is the work of the scheme's own members, the block's share first: for [Proportional] all of
    /// the round, for [Pplns] at least as much as the window holds. It is read only as far as needed.
    public static Distribution distribute(
            Scheme scheme,
            long rewardMsat,
            Iterable<WorkSlice> newestFirst,
            Finder finder,
            TieBreak tieBreak) {
        Check.that(rewardMsat >= 0, "reward must not be negative");
        return switch (scheme) {
            case Solo solo -> toFinder(solo, rewardMsat, finder);
            case Proportional _ ->
                    toWorkers(rewardMsat, Window.ofAll(newestFirst), BigInteger.ZERO, tieBreak);
            case Pplns pplns -> {
                var window = Window.of(pplns, newestFirst);
                var kept =
                        switch (pplns.underfull()) {
                            case NORMALIZE -> BigInteger.ZERO;
                            case POOL_KEEPS -> window.missing();
                        };
                yield toWorkers(rewardMsat, window, kept, tieBreak);
            }
            case Pps _, Fpps _ ->
                    new Distribution(
                            rewardMsat, 0, new TreeMap<>(), 0, rewardMsat, WindowReport.NONE);
        };
    }

    private static Distribution toFinder(Solo solo, long rewardMsat, Finder finder) {
        long feeMsat = Apportion.fee(rewardMsat, finder.feeBps());
        long takenMsat = feeMsat < solo.leastFeeMsat() ? 0 : feeMsat;
        var credits = new TreeMap<Long, Long>();
        credit(credits, finder.account(), rewardMsat - takenMsat);
        return new Distribution(rewardMsat, takenMsat, credits, 0, 0, WindowReport.NONE);
    }

    private static Distribution toWorkers(
            long rewardMsat, Window window, BigInteger kept, TieBreak tieBreak) {
        if (window.isEmpty()) {
            return new Distribution(rewardMsat, 0, new TreeMap<>(), rewardMsat, 0, window.report());
        }
        var feeClasses = window.weights();
        var classWeights =
                feeClasses.values().stream()
                        .map(ofFee ->
                                ofFee.values().stream().reduce(BigInteger.ZERO, BigInteger::add))
                        .toArray(BigInteger[]::new);
        var classRewards = Apportion.bySize(rewardMsat, classWeights);

        long feeMsat = 0;
        var credits = new TreeMap<Long, Long>();
        int feeClass = 0;
        for (var ofFee : feeClasses.entrySet()) {
            long classFeeMsat = Apportion.fee(classRewards[feeClass], ofFee.getKey());
            feeMsat = Math.addExact(feeMsat, classFeeMsat);
            long netMsat = classRewards[feeClass] - classFeeMsat;
            var weights =
                    withOperator(ofFee.getValue(), classWeights[feeClass], kept, window.filled());
            creditByWeight(credits, netMsat, weights, tieBreak);
            feeClass++;
        }
        long operatorMsat = credits.containsKey(OPERATOR) ? credits.remove(OPERATOR) : 0;
        return new Distribution(rewardMsat, feeMsat, credits, 0, operatorMsat, window.report());
    }

    /// Gives the operator the part of the missing work that falls to this fee class: kept · class / filled.
    private static SortedMap<Long, BigInteger> withOperator(
            SortedMap<Long, BigInteger> weights,
            BigInteger classWeight,
            BigInteger kept,
            BigInteger filled) {
        if (kept.signum() == 0 || classWeight.signum() == 0) {
            return weights;
        }
        var together = new TreeMap<Long, BigInteger>();
        weights.forEach((account, weight) -> together.put(account, weight.multiply(filled)));
        together.put(OPERATOR, kept.multiply(classWeight));
        return together;
    }

    private static void creditByWeight(
            SortedMap<Long, Long> credits,
            long netMsat,
            SortedMap<Long, BigInteger> weights,
            TieBreak tieBreak) {
        if (netMsat == 0) {
            return;
        }
        var accounts = weights.keySet().stream().mapToLong(Long::longValue).toArray();
        var parts =
                Apportion.bySize(
                        netMsat,
                        weights.values().toArray(BigInteger[]::new),
                        tieBreak.orderOf(accounts));
        for (int i = 0; i < accounts.length; i++) {
            credit(credits, accounts[i], parts[i]);
        }
    }

    private static void credit(SortedMap<Long, Long> credits, long account, long msat) {
        if (msat > 0) {
            credits.merge(account, msat, Math::addExact);
        }
    }
}
