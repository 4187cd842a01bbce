package adit.ledger.journal;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes the journal: take groups, one write, one sync, publish, tell.
///
/// Whatever a record refers to is declared in front of it, once per segment. A group never spans two
/// segments. The first error ends the epoch for good: after a failed sync nobody knows what the disk
/// holds, and a second sync that succeeds proves nothing, so the file is left alone, and everything not
/// yet durable and everything that comes later is refused until the process starts anew.
///
/// **Owner:** the thread `journal`, started after construction. Others read the volatile fields.
/// **Invariant:** a group is told durable only after the sync that covers its last record.
final class JournalWriter implements Runnable {
    private static final Duration CLOCK_SET_BACK = Duration.ofHours(1);
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final int MAX_COMMIT_RECORDS = 4096;
    private static final long SPACE_CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final JournalStorage storage;
    private final JournalSettings settings;
    private final JournalSeams seams;
    private final UUID node;
    private final int epoch;
    private final References references;
    private final HandOver handOver;

    private final CommitBuffer buffer = new CommitBuffer();
    private final Declared declared = new Declared();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final CommitPacing pacing;
    private final SpareSegment spare;
    private LiveSegment segment;
    private long spaceCheckedNanos;
    private boolean stopping;

    private volatile long durableSequence;
    private volatile @Nullable JournalUnavailable failure;
    private volatile boolean ended;

    /// Begins the epoch on disk: its first segment with the EPOCH record, synced.
    JournalWriter(
            JournalStorage storage,
            JournalSettings settings,
            JournalSeams seams,
            UUID node,
            JournalRecovery.Report before,
            References references,
            HandOver handOver)
            throws IOException {
        this.storage = storage;
        this.settings = settings;
        this.seams = seams;
        this.node = node;
        this.epoch = before.nextEpoch();
        this.references = references;
        this.handOver = handOver;
        this.pacing = new CommitPacing(seams.nanoTime().getAsLong());
        this.spaceCheckedNanos = seams.nanoTime().getAsLong();
        this.spare = new SpareSegment(storage, settings, epoch, seams.zeroFill());
        stampTime(before.lastTimeMicros());
        try {
            this.segment = nextSegment();
            buffer.put(new JournalRecord.Epoch(0, 0, settings.serverId(), epoch));
            commit();
        } catch (IOException | RuntimeException e) {
            spare.close();
            throw e;
        }
    }

    @Override
    public void run() {
        try {
            while (!stopping) {
                step(handOver.take());
            }
        } catch (IOException e) {
            fail(JournalUnavailable.of("journal in " + storage.describe(), e));
        } catch (JournalUnavailable e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(JournalUnavailable.broken(e));
        }
        var why = failure;
        if (why != null) {
            refuseUntilStopped(why);
        }
        closeFiles();
        ended = true;
        refuseLeftOvers();
    }

    long durableSequence() {
        return durableSequence;
    }

    @Nullable JournalUnavailable failure() {
        return failure;
    }

    int epoch() {
        return epoch;
    }

    boolean hasEnded() {
        return ended;
    }

    /// Refuses what nobody takes any more. Any thread: each entry is taken by exactly one.
    void refuseLeftOvers() {
        var why = failure != null ? failure : closed();
        for (var entry = handOver.poll(); entry != null; entry = handOver.poll()) {
            refuse(entry, why);
        }
    }

    static JournalUnavailable closed() {
        return new JournalUnavailable(JournalUnavailable.Reason.CLOSED, "the journal is closed");
    }

    /// One commit, beginning with this entry.
    private void step(HandOver.Entry first) throws IOException {
        stampTime();
        acceptFrom(first);
        if (!stopping
                && buffer.records() < CommitPacing.HOLD_RECORDS
                && pacing.holds(seams.nanoTime().getAsLong())) {
            handOver.awaitRecords(CommitPacing.HOLD_RECORDS, CommitPacing.HOLD_NANOS);
            acceptFrom(handOver.poll());
        }
        if (stopping) {
            makeRoom(RecordFormat.SEAL_BYTES);
            buffer.put(new JournalRecord.CleanStop(0, 0));
        }
        commit();
    }

    /// Takes what there is, up to the most a commit should carry or the order to stop.
    private void acceptFrom(HandOver.@Nullable Entry first) throws IOException {
        int taken = 0;
        var entry = first;
        while (entry != null) {
            taken += entry.records();
            switch (entry) {
                case HandOver.Entry.Group group -> accept(group);
                case HandOver.Entry.Tip tip -> accept(tip);
                case HandOver.Entry.Stop _ -> stopping = true;
            }
            entry = taken < MAX_COMMIT_RECORDS && !stopping ? handOver.poll() : null;
        }
    }

    private void accept(HandOver.Entry.Tip tip) throws IOException {
        var waiting = new Pending(tip);
        pending.add(waiting);
        put(tip.tip());
        waiting.lastSequence = buffer.lastSequence();
    }

    private void accept(HandOver.Entry.Group entry) throws IOException {
        var waiting = new Pending(entry);
        pending.add(waiting);
        var group = entry.group();
        pacing.took(group);
        sealIfFull(group.bytes().position());
        for (var job : group.jobs()) {
            if (declared.isNewJob(job.jobRef())) {
                put(job);
            }
        }
        putRecords(group);
        waiting.lastSequence = buffer.lastSequence();
    }

    private void putRecords(RecordGroup group) throws IOException {
        var bytes = group.bytes();
        int at = 0;
        while (at < bytes.position()) {
            int length = bytes.getInt(at + RecordFormat.LENGTH);
            if (bytes.get(at + RecordFormat.TYPE) == RecordFormat.SHARE) {
                declare(
                        bytes.getInt(at + RecordFormat.SHARE_ACCOUNT),
                        bytes.getInt(at + RecordFormat.SHARE_WORKER));
            } else {
                declare(
                        bytes.getInt(at + RecordFormat.BLOCK_ACCOUNT),
                        bytes.getInt(at + RecordFormat.BLOCK_WORKER));
            }
            makeRoom(length);
            buffer.put(bytes, at, length);
            at += length;
        }
    }

    private void declare(int accountRef, int workerRef) throws IOException {
        if (declared.isNewAccount(accountRef)) {
            put(references.account(accountRef));
        }
        if (declared.isNewWorker(workerRef)) {
            var worker = references.worker(workerRef);
            if (declared.isNewAccount(worker.accountRef())) {
                put(references.account(worker.accountRef()));
            }
            put(worker);
        }
    }

    private void put(JournalRecord entry) throws IOException {
        makeRoom(RecordFormat.MAX_BYTES);
        buffer.put(entry);
    }

    private void makeRoom(int recordBytes) throws IOException {
        if (!buffer.hasRoomFor(recordBytes)) {
            commit();
        }
    }

    private void sealIfFull(int groupBytes) throws IOException {
        long usedBytes = segment.positionBytes() + buffer.sizeBytes();
        boolean fits = usedBytes + groupBytes + RecordFormat.SEAL_BYTES <= settings.segmentBytes();
        if (fits || usedBytes == JournalSegment.HEADER_BYTES) {
            return;
        }
        makeRoom(RecordFormat.SEAL_BYTES);
        buffer.put(new JournalRecord.Seal(0, 0, segment.firstSequence()));
        commit();
        segment.close();
        segment = nextSegment();
    }

    private LiveSegment nextSegment() throws IOException {
        var header =
                new JournalSegment(
                        settings.serverId(),
                        epoch,
                        buffer.lastSequence() + 1,
                        node,
                        buffer.lastCrc(),
                        buffer.timeMicros(),
                        buffer.commit());
        declared.clear();
        return LiveSegment.begin(storage, spare, header);
    }

    private void commit() throws IOException {
        if (!buffer.isEmpty()) {
            long start = seams.nanoTime().getAsLong();
            if (start - spaceCheckedNanos >= SPACE_CHECK_NANOS) {
                spaceCheckedNanos = start;
                FreeSpace.check(storage, settings);
            }
            int records = buffer.records();
            int bytes = buffer.sizeBytes();
            segment.commit(buffer.complete(segment.salt()));
            buffer.clear();
            durableSequence = buffer.lastSequence();
            spare.used(bytes);
            seams.observer().committed(records, bytes, seams.nanoTime().getAsLong() - start);
        }
        tellDurable();
    }

    private void tellDurable() {
        var first = pending.peek();
        while (first != null && first.lastSequence <= durableSequence) {
            pending.remove();
            handOver.done(first.entry);
            if (first.entry instanceof HandOver.Entry.Group group) {
                group.outcome().durable(group.group());
            }
            first = pending.peek();
        }
    }

    /// Not before the last record of the epoch before, should the clock have been set back since: whoever settled up to
    /// there would not know of these. Set back by more than an hour it was wrong before, and is not waited for.
    private void stampTime(long lastTimeMicros) {
        stampTime();
        long backMicros = lastTimeMicros - nowMicros();
        if (backMicros > 0 && backMicros <= CLOCK_SET_BACK.toMillis() * 1_000) {
            buffer.setTime(lastTimeMicros);
        }
    }

    private void stampTime() {
        buffer.setTime(nowMicros());
    }

    private long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, seams.clock().instant());
    }

    private void fail(JournalUnavailable why) {
        // The pool tells its operator, who needs to hear of it once.
        LOG.debug(
                "the share journal takes no more records; the last durable one is {} of epoch {}: {}",
                durableSequence,
                epoch,
                why.getMessage());
        if (why.reason() == JournalUnavailable.Reason.BROKEN) {
            LOG.error("this is a bug of the journal", why);
        }
        failure = why;
        pending.forEach(waiting -> refuse(waiting.entry, why));
        pending.clear();
    }

    private void refuseUntilStopped(JournalUnavailable why) {
        while (!stopping) {
            var entry = handOver.take();
            stopping = entry instanceof HandOver.Entry.Stop;
            refuse(entry, why);
        }
    }

    private void refuse(HandOver.Entry entry, JournalUnavailable why) {
        handOver.done(entry);
        if (entry instanceof HandOver.Entry.Group group) {
            try {
                group.outcome().refused(group.group(), why);
            } catch (RuntimeException e) {
                // The journal has ended already; the other groups must still hear of it.
                LOG.error("an outcome threw when told of a refusal", e);
            }
        }
    }

    private void closeFiles() {
        spare.close();
        try {
            segment.close();
        } catch (IOException e) {
            LOG.warn("closing a journal segment in {} failed", storage.describe(), e);
        }
    }

    /// An entry whose records are not yet all durable; it is in the queue before its records are in the
    /// buffer, so that whatever fails on the way, it is answered.
    private static final class Pending {
        private final HandOver.Entry entry;
        private long lastSequence = Long.MAX_VALUE;

        Pending(HandOver.Entry entry) {
            this.entry = entry;
        }
    }
}
