package adit.server.channel;

import java.util.List;

import adit.ledger.journal.JournalRecord;
import adit.pow.Hash;
import adit.pow.Job;
import adit.server.channel.FoundBlocks.FoundBlock;

/// Proof-of-work values in the journal's words. Sequence and time are set by the journal.
final class JournalRecords {
    private JournalRecords() {}

    static JournalRecord.Job job(Job job) {
        var template = job.template();
        List<byte[]> branch = template.branch().siblings().stream().map(Hash::bytes).toList();
        return new JournalRecord.Job(
                0,
                0,
                job.reference(),
                template.height(),
                template.previousHash().bytes(),
                template.nBits(),
                job.version(),
                job.versionMask(),
                job.ntime(),
                template.subsidySats(),
                job.rewardSats(),
                job.coinbase().prefix(),
                job.coinbase().extranonceBytes(),
                job.coinbase().suffix(),
                branch);
    }

    /// What differs from the template's own job.
    static JournalRecord.Coinbase coinbase(Job job) {
        return new JournalRecord.Coinbase(
                0, 0, job.reference(), job.shared().reference(), job.coinbase().suffix());
    }

    static JournalRecord.BlockFound blockFound(FoundBlock block) {
        var job = block.job();
        Check.that(
                block.isItsFinders(), "a block is its finder's, and its coinbase pays nobody else");
        var template = job.template();
        return new JournalRecord.BlockFound(
                0,
                0,
                block.hash().bytes(),
                template.height(),
                job.reference(),
                block.accountRef(),
                block.workerRef(),
                job.rewardSats(),
                template.subsidySats(),
                template.nBits(),
                job.payeeSats());
    }
}
