package adit.payout;

import java.math.BigInteger;

/// Work of one account on the same terms at the same network difficulty: one share, or the sum of many.
///
/// `newestOrder` and `oldestOrder` are the places of its newest and oldest share in the order of all shares.
/// `difficultyUnits` is the sum over its shares, to be weighed against `network`; make slices with [#ofShares], which
/// knows the cap of one block a share. `jobRewardSats` is what a job the miner declared itself leaves the pool, a
/// ceiling on what its work is paid by PPS and FPPS; the pool's own jobs carry [#OWN_TEMPLATE], for a poor template of
/// ours is not the miner's doing.
///
/// **Limits:** account ids are positive; account 0 is the operator and never works.
public record WorkSlice(
        long account,
        int feeBps,
        long newestOrder,
        long oldestOrder,
        BigInteger difficultyUnits,
        NetworkDifficulty network,
        long subsidySats,
        long jobRewardSats) {
    public static final long OWN_TEMPLATE = Long.MAX_VALUE;

    /// Difficulty 1 is 2^32 difficulty units.
    static final int UNIT_BITS = 32;

    public WorkSlice {
        Check.that(account > 0, "account must be positive");
        Check.that(feeBps >= 0 && feeBps <= 10_000, "fee must lie between 0 and 10000 bps");
        Check.that(oldestOrder <= newestOrder, "a slice's oldest share must not be its newest");
        Check.that(difficultyUnits.signum() >= 0, "work must not be negative");
        Check.that(subsidySats >= 0 && jobRewardSats >= 0, "rewards must not be negative");
    }

    /// So many shares, each assigned `difficultyUnits`, on the pool's own jobs.
    ///
    /// Where the cap applies each share is worth one block exactly, which is one difficulty 1 at network difficulty 1.
    public static WorkSlice ofShares(
            long account,
            int feeBps,
            OrderRange orders,
            long shares,
            long difficultyUnits,
            NetworkDifficulty network,
            long subsidySats) {
        var ofOne = BigInteger.valueOf(difficultyUnits);
        boolean isCapped = ShareCredit.isCapped(ofOne, network);
        var counted = isCapped ? BigInteger.ONE.shiftLeft(UNIT_BITS) : ofOne;
        return new WorkSlice(
                account,
                feeBps,
                orders.newest(),
                orders.oldest(),
                counted.multiply(BigInteger.valueOf(shares)),
                isCapped ? NetworkDifficulty.ONE : network,
                subsidySats,
                OWN_TEMPLATE);
    }

    /// Expected blocks this work is worth.
    public Rational weight() {
        return ShareCredit.exact(difficultyUnits, network);
    }
}
