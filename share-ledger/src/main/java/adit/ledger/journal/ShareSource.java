package adit.ledger.journal;

import java.util.List;
import java.util.UUID;

/// The durable records of one server, as the projector reads them.
///
/// **Seam:** [JournalReader] in production. **Owner:** one thread. Throws [JournalDamaged] where durable
/// records are altered or gone, and [JournalUnavailable] where the disk cannot be read.
public interface ShareSource {
    int serverId();

    /// Identity of the journal directory: a new directory under an old server id has another one.
    UUID node();

    /// All epochs that still have files, oldest first; the live one, if any, is last.
    List<Extent> epochs();

    /// At most `max` records from `fromSequence` on, dense and in order; empty at the durable end.
    List<JournalRecord> read(int epoch, long fromSequence, int max);

    /// What is kept of an epoch: `firstSequence` is above 1 once retention has deleted segments;
    /// `lastSequence` is the durable end, which grows while the epoch is live.
    record Extent(int epoch, long firstSequence, long lastSequence, boolean live) {}
}
