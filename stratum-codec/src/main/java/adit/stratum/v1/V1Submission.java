package adit.stratum.v1;

/// What a miner found and is about to send: the values of one `mining.submit` beside the user name.
///
/// A miner that never negotiated version rolling leaves the sixth value away, whatever it would be.
public record V1Submission(
        long jobId,
        byte[] extranonce,
        int ntime,
        int nonce,
        boolean hasVersionBits,
        int versionBits) {}
