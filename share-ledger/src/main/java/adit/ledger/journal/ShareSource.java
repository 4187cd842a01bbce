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

    /// The epochs with files that may be read now, oldest first: the live one, if any, and those that are over.
    List<Extent> epochs();

    /// All epochs with files, those included that another process of this server writes. Who asks this after
    /// reading knows of every epoch that can hold a record as old as what was read.
    List<Integer> begun();

    /// At most `max` records from `fromSequence` on, dense and in order; empty at the durable end.
    List<JournalRecord> read(int epoch, long fromSequence, int max);

    /// What is kept of an epoch: `firstSequence` is above 1 once retention has deleted segments;
    /// `lastSequence` is the durable end, which grows while the epoch is live. Behind a damaged end there were records
    /// that nobody can read: to read on is an error.
    record Extent(
            int epoch, long firstSequence, long lastSequence, boolean live, boolean isDamaged) {
        /// How many records there are from `next` on, those behind a damaged end counted as one.
        public long from(long next) {
            boolean losesMore = isDamaged && next == lastSequence + 1;
            return losesMore ? 1 : Math.max(0, lastSequence - next + 1);
        }
    }
}
