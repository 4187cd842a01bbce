package adit.ledger.postgres;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;

import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.ShareClass;
import adit.ledger.journal.ShareSource;

/// A journal in memory, written by a test record by record: sequences are given here, time stands where it was put.
/// Read directly, all of its epochs but the newest are over.
public final class FakeShareSource implements ShareSource {
    private static final List<byte[]> BRANCH =
            LongStream.rangeClosed(1, 12).mapToObj(level -> bytes(32, level)).toList();

    private final int serverId;
    private final UUID node;
    private final TreeMap<Integer, List<JournalRecord>> epochs = new TreeMap<>();
    private final Map<Integer, Long> firstKept = new TreeMap<>();
    private Runnable beforeRead = () -> {};
    private int writing;
    private int damaged;
    private long nowMicros;

    public FakeShareSource(int serverId) {
        this(serverId, new UUID(42, serverId));
    }

    public FakeShareSource(int serverId, UUID node) {
        this.serverId = serverId;
        this.node = node;
    }

    public FakeShareSource at(Instant time) {
        nowMicros = Times.micros(time);
        return this;
    }

    public FakeShareSource later(long micros) {
        nowMicros += micros;
        return this;
    }

    public FakeShareSource beginEpoch() {
        writing = epochs.size() + 1;
        epochs.put(writing, new ArrayList<>());
        add(new JournalRecord.Epoch(next(), nowMicros, serverId, writing));
        return this;
    }

    /// Goes on in an epoch begun before, as the process does that another one follows.
    public FakeShareSource inEpoch(int epoch) {
        writing = epoch;
        return this;
    }

    /// The journal as the process reads it that writes one epoch while others write these.
    public ShareSource readBy(int liveEpoch, List<Integer> writtenByOthers) {
        return new ShareSource() {
            @Override
            public int serverId() {
                return serverId;
            }

            @Override
            public UUID node() {
                return node;
            }

            @Override
            public List<Extent> epochs() {
                return extents(liveEpoch, writtenByOthers);
            }

            @Override
            public List<Integer> begun() {
                return FakeShareSource.this.begun();
            }

            @Override
            public List<JournalRecord> read(int epoch, long fromSequence, int max) {
                return FakeShareSource.this.read(epoch, fromSequence, max);
            }
        };
    }

    public FakeShareSource account(int ref, String name) {
        return add(new JournalRecord.Account(next(), nowMicros, ref, name));
    }

    public FakeShareSource worker(int ref, int accountRef, String name, String scheme, int feeBps) {
        return add(
                new JournalRecord.Worker(next(), nowMicros, ref, accountRef, name, scheme, feeBps));
    }

    /// A job as long as one of some thousand transactions.
    public FakeShareSource job(long ref, int nBits, long subsidySats) {
        return add(
                new JournalRecord.Job(
                        next(),
                        nowMicros,
                        ref,
                        840_000,
                        bytes(32, ref),
                        nBits,
                        0x2000_0000,
                        0x1fff_e000,
                        1_800_000_000,
                        subsidySats,
                        subsidySats + 7,
                        bytes(56, ref),
                        12,
                        bytes(94, -ref),
                        BRANCH));
    }

    /// Another coinbase of a job, with two outputs.
    public FakeShareSource coinbase(long ref, long ofRef) {
        return add(new JournalRecord.Coinbase(next(), nowMicros, ref, ofRef, bytes(125, ref)));
    }

    public FakeShareSource share(int accountRef, int workerRef, long jobRef, long difficultyUnits) {
        return share(accountRef, workerRef, jobRef, difficultyUnits, ShareClass.ACCEPTED);
    }

    public FakeShareSource share(
            int accountRef,
            int workerRef,
            long jobRef,
            long difficultyUnits,
            ShareClass shareClass) {
        long sequence = next();
        return add(
                new JournalRecord.Share(
                        sequence,
                        nowMicros,
                        accountRef,
                        workerRef,
                        jobRef,
                        difficultyUnits,
                        0x6abc_def0,
                        (int) (sequence * 0x9e37_79b9L),
                        0xa000_0000,
                        shareClass == ShareClass.ACCEPTED ? 0 : 750,
                        shareClass,
                        bytes(12, sequence),
                        bytes(16, (sequence << 8) + serverId),
                        -sequence));
    }

    public FakeShareSource block(
            int accountRef, int workerRef, long jobRef, int nBits, long subsidySats) {
        return block(accountRef, workerRef, jobRef, nBits, subsidySats, 0);
    }

    /// A block whose coinbase pays its finder.
    public FakeShareSource block(
            int accountRef,
            int workerRef,
            long jobRef,
            int nBits,
            long subsidySats,
            long directSats) {
        long sequence = next();
        return add(
                new JournalRecord.BlockFound(
                        sequence,
                        nowMicros,
                        bytes(32, (sequence << 16) + ((long) writing << 8) + serverId),
                        840_000,
                        jobRef,
                        accountRef,
                        workerRef,
                        subsidySats + 7,
                        subsidySats,
                        nBits,
                        directSats));
    }

    public FakeShareSource tip() {
        return add(new JournalRecord.Tip(next(), nowMicros, bytes(32, 3), 840_001, 0x1703_4219));
    }

    public FakeShareSource cleanStop() {
        return add(new JournalRecord.CleanStop(next(), nowMicros));
    }

    /// Deletes what comes before, as retention does.
    public FakeShareSource keepFrom(int epoch, long sequence) {
        firstKept.put(epoch, sequence);
        return this;
    }

    /// Something to happen between the projector's look at the cursor and its attempt to move it.
    public FakeShareSource beforeRead(Runnable event) {
        beforeRead = event;
        return this;
    }

    public List<JournalRecord> records(int epoch) {
        return epochs.get(epoch);
    }

    public Position lastPosition() {
        JournalRecord last = epochs.get(writing).getLast();
        return new Position(last.timeMicros(), serverId, writing, last.sequence());
    }

    @Override
    public int serverId() {
        return serverId;
    }

    @Override
    public UUID node() {
        return node;
    }

    @Override
    public List<Extent> epochs() {
        return epochs.isEmpty() ? List.of() : extents(epochs.lastKey(), List.of());
    }

    @Override
    public List<Integer> begun() {
        return List.copyOf(epochs.keySet());
    }

    @Override
    public List<JournalRecord> read(int epoch, long fromSequence, int max) {
        beforeRead.run();
        List<JournalRecord> all = epochs.get(epoch);
        if (epoch == damaged && fromSequence > all.size()) {
            throw new IllegalStateException("damage behind record " + all.size());
        }
        int from = Math.toIntExact(fromSequence - 1);
        return List.copyOf(all.subList(from, Math.min(all.size(), from + max)));
    }

    /// From now on records are lost behind those that this epoch has.
    FakeShareSource damageEndOf(int epoch) {
        damaged = epoch;
        return this;
    }

    private List<Extent> extents(int liveEpoch, List<Integer> leftOut) {
        return epochs.keySet().stream()
                .filter(epoch -> !leftOut.contains(epoch))
                .map(epoch -> extent(epoch, epoch == liveEpoch))
                .toList();
    }

    private Extent extent(int epoch, boolean live) {
        return new Extent(
                epoch,
                firstKept.getOrDefault(epoch, 1L),
                epochs.get(epoch).size(),
                live,
                epoch == damaged);
    }

    private FakeShareSource add(JournalRecord record) {
        epochs.get(writing).add(record);
        return this;
    }

    private long next() {
        return epochs.get(writing).size() + 1L;
    }

    private static byte[] bytes(int length, long content) {
        var bytes = ByteBuffer.allocate(length);
        bytes.putLong(content);
        return bytes.array();
    }
}
