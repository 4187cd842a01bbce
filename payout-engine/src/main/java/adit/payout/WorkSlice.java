package adit.payout;

import java.math.BigInteger;

/// Work of one account on the same terms at the same network difficulty: one share, or the sum of many.
///
/// `newestOrder` and `oldestOrder` are the places of its newest and oldest share in the order of all shares.
/// `network` is what the shares are weighed against, so the cap of one block a share is already in it
/// ([ShareCredit#networkFor]). `jobRewardSats` is what a job the miner declared itself leaves the pool, a ceiling on
/// what its work is paid by PPS and FPPS; the pool's own jobs carry [#OWN_TEMPLATE], for a poor template of ours is
/// not the miner's doing.
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

    /// Expected blocks this work is worth.
    public Rational weight() {
        return ShareCredit.weight(difficultyUnits, network);
    }
}
