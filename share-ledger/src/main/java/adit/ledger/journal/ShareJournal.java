package adit.ledger.journal;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The share journal of a running server: takes groups of records and tells when they are durable.
///
/// Each opening recovers what the last run left, and begins a new epoch with files of its own. The first
/// error of the disk ends it: from then on everything is refused, and only a new start tries again.
///
/// One process at a time may open it. It can leave that right to the one that follows it, and go on writing
/// its own epoch: [#leaveDirectory].
///
/// **Owner:** any thread calls it; one thread, `journal`, writes.
/// **Limits:** none here; event loops stop reading while [#recordsInFlight] is high, and nothing is refused for
/// load.
public final class ShareJournal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShareJournal.class);
    private static final String LOCK_FILE = "lock";

    private final JournalSettings settings;
    private final JournalStorage storage;
    private final Closeable epochLock;
    private final UUID node;
    private final JournalRecovery.Report recovery;
    private final References references;
    private final HandOver handOver;
    private final JournalWriter writer;
    private final Thread thread;
    private final AtomicLong takenUp = new AtomicLong();
    private @Nullable Closeable lock;
    private volatile boolean closing;

    private ShareJournal(
            JournalSettings settings, JournalStorage storage, JournalSeams seams, Closeable lock)
            throws IOException {
        this.settings = settings;
        this.storage = storage;
        this.lock = lock;
        FreeSpace.check(storage, settings);
        this.recovery = JournalRecovery.recover(storage, settings.serverId());
        this.node = NodeIdentity.readOrCreate(storage, seams.nodeIds());
        this.references = new References(settings);
        this.handOver = new HandOver();
        this.epochLock = EpochLocks.hold(storage, settings.serverId(), recovery.nextEpoch());
        try {
            this.writer =
                    new JournalWriter(
                            storage, settings, seams, node, recovery, references, handOver);
        } catch (IOException | RuntimeException e) {
            epochLock.close();
            throw e;
        }
        this.thread = Thread.ofPlatform().name("journal").start(writer);
    }

    /// [JournalUnavailable] if the directory is in use, not writable or short of space. The times of
    /// records come from `clock` and should have microseconds.
    public static ShareJournal open(
            JournalSettings settings, JournalStorage storage, InstantSource clock) {
        return open(settings, storage, clock, CommitObserver.NONE);
    }

    public static ShareJournal open(
            JournalSettings settings,
            JournalStorage storage,
            InstantSource clock,
            CommitObserver observer) {
        return open(settings, storage, JournalSeams.real(clock, observer));
    }

    static ShareJournal open(JournalSettings settings, JournalStorage storage, JournalSeams seams) {
        try {
            var lock = storage.lock(LOCK_FILE);
            try {
                return new ShareJournal(settings, storage, seams, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw JournalUnavailable.of("opening the journal in " + storage.describe(), e);
        }
    }

    public int serverId() {
        return settings.serverId();
    }

    public int epoch() {
        return writer.epoch();
    }

    public UUID node() {
        return node;
    }

    /// What opening found and did to the epoch before.
    public JournalRecovery.Report recovery() {
        return recovery;
    }

    /// The number that stands for this payee in records of this epoch, or −1 when there are too many.
    /// The name has at most 255 bytes of UTF-8.
    public int accountRef(String name) {
        return references.account(name);
    }

    /// The number that stands for this worker under these terms, or −1 when there are too many.
    public int workerRef(int accountRef, String name, String scheme, int feeBps) {
        return references.worker(accountRef, name, scheme, feeBps);
    }

    /// The same worker for shares that are late through the pool's own fault, which the operator pays; -1 where
    /// there is no room.
    public int oursRef(int workerRef) {
        return references.workerUnder(workerRef, ShareClass.OURS_SCHEME);
    }

    /// Takes the group as it is, until its outcome is told. Never blocks and never refuses for load.
    public void append(RecordGroup group, GroupOutcome outcome) {
        put(new HandOver.Entry.Group(group, outcome, group.records()));
    }

    /// What another epoch needs to take up this block, should this one end before its record is in it.
    public CarriedBlock carry(JournalRecord.Job job, JournalRecord.BlockFound block) {
        return new CarriedBlock(
                new JournalRecord.Epoch(0, 0, settings.serverId(), epoch()),
                references.account(block.accountRef()),
                references.worker(block.workerRef()),
                job,
                block);
    }

    /// Whether this epoch is the block's own.
    public boolean wrote(CarriedBlock carried) {
        return carried.epoch().serverId() == serverId() && carried.epoch().epoch() == epoch();
    }

    /// Records a block of an epoch that is over, in case it is not in that epoch's journal; a block that comes
    /// twice counts once. [IllegalStateException] where names have no room here.
    ///
    /// @return whether it was handed over: not where that epoch is still being written
    public boolean takeUp(CarriedBlock carried, GroupOutcome outcome) {
        var worker = carried.worker();
        if (wrote(carried) || !isOver(carried.epoch())) {
            return false;
        }
        int accountRef = accountRef(carried.account().name());
        int workerRef =
                accountRef == References.FULL
                        ? References.FULL
                        : workerRef(accountRef, worker.name(), worker.scheme(), worker.feeBps());
        Check.that(workerRef != References.FULL, "there is room for the names of a block");
        // Jobs of this epoch have references that are not negative.
        var job = carried.job().as(-takenUp.incrementAndGet());
        var group = new RecordGroup(1);
        group.needs(job);
        group.blockFound(carried.block().as(job.jobRef(), accountRef, workerRef));
        append(group, outcome);
        return true;
    }

    private boolean isOver(JournalRecord.Epoch epoch) {
        try {
            return EpochLocks.isOver(storage, storage.list(), epoch.serverId(), epoch.epoch());
        } catch (IOException e) {
            throw JournalUnavailable.of("looking at an epoch in " + storage.describe(), e);
        }
    }

    /// Notes a change of tip. Nobody waits for it, so it has no outcome.
    public void tip(byte[] hash, int height, int nBits) {
        put(new HandOver.Entry.Tip(new JournalRecord.Tip(0, 0, hash, height, nBits)));
    }

    /// Records handed over and not yet durable or refused.
    public int recordsInFlight() {
        return handOver.recordsInFlight();
    }

    public long durableSequence() {
        return writer.durableSequence();
    }

    public boolean isWritable() {
        return failure().isEmpty();
    }

    /// Why everything is refused, if it is.
    public Optional<JournalUnavailable> failure() {
        var failure = writer.failure();
        if (failure == null && closing) {
            failure = JournalWriter.closed();
        }
        return Optional.ofNullable(failure);
    }

    /// A new reader of this directory, of durable records only. The caller owns and closes it.
    public JournalReader reader() {
        return new JournalReader(
                storage, settings.serverId(), node, epoch(), writer::durableSequence);
    }

    /// Leaves the directory to the process that follows this one; this epoch goes on until it is closed.
    public void leaveDirectory() {
        var held = lock;
        lock = null;
        if (held != null) {
            release(held);
        }
    }

    /// Takes the directory back from who has not followed after all; [JournalUnavailable] if it has.
    public void takeDirectoryBack() {
        try {
            lock = lock == null ? storage.lock(LOCK_FILE) : lock;
        } catch (IOException e) {
            throw JournalUnavailable.of("taking back the journal in " + storage.describe(), e);
        }
    }

    /// Deletes segments of an epoch that lie wholly before `nextSequence`, the projector's cursor, and
    /// were sealed before `sealedBefore`; answers how many. Any one thread.
    public int deleteBefore(int epoch, long nextSequence, Instant sealedBefore) {
        try {
            boolean isOurs = epoch == epoch();
            if (!isOurs
                    && !EpochLocks.isOver(storage, storage.list(), settings.serverId(), epoch)) {
                return 0;
            }
            return new Retention(storage, settings.serverId())
                    .deleteBefore(epoch, isOurs, nextSequence, sealedBefore);
        } catch (IOException e) {
            throw JournalUnavailable.of("deleting old segments in " + storage.describe(), e);
        }
    }

    /// Writes what was appended before, then CLEAN_STOP, and waits until that is on disk.
    @Override
    public void close() {
        closing = true;
        handOver.put(new HandOver.Entry.Stop());
        try {
            thread.join();
            writer.refuseLeftOvers();
            release(epochLock);
            leaveDirectory();
        } catch (InterruptedException e) {
            // The thread still ends the epoch; the locks go with the process.
            Thread.currentThread().interrupt();
        }
    }

    private void release(Closeable held) {
        try {
            held.close();
        } catch (IOException e) {
            LOG.warn("releasing a lock of the journal in {} failed", storage.describe(), e);
        }
    }

    private void put(HandOver.Entry entry) {
        handOver.put(entry);
        if (writer.hasEnded()) {
            writer.refuseLeftOvers();
        }
    }
}
