package adit.miner;

import java.util.Arrays;

import adit.pow.Hash;
import adit.pow.Sha256d;
import adit.pow.ShareCheck;

/// One work being searched: header after header, nonce after nonce.
///
/// **Owner:** built by whoever has the work, then handed over to the thread of its [Grinder].
final class Search {
    private static final int NONCE_OFFSET = 76;

    private final Work work;
    private final HeaderRoll roll;
    private final Finds finds;
    private final long noncesPerHeader;
    private final ShareCheck headers = new ShareCheck();
    private final Sha256d sha = new Sha256d();
    private final byte[] hash = new byte[Hash.BYTES];
    private long noncesLeft;
    private int nonce;

    Search(Work work, int nonceBits, Finds finds) {
        this.work = work;
        this.finds = finds;
        roll = new HeaderRoll(work, nonceBits);
        noncesPerHeader = 1L << nonceBits;
    }

    /// Hashes so many times, or fewer where the work is used up or no more finds are taken; tells how many.
    int hash(int count) {
        int done = 0;
        while (done < count && finds.hasRoom() && (noncesLeft > 0 || nextHeader())) {
            var header = headers.header();
            for (int i = 0; i < Integer.BYTES; i++) {
                header[NONCE_OFFSET + i] = (byte) (nonce >>> (Byte.SIZE * i));
            }
            sha.hash(header, 0, header.length, hash, 0);
            if (work.target().isMetBy(hash, 0)) {
                finds.found(work, submission());
            }
            nonce++;
            noncesLeft--;
            done++;
        }
        return done;
    }

    private boolean nextHeader() {
        if (!roll.advance()) {
            return false;
        }
        nonce = roll.firstNonce();
        noncesLeft = noncesPerHeader;
        headers.hash(
                work.plan(),
                roll.extranonce(),
                0,
                work.headerVersion(roll.versionBits()),
                work.ntime(),
                nonce);
        return true;
    }

    private Submission submission() {
        var extranonce = roll.extranonce();
        return new Submission(
                work.jobId(),
                work.extranoncePrefix(),
                Arrays.copyOfRange(extranonce, work.extranoncePrefix().length, extranonce.length),
                work.ntime(),
                nonce,
                roll.versionBits(),
                work.difficultyUnits(),
                Hash.of(hash));
    }
}
