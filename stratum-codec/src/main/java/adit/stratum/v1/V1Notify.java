package adit.stratum.v1;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// A job as `mining.notify` says it.
///
/// Hashes are in internal order; the coinbase is cut where the extranonce belongs. The job id is a number
/// whose last two hex digits tell re-issues of one job apart.
public record V1Notify(
        long jobId,
        byte[] previousHash,
        byte[] coinbasePrefix,
        byte[] coinbaseSuffix,
        List<byte[]> branch,
        int version,
        int nBits,
        int ntime,
        boolean cleanJobs) {

    public V1Notify {
        Check.that(previousHash.length == 32, "a previous hash has 32 bytes");
        branch = List.copyOf(branch);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof V1Notify that
                && jobId == that.jobId
                && version == that.version
                && nBits == that.nBits
                && ntime == that.ntime
                && cleanJobs == that.cleanJobs
                && Arrays.equals(previousHash, that.previousHash)
                && Arrays.equals(coinbasePrefix, that.coinbasePrefix)
                && Arrays.equals(coinbaseSuffix, that.coinbaseSuffix)
                && Arrays.deepEquals(branch.toArray(), that.branch.toArray());
    }

    @Override
    public int hashCode() {
        return Objects.hash(jobId, Arrays.hashCode(previousHash), ntime);
    }
}
