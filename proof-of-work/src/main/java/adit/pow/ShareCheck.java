package adit.pow;

import java.util.Objects;

/// The one function that turns a submission into a header and its hash, ready to be held against
/// targets.
///
/// It hashes the completed coinbase, folds the branch, fills in the header and hashes that. All
/// scratch is its own, so a share allocates nothing.
///
/// **Owner:** one event loop. **Limits:** at most 64 bytes allocated a share, asserted by a test.
public final class ShareCheck {
    private final Sha256d sha;
    private final byte[] pair;
    private final byte[] header;
    private final byte[] headerHash;

    public ShareCheck() {
        sha = new Sha256d();
        pair = new byte[2 * Hash.BYTES];
        header = new byte[BlockHeader.BYTES];
        headerHash = new byte[Hash.BYTES];
    }

    /// Builds and hashes the header of a submission on `job`; its whole extranonce starts at
    /// `offset`.
    public void hash(
            Job job, byte[] extranonce, int offset, int headerVersion, int ntime, int nonce) {
        hash(job.headerPlan(), extranonce, offset, headerVersion, ntime, nonce);
    }

    public void hash(
            HeaderPlan plan,
            byte[] extranonce,
            int offset,
            int headerVersion,
            int ntime,
            int nonce) {
        // Checked before the first piece is hashed, else what was fed would spoil the next share.
        Objects.checkFromIndexSize(offset, plan.extranonceBytes(), extranonce.length);
        var prefix = plan.coinbasePrefix();
        var suffix = plan.coinbaseSuffix();
        sha.update(prefix, 0, prefix.length);
        sha.update(extranonce, offset, plan.extranonceBytes());
        sha.update(suffix, 0, suffix.length);
        sha.finish(pair, 0);
        plan.branch().fold(sha, pair);

        LittleEndian.putInt32(header, 0, headerVersion);
        System.arraycopy(
                plan.previousHash().bytes(),
                0,
                header,
                BlockHeader.PREVIOUS_HASH_OFFSET,
                Hash.BYTES);
        System.arraycopy(pair, 0, header, BlockHeader.MERKLE_ROOT_OFFSET, Hash.BYTES);
        LittleEndian.putInt32(header, BlockHeader.NTIME_OFFSET, ntime);
        LittleEndian.putInt32(header, BlockHeader.NBITS_OFFSET, plan.nBits());
        LittleEndian.putInt32(header, BlockHeader.NONCE_OFFSET, nonce);
        sha.hash(header, 0, BlockHeader.BYTES, headerHash, 0);
    }

    /// Whether the header last hashed meets `target`.
    public boolean meets(Target target) {
        return target.isMetBy(headerHash, 0);
    }

    /// The hash of the header last hashed: scratch, valid until the next one.
    public byte[] headerHash() {
        return headerHash;
    }

    /// The 80 bytes of the header last hashed: scratch, valid until the next one.
    public byte[] header() {
        return header;
    }
}
