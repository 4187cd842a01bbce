package adit.server.channel;

import java.util.concurrent.CompletionStage;

import adit.ledger.journal.JournalRecord;
import adit.pow.Hash;
import adit.pow.Job;

/// Seam: who takes a block the moment its hash is known, before anything else is decided about it.
///
/// Called on an event loop; must hand over and return.
public interface FoundBlocks {

    Taken found(FoundBlock block);

    /// A block on its way.
    interface Taken {

        /// Done, on any thread, when the block is in a file on disk or a node has it; until then nobody is told of its
        /// share. With an exception where neither could be had in time: nobody waits longer.
        CompletionStage<?> safe();

        /// The journal has the block's record. Called on the journal's thread; returns at once.
        void recorded();
    }

    /// A header below the network target, with all that is needed to serialise its block and to book it.
    record FoundBlock(
            Job job,
            Hash hash,
            byte[] extranonce,
            int versionBits,
            int ntime,
            int nonce,
            String worker,
            int accountRef,
            int workerRef) {

        public byte[] serialized() {
            return job.block(extranonce, versionBits, ntime, nonce);
        }

        /// Whether its coinbase pays nobody but its finder and the pool, as it always should.
        public boolean isItsFinders() {
            return job.payee() == 0 || job.payee() == accountRef;
        }

        /// What the journal gets of it, where it is its finder's.
        public JournalRecord.BlockFound record() {
            return JournalRecords.blockFound(this);
        }

        public JournalRecord.Job jobRecord() {
            return JournalRecords.job(job);
        }
    }
}
