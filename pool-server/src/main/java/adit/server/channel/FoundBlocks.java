package adit.server.channel;

import java.util.concurrent.CompletionStage;

import adit.pow.Hash;
import adit.pow.Job;

/// Seam: who takes a block the moment its hash is known, before anything else is decided about it.
///
/// Called on an event loop; must hand over and return.
public interface FoundBlocks {

    /// Done, on any thread, when the block is in a file on disk or a node has it; until then nobody is told of its share.
    /// With an exception where neither could be had in time: nobody waits longer.
    CompletionStage<?> found(FoundBlock block);

    /// A header below the network target, with all that is needed to serialise its block.
    record FoundBlock(
            Job job,
            Hash hash,
            byte[] extranonce,
            int versionBits,
            int ntime,
            int nonce,
            String worker) {

        public byte[] serialized() {
            return job.block(extranonce, versionBits, ntime, nonce);
        }
    }
}
