package adit.pow;

/// All of a header that its miner does not choose: previous block, coinbase around the extranonce,
/// branch, nBits.
///
/// A [Job] has one; so has the journal's record of a job, from which every share can be hashed
/// again offline.
///
/// **Invariant:** immutable; the arrays are not changed after construction.
public record HeaderPlan(
        Hash previousHash,
        byte[] coinbasePrefix,
        int extranonceBytes,
        byte[] coinbaseSuffix,
        MerkleBranch branch,
        int nBits) {

    public HeaderPlan {
        if (extranonceBytes < 0) {
            throw new IllegalArgumentException("extranonce of " + extranonceBytes + " bytes");
        }
    }
}
