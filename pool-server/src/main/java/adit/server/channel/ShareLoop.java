package adit.server.channel;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.RecordGroup;
import adit.ledger.journal.ShareJournal;
import adit.pow.Hash;
import adit.pow.Job;
import adit.pow.ShareCheck;
import adit.server.channel.FoundBlocks.FoundBlock;
import adit.server.metrics.PoolMetrics;

/// What the channels of one event loop share: the share check, the duplicate filter, and the way to the
/// journal and back.
///
/// Records and replies collect in a group until the loop has read all its sockets, or 16 replies wait
/// and the journal has room for another group; then the group is handed over whole. The outcome comes
/// back as one task on the loop, which sends the replies, group after group in the order of hand-over. A group
/// with a found block also waits until that is safe. While as many groups as may be wait for their outcome,
/// groups that are full wait their turn here.
///
/// **Owner:** the event loop. **Limits:** [#MAX_GROUPS_IN_FLIGHT] groups handed over at once; sessions
/// stop reading when [#isBehind].
public final class ShareLoop {

    static final int MAX_GROUPS_IN_FLIGHT = 3;
    private static final Logger LOG = LoggerFactory.getLogger(ShareLoop.class);
    private static final int EARLY_HAND_OVER_REPLIES = 16;
    private static final int REMEMBERED_BLOCKS = 256;
    private static final int REMEMBERED_JOBS = 256;

    final ShareCheck check = new ShareCheck();
    final DuplicateFilter duplicates = new DuplicateFilter();
    final PoolMetrics metrics;
    final LongSupplier nanoClock;
    final LongSupplier epochSeconds;

    /// Since when a tip is known that this loop's connections have not been told of; 0 where they know it.
    volatile long untoldTipNanos;

    private final ShareJournal journal;
    private final FoundBlocks foundBlocks;
    private final Executor loop;
    private final ArrayDeque<ShareGroup> spare = new ArrayDeque<>();
    private final Map<Hash, Boolean> blocksSeen = bounded(REMEMBERED_BLOCKS);
    private final Map<Job, JournalRecord.Job> jobRecords = bounded(REMEMBERED_JOBS);
    private final ArrayDeque<ShareGroup> full = new ArrayDeque<>();
    private final ArrayDeque<ShareGroup> inFlight = new ArrayDeque<>();
    private ShareGroup filling;
    private int repliesInFilling;
    private boolean handOverDue;
    private boolean eased;

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

    /// Whether channels of this loop are to bring about half as many shares, for the time being.
    public void ease(boolean eased) {
        this.eased = eased;
    }

    boolean isEased() {
        return eased;
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
    public void replyInTurn(Replier replier, byte[] reply) {
        filling.await(replier, reply);
        queued();
    }

    /// Whether sessions of this loop must stop reading until the journal has caught up.
    public boolean isBehind(int inFlightLimit) {
        int here = full.size() * ShareGroup.RECORDS + filling.size();
        return journal.recordsInFlight() + here > inFlightLimit;
    }

    /// Makes sure that a share, its block and its reply come into one group; called before each judgement.
    void makeRoom() {
        if (filling.records.isFull()) {
            full.addLast(filling);
            filling = fresh();
        }
    }

    /// Where a record of a share or block of this job goes; what is put there is handed over soon, whether
    /// or not a reply waits for it.
    RecordGroup records(Job job) {
        if (!filling.records.names(job.reference())) {
            var shared = job.shared();
            filling.records.needs(jobRecords.computeIfAbsent(shared, JournalRecords::job));
            if (shared != job) {
                filling.records.needs(JournalRecords.coinbase(job));
            }
        }
        handOverSoon();
        return filling.records;
    }

    /// A new tip is known, and this loop is about to tell its connections. Called on any thread.
    public void tipKnown(long knownNanos) {
        if (untoldTipNanos == 0) {
            untoldTipNanos = knownNanos | 1;
        }
    }

    /// This loop has told all its connections of the tip that it knew of.
    public void tipTold() {
        untoldTipNanos = 0;
    }

    /// The worker under terms by which the operator pays; -1 where there is no room.
    int oursRef(int workerRef) {
        return journal.oursRef(workerRef);
    }

    /// A block was found: nothing of the group its share and record come into is told before it is safe.
    void found(FoundBlock block) {
        filling.await(foundBlocks.found(block));
    }

    /// Whether this header is a block the loop has not seen before.
    boolean isNewBlock(Hash hash) {
        return blocksSeen.putIfAbsent(hash, true) == null;
    }

    void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            // The process is stopping: the loop has ended, and with it every connection that
            // waited.
            LOG.debug("an event loop ended before the journal", ended);
        }
    }

    /// Sends the replies of those groups that are complete, up to the first that is not.
    void completeInTurn() {
        while (!inFlight.isEmpty() && inFlight.element().isComplete()) {
            var group = inFlight.remove();
            handOver();
            group.sendReplies();
            if (spare.size() <= MAX_GROUPS_IN_FLIGHT) {
                spare.push(group);
            }
        }
    }

    private void queued() {
        if (++repliesInFilling >= EARLY_HAND_OVER_REPLIES) {
            handOver();
        }
        handOverSoon();
    }

    private void handOverSoon() {
        if (!handOverDue) {
            handOverDue = true;
            loop.execute(() -> {
                handOverDue = false;
                handOver();
            });
        }
    }

    private void handOver() {
        while (inFlight.size() < MAX_GROUPS_IN_FLIGHT && !(full.isEmpty() && filling.isEmpty())) {
            var next = full.isEmpty() ? filling : full.remove();
            if (next == filling) {
                filling = fresh();
                repliesInFilling = 0;
            }
            inFlight.add(next);
            journal.append(next.records, next);
        }
    }

    private ShareGroup fresh() {
        return spare.isEmpty() ? new ShareGroup(this) : spare.pop();
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
