package adit.miner;

import java.util.ArrayList;

import adit.pow.Hash;
import adit.pow.HeaderPlan;
import adit.pow.MerkleBranch;
import adit.pow.Target;
import adit.stratum.v1.V1Notify;

/// A job made ready for hashing: all that is fixed, how much may be rolled, and the target to meet.
///
/// **Invariant:** immutable; the difficulty is the one in force when the job arrived.
///
/// @param extranonceBytes how many bytes of extranonce follow the prefix and may be rolled
/// @param versionMask the bits that may be rolled, 0 for none
/// @param target what a hash must meet to be reported
/// @param seed where the search starts, so that a resumed session doesn't repeat itself
record Work(
        long jobId,
        HeaderPlan plan,
        byte[] extranoncePrefix,
        int extranonceBytes,
        int version,
        int versionMask,
        int ntime,
        long difficultyUnits,
        Target target,
        long seed) {

    static Work of(
            V1Notify job,
            byte[] extranoncePrefix,
            int extranonceBytes,
            int versionMask,
            long difficultyUnits,
            long seed) {
        var siblings = new ArrayList<Hash>();
        for (var sibling : job.branch()) {
            siblings.add(Hash.of(sibling));
        }
        var plan =
                new HeaderPlan(
                        Hash.of(job.previousHash()),
                        job.coinbasePrefix(),
                        extranoncePrefix.length + extranonceBytes,
                        job.coinbaseSuffix(),
                        MerkleBranch.ofSiblings(siblings),
                        job.nBits());
        return new Work(
                job.jobId(),
                plan,
                extranoncePrefix,
                extranonceBytes,
                job.version(),
                versionMask,
                job.ntime(),
                difficultyUnits,
                Target.ofDifficultyUnits(difficultyUnits),
                seed);
    }

    int headerVersion(int versionBits) {
        return (version & ~versionMask) | (versionBits & versionMask);
    }

    Work withVersionMask(int mask, long otherSeed) {
        return new Work(
                jobId,
                plan,
                extranoncePrefix,
                extranonceBytes,
                version,
                mask,
                ntime,
                difficultyUnits,
                target,
                otherSeed);
    }

    Work withTarget(Target other) {
        return new Work(
                jobId,
                plan,
                extranoncePrefix,
                extranonceBytes,
                version,
                versionMask,
                ntime,
                difficultyUnits,
                other,
                seed);
    }

    Work withNtime(int other) {
        return new Work(
                jobId,
                plan,
                extranoncePrefix,
                extranonceBytes,
                version,
                versionMask,
                other,
                difficultyUnits,
                target,
                seed);
    }
}
