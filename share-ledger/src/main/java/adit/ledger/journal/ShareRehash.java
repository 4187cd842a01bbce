package adit.ledger.journal;

/// Hashes a share again from what the journal says about it.
///
/// **Seam:** proof of work is another module's business; pool-server brings this to
/// [JournalTool#verify].
public interface ShareRehash {
    /// Believes every share.
    ShareRehash NONE = (share, job) -> true;

    /// Whether the header rebuilt from both has the recorded hash and meets the recorded difficulty.
    boolean holds(JournalRecord.Share share, JournalRecord.Job job);
}
