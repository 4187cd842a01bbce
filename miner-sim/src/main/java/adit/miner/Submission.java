package adit.miner;

import adit.pow.Hash;
import adit.stratum.v1.V1Submission;

/// What a miner found and sends to its pool, with the difficulty it was held against.
///
/// @param extranoncePrefix the part that the pool chose
/// @param extranonce the part that the miner rolled
/// @param versionBits the rolled bits, 0 where the version isn't rolled
/// @param difficultyUnits the difficulty of its job as the miner understood it
public record Submission(
        long jobId,
        byte[] extranoncePrefix,
        byte[] extranonce,
        int ntime,
        int nonce,
        int versionBits,
        long difficultyUnits,
        Hash hash) {

    /// The values of `mining.submit`; a miner that does not roll the version sends no version bits.
    V1Submission onTheWire(boolean rollsVersion) {
        return new V1Submission(jobId, extranonce, ntime, nonce, rollsVersion, versionBits);
    }
}
