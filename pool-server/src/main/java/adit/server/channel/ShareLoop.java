package adit.server.channel;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.ShareJournal;
import adit.pow.Hash;
import adit.pow.Job;
import adit.pow.ShareCheck;
import adit.server.metrics.PoolMetrics;

/// What the channels of one event loop share: the share check, the duplicate filter, and the way to the
/// journal and back.
///
/// Records and replies collect in a group until the loop has read all its sockets, or 16 shares have come
/// and the journal has room for another group; then the group is handed over whole. The outcome comes
/// back as one task on the loop, which sends the replies in order.
///
/// **Owner:** the event loop. **Limits:** [#MAX_GROUPS_IN_FLIGHT] groups handed over at once.
public final class ShareLoop {

    static final int MAX_GROUPS_IN_FLIGHT = 3;
    private static final int EARLY_HAND_OVER_REPLIES = 16;
    private static final int REMEMBERED_BLOCKS = 256;
    private static final int REMEMBERED_JOBS = 256;

    final ShareCheck check = new ShareCheck();
    final DuplicateFilter duplicates = new DuplicateFilter();
    final FoundBlocks foundBlocks;
    final PoolMetrics metrics;
    final LongSupplier nanoClock;
    final LongSupplier epochSeconds;

    private final ShareJournal journal;
    private final Executor loop;
    private final ArrayDeque<ShareGroup> spare = new ArrayDeque<>();
    private final Map<Hash, Boolean> blocksSeen = bounded(REMEMBERED_BLOCKS);
    private final Map<Long, JournalRecord.Job> jobRecords = bounded(REMEMBERED_JOBS);
    private ShareGroup filling;
    private int repliesInFilling;
    private int groupsInFlight;
    private boolean handOverDue;

    public ShareLoop(
            ShareJournal journal,
            FoundBlocks foundBlocks,
            PoolMetrics metrics,
            Executor loop,
            LongSupplier nanoClock,
            LongSupplier epochSeconds) {
        this.journal = journal;
        this.foundBlocks = foundBlocks;
        this.metrics = metrics;
        this.loop = loop;
        this.nanoClock = nanoClock;
        this.epochSeconds = epochSeconds;
        this.filling = new ShareGroup(this);
    }

    /// Queues the verdict on a request behind everything this loop has already queued.
    ///
    /// @param line where the request's id stands; copied
    public void replyInTurn(
            Replier replier, Verdict verdict, byte[] line, int idOffset, int idLength) {
        filling.await(replier, verdict, line, idOffset, idLength);
        queued();
    }

    /// Queues any other reply likewise.
    public void replyInTurn(Replier replier, Object reply) {
        filling.await(replier, reply);
        queued();
    }

    /// Whether sessions of this loop must stop reading until the journal has caught up.
    public boolean isBehind(int recordsInFlightLimit) {
        return journal.recordsInFlight() > recordsInFlightLimit;
    }

    /// The group that the next record belongs to.
    ShareGroup group() {
        return filling;
    }

    /// Whether this header is a block the loop has not seen before.
    boolean isNewBlock(Hash hash) {
        return blocksSeen.putIfAbsent(hash, true) == null;
    }

    JournalRecord.Job recordOf(Job job) {
        return jobRecords.computeIfAbsent(job.number(), _ -> JournalRecords.job(job));
    }

    void onLoop(Runnable task) {
        loop.execute(task);
    }

    void handedBack() {
        groupsInFlight--;
        handOver();
    }

    void free(ShareGroup group) {
        spare.push(group);
    }

    private void queued() {
        repliesInFilling++;
        if (repliesInFilling >= EARLY_HAND_OVER_REPLIES) {
            handOver();
        }
        if (!handOverDue && !filling.isEmpty()) {
            handOverDue = true;
            loop.execute(() -> {
                handOverDue = false;
                handOver();
            });
        }
    }

    private void handOver() {
        if (groupsInFlight == MAX_GROUPS_IN_FLIGHT || filling.isEmpty()) {
            return;
        }
        var full = filling;
        filling = spare.isEmpty() ? new ShareGroup(this) : spare.pop();
        repliesInFilling = 0;
        groupsInFlight++;
        journal.append(full.records, full);
    }

    private static <K, V> Map<K, V> bounded(int entries) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > entries;
            }
        };
    }
}
