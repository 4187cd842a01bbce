package adit.miner;

import adit.pow.Hash;

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
        Hash hash) {}
