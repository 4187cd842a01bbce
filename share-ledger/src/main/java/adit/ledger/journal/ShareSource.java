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

    /// All epochs that still have files, oldest first, but those that another process writes.
    List<Extent> epochs();

    /// At most `max` records from `fromSequence` on, dense and in order; empty at the durable end.
    List<JournalRecord> read(int epoch, long fromSequence, int max);

    /// What is kept of an epoch: `firstSequence` is above 1 once retention has deleted segments;
    /// `lastSequence` is the durable end, which grows while the epoch is live.
    record Extent(int epoch, long firstSequence, long lastSequence, End end) {
        /// Whether a cursor that stands at `next` has everything that will ever be read of this epoch. Records lost
        /// behind a damaged end count as read once somebody has given them up.
        public boolean isWhollyBefore(long next) {
            return switch (end) {
                case LIVE -> false;
                case OVER -> next > lastSequence;
                case DAMAGED -> next > lastSequence + 1;
            };
        }
    }

    /// How an epoch ends, as far as is known.
    enum End {
        /// It is still written.
        LIVE,
        /// Nobody writes it any more.
        OVER,
        /// Nobody writes it any more, and records behind the durable end are lost: to read on is an error.
        DAMAGED
    }
}
