package adit.server.block;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import adit.ledger.journal.CarriedBlock;
import adit.ledger.journal.GroupOutcome;
import adit.ledger.journal.JournalUnavailable;
import adit.ledger.journal.RecordGroup;
import adit.ledger.journal.ShareJournal;
import adit.node.NodeSet;
import adit.node.Submission;
import adit.node.SubmitOutcome;
import adit.node.SubmitResult;
import adit.pow.Hash;
import adit.server.channel.FoundBlocks;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;

/// Where a found block goes: to every node in parallel and to disk at the same time, and again to the
/// nodes until one knows it. Blocks still undelivered at the last stop are taken up at start.
///
/// A full or failing disk delays nothing: the nodes are asked first. Nor does a node that hangs: the first that has
/// the block decides. A refused block keeps its file.
///
/// Its record, which the journal gets at the same time, is kept in a file of its own until the journal has it: a node
/// may have the block before. A record that is found at a start goes into the journal of the new epoch.
///
/// A block is safe when its file is written or a node has it. The miner hears of its share then, or after [#SAFE_WITHIN]
/// where neither disk nor node is of use.
///
/// **Owner:** one virtual thread a block. **Limits:** a block is given up when it could no longer win,
/// [#MAX_ATTEMPTS] attempts after it was found.
public final class BlockDesk implements FoundBlocks, AutoCloseable {

    private static final Duration ANSWER = Duration.ofSeconds(25);
    private static final Duration SAFE_WITHIN = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration TAKE_UP_EACH = Duration.ofSeconds(2);

    /// About a day of attempts: by then a hundred blocks stand on another one.
    private static final int MAX_ATTEMPTS = 2880;

    private final BlockFiles files;
    private final NodeSet nodes;
    private final ShareJournal journal;
    private final EventLog events;
    private final PoolMetrics metrics;
    private final int maxAttempts;
    private final Duration safeWithin;
    private final Map<Thread, Delivery> deliveries = new ConcurrentHashMap<>();

    /// Blocks with a record that need no more of this run: taken up, its own, or beyond it.
    private final Set<Hash> lookedAt = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    private interface Writing {
        void toDisk(byte[] block) throws IOException;
    }

    private static final class Delivery {
        private final int height;
        private final Hash hash;
        private final Supplier<byte[]> block;
        private final Writing writing;
        private final AtomicBoolean isAccepted = new AtomicBoolean();

        /// Whether it is on disk, or the disk has refused it.
        private final CountDownLatch wasWritten = new CountDownLatch(1);

        private final CompletableFuture<Void> safe = new CompletableFuture<>();
        private boolean isOnDisk;

        private Delivery(int height, Hash hash, Supplier<byte[]> block, Writing writing) {
            this.height = height;
            this.hash = hash;
            this.block = block;
            this.writing = writing;
        }

        private Delivery onDisk() {
            isOnDisk = true;
            wasWritten.countDown();
            safe.complete(null);
            return this;
        }
    }

    /// @param directories where blocks are kept: the first that can be written is used
    public BlockDesk(
            List<Path> directories,
            NodeSet nodes,
            ShareJournal journal,
            EventLog events,
            PoolMetrics metrics) {
        this(directories, nodes, journal, events, metrics, MAX_ATTEMPTS, SAFE_WITHIN);
    }

    BlockDesk(
            List<Path> directories,
            NodeSet nodes,
            ShareJournal journal,
            EventLog events,
            PoolMetrics metrics,
            int maxAttempts,
            Duration safeWithin) {
        this.files = new BlockFiles(directories);
        this.nodes = nodes;
        this.journal = journal;
        this.events = events;
        this.metrics = metrics;
        this.maxAttempts = maxAttempts;
        this.safeWithin = safeWithin;
    }

    /// Books what an earlier run could not, and sends what it could not deliver; again where another process served
    /// this directory beside this one, and has ended.
    public void start() {
        try {
            if (!takeUpRecords()) {
                Thread.startVirtualThread(this::takeUpLater);
            }
            for (var pending : files.pending()) {
                pending.read()
                        .map(block ->
                                new Delivery(
                                        pending.height(), pending.hash(), () -> block, _ -> {}))
                        .ifPresent(delivery -> run(delivery.onDisk(), () -> {}));
            }
        } catch (IOException cannot) {
            throw new UncheckedIOException(
                    "Found blocks of an earlier run cannot be read: " + cannot, cannot);
        }
    }

    @Override
    public Taken found(FoundBlock found) {
        metrics.blockFound();
        int height = found.job().template().height();
        var hash = found.hash().displayHex();
        var recorded = new CompletableFuture<Void>();
        var delivery =
                new Delivery(
                        height,
                        found.hash(),
                        found::serialized,
                        block -> write(found, block, recorded));
        run(delivery, () -> events.blockFound(height, hash, found.worker()));
        var safe =
                delivery.safe
                        .orTimeout(safeWithin.toMillis(), TimeUnit.MILLISECONDS)
                        .whenComplete((_, unsafe) -> {
                            if (unsafe != null) {
                                events.blockNotSafe(height, hash);
                            }
                        });
        return new Taken() {
            @Override
            public CompletionStage<?> safe() {
                return safe;
            }

            @Override
            public void recorded() {
                recorded.complete(null);
            }
        };
    }

    /// Ends the attempts, none before its block is on disk; what is undelivered stays there for the next start.
    @Override
    public void close() {
        closed = true;
        try {
            for (var delivery : deliveries.values()) {
                var _ = delivery.wasWritten.await(safeWithin.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        deliveries.keySet().forEach(Thread::interrupt);
    }

    private void run(Delivery delivery, Runnable first) {
        var thread =
                Thread.ofVirtual()
                        .name("submit")
                        .unstarted(() -> {
                            try {
                                first.run();
                                deliver(delivery);
                            } finally {
                                deliveries.remove(Thread.currentThread());
                            }
                        });
        deliveries.put(thread, delivery);
        thread.start();
    }

    private void deliver(Delivery delivery) {
        try {
            var block = delivery.block.get();
            var pause = FIRST_PAUSE;
            for (int attempt = 1; attempt <= maxAttempts; attempt++) {
                var submission =
                        nodes.submit(block, delivery.hash, result -> answered(delivery, result));
                keep(delivery, block);
                if (!submission.await(ANSWER)) {
                    events.blockNotDelivered(
                            delivery.height, delivery.hash.displayHex(), "no answer yet");
                }
                // Only here: what is found at the last moment is sent and written all the same.
                if (isSettled(delivery, submission, attempt) || closed) {
                    return;
                }
                Thread.sleep(pause);
                pause = longer(pause);
            }
            events.blockGivenUp(delivery.height, delivery.hash.displayHex());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /// Tells that a block is accepted when the first node says so, whatever disk and other nodes do.
    private void answered(Delivery delivery, SubmitResult result) {
        switch (result.outcome()) {
            case ACCEPTED -> {
                delivery.safe.complete(null);
                if (delivery.isAccepted.compareAndSet(false, true)) {
                    events.blockAccepted(
                            delivery.height, delivery.hash.displayHex(), result.node());
                }
            }
            case FORK -> delivery.safe.complete(null);
            case UNDECIDED, REFUSED, UNAVAILABLE -> {}
        }
    }

    /// Writes it to disk, where it is not; a disk that was full may have room at the next attempt.
    private void keep(Delivery delivery, byte[] block) {
        if (delivery.isOnDisk) {
            return;
        }
        try {
            delivery.writing.toDisk(block);
            delivery.isOnDisk = true;
            delivery.safe.complete(null);
        } catch (IOException cannot) {
            events.blockFileFailed(delivery.hash.displayHex(), String.valueOf(cannot.getMessage()));
        } finally {
            delivery.wasWritten.countDown();
        }
    }

    /// The record first: no block is on disk of which nobody knows who found it.
    private void write(FoundBlock found, byte[] block, CompletableFuture<?> recorded)
            throws IOException {
        int height = found.job().template().height();
        try {
            if (!recorded.isDone() && found.isItsFinders()) {
                var record = journal.carry(found.jobRecord(), found.record());
                files.writeRecord(height, found.hash(), record.toBytes());
                var _ =
                        recorded.thenRunAsync(
                                () -> forget(height, found.hash()), Thread::startVirtualThread);
            }
        } finally {
            files.write(height, found.hash(), block);
        }
    }

    /// The process whose epoch it is may take a while to end.
    private void takeUpLater() {
        try {
            do {
                Thread.sleep(TAKE_UP_EACH);
            } while (!closed && !takeUpRecords());
        } catch (IOException cannot) {
            events.blockRecordsUnreadable(String.valueOf(cannot));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /// Has the journal record those blocks whose records may not have come there before the process ended.
    ///
    /// @return whether none is left whose epoch another process still writes
    private boolean takeUpRecords() throws IOException {
        boolean isDone = true;
        for (var pending : files.records()) {
            if (lookedAt.add(pending.hash()) && !takeUp(pending)) {
                lookedAt.remove(pending.hash());
                isDone = false;
            }
        }
        return isDone;
    }

    /// False where it is to be looked at again.
    private boolean takeUp(BlockFiles.Pending pending) {
        try {
            var bytes = pending.read();
            if (bytes.isEmpty()) {
                return true;
            }
            var carried = CarriedBlock.of(bytes.get());
            return journal.wrote(carried) || journal.takeUp(carried, takenUp(pending, carried));
        } catch (IOException
                | IllegalArgumentException
                | IllegalStateException
                | JournalUnavailable cannot) {
            events.blockNotTakenUp(
                    pending.hash().displayHex(), String.valueOf(cannot.getMessage()));
            return true;
        }
    }

    private GroupOutcome takenUp(BlockFiles.Pending pending, CarriedBlock carried) {
        var hash = pending.hash();
        var name = carried.account().name() + "." + carried.worker().name();
        return new GroupOutcome() {
            @Override
            public void durable(RecordGroup group) {
                events.blockTakenUp(pending.height(), hash.displayHex(), name);
                Thread.startVirtualThread(() -> forget(pending.height(), hash));
            }

            @Override
            public void refused(RecordGroup group, JournalUnavailable why) {
                events.blockNotTakenUp(hash.displayHex(), String.valueOf(why.getMessage()));
            }
        };
    }

    private void forget(int height, Hash hash) {
        try {
            files.recorded(height, hash);
        } catch (IOException cannot) {
            events.blockRecordStays(hash.displayHex(), String.valueOf(cannot.getMessage()));
        }
    }

    private boolean isSettled(Delivery delivery, Submission submission, int attempt) {
        var hash = delivery.hash.displayHex();
        var results = submission.results();
        try {
            return switch (submission.outcome()) {
                case ACCEPTED -> {
                    files.delivered(delivery.height, delivery.hash);
                    yield true;
                }
                case FORK -> {
                    results.stream()
                            .filter(r -> r.outcome() == SubmitOutcome.FORK)
                            .findFirst()
                            .ifPresent(r ->
                                    events.blockState(
                                            delivery.height,
                                            hash,
                                            "known to node "
                                                    + r.node()
                                                    + " beside another of its height"));
                    files.delivered(delivery.height, delivery.hash);
                    yield true;
                }
                case REFUSED -> {
                    if (results.stream().anyMatch(r -> r.outcome() == SubmitOutcome.UNAVAILABLE)) {
                        yield false;
                    }
                    results.forEach(
                            r -> events.blockRefused(delivery.height, hash, r.node(), r.detail()));
                    files.refused(delivery.height, delivery.hash);
                    yield true;
                }
                case UNDECIDED, UNAVAILABLE -> {
                    if (attempt == 1) {
                        events.blockNotDelivered(delivery.height, hash, summary(submission));
                    }
                    yield false;
                }
            };
        } catch (ClosedByInterruptException stopping) {
            // It was moved, or is delivered once more by the next run.
            return true;
        } catch (IOException cannot) {
            events.blockFileNotMoved(hash, String.valueOf(cannot.getMessage()));
            return true;
        }
    }

    private static String summary(Submission submission) {
        return submission.results().isEmpty()
                ? "no node answered"
                : submission.results().stream()
                        .map(result -> result.node() + ": " + result.detail())
                        .collect(Collectors.joining("; "));
    }

    private static Duration longer(Duration pause) {
        var doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }
}
