package adit.server.channel;

import java.util.Arrays;

import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.ShareRehash;
import adit.pow.Hash;
import adit.pow.HeaderPlan;
import adit.pow.MerkleBranch;
import adit.pow.ShareCheck;
import adit.pow.Target;

/// Hashes recorded shares again from the journal's own records: the proof that every credited share was
/// worked for, which anybody with the files can repeat.
///
/// **Owner:** one thread.
public final class ShareAudit implements ShareRehash {

    private final ShareCheck check = new ShareCheck();

    @Override
    public boolean holds(JournalRecord.Share share, JournalRecord.Job job) {
        var plan =
                new HeaderPlan(
                        Hash.of(job.previousHash()),
                        job.coinbasePrefix(),
                        job.extranonceBytes(),
                        job.coinbaseSuffix(),
                        MerkleBranch.ofSiblings(job.branch().stream().map(Hash::of).toList()),
                        job.nBits());
        if (share.extranonce().length != job.extranonceBytes()) {
            return false;
        }
        check.hash(plan, share.extranonce(), 0, share.version(), share.ntime(), share.nonce());
        boolean sameHash =
                Arrays.equals(
                        share.hashHalf(),
                        0,
                        share.hashHalf().length,
                        check.headerHash(),
                        0,
                        share.hashHalf().length);
        boolean rolledWithinMask = ((share.version() ^ job.version()) & ~job.versionMask()) == 0;
        return sameHash
                && rolledWithinMask
                && check.meets(Target.ofDifficultyUnits(share.difficultyUnits()));
    }
}
