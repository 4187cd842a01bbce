package adit.server.block;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

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
/// A full or failing disk delays nothing: the nodes are asked first. A refused block keeps its file.
///
/// **Owner:** one virtual thread a block. **Limits:** a block is given up when it could no longer win,
/// [#MAX_ATTEMPTS] attempts after it was found.
public final class BlockDesk implements FoundBlocks, AutoCloseable {

    private static final Duration ANSWER = Duration.ofSeconds(25);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /// About a day of attempts: by then a hundred blocks stand on another one.
    static final int MAX_ATTEMPTS = 2880;

    private final BlockFiles files;
    private final NodeSet nodes;
    private final EventLog events;
    private final PoolMetrics metrics;
    private final Set<Thread> deliveries = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private record Delivery(int height, Hash hash, byte[] block) {}

    public BlockDesk(Path directory, NodeSet nodes, EventLog events, PoolMetrics metrics) {
        this.files = new BlockFiles(directory);
        this.nodes = nodes;
        this.events = events;
        this.metrics = metrics;
    }

    /// Sends what an earlier run could not deliver; again where another process served this directory beside
    /// this one, and has ended.
    public void start() {
        try {
            for (var pending : files.pending()) {
                pending.read()
                        .ifPresent(block -> {
                            var delivery = new Delivery(pending.height(), pending.hash(), block);
                            run(() -> deliver(delivery, true));
                        });
            }
        } catch (IOException cannot) {
            throw new UncheckedIOException(
                    "Found blocks of an earlier run cannot be read: " + cannot, cannot);
        }
    }

    @Override
    public void found(FoundBlock found) {
        metrics.blockFound();
        run(() -> {
            int height = found.job().template().height();
            events.blockFound(height, found.hash().displayHex(), found.worker());
            deliver(new Delivery(height, found.hash(), found.serialized()), false);
        });
    }

    /// Ends the attempts; what is undelivered stays on disk for the next start.
    @Override
    public void close() {
        closed = true;
        deliveries.forEach(Thread::interrupt);
    }

    private void run(Runnable delivery) {
        var thread =
                Thread.ofVirtual()
                        .name("submit")
                        .unstarted(() -> {
                            try {
                                delivery.run();
                            } finally {
                                deliveries.remove(Thread.currentThread());
                            }
                        });
        deliveries.add(thread);
        thread.start();
    }

    private void deliver(Delivery delivery, boolean onDisk) {
        var first = nodes.submit(delivery.block(), delivery.hash());
        if (!onDisk) {
            write(delivery);
        }
        try {
            var submission = first;
            var pause = FIRST_PAUSE;
            for (int attempt = 1; attempt <= MAX_ATTEMPTS && !closed; attempt++) {
                if (!submission.await(ANSWER)) {
                    events.blockNotDelivered(
                            delivery.height(), delivery.hash().displayHex(), "no answer yet");
                }
                if (isSettled(delivery, submission, attempt)) {
                    return;
                }
                Thread.sleep(pause);
                pause = longer(pause);
                submission = nodes.submit(delivery.block(), delivery.hash());
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Delivery delivery) {
        try {
            files.write(delivery.height(), delivery.hash(), delivery.block());
        } catch (IOException cannot) {
            events.blockFileFailed(
                    delivery.hash().displayHex(), String.valueOf(cannot.getMessage()));
        }
    }

    private boolean isSettled(Delivery delivery, Submission submission, int attempt) {
        var hash = delivery.hash().displayHex();
        var results = submission.results();
        try {
            return switch (submission.outcome()) {
                case ACCEPTED, FORK -> {
                    results.stream()
                            .filter(r -> r.outcome() == submission.outcome())
                            .findFirst()
                            .ifPresent(r -> tell(delivery, r));
                    files.delivered(delivery.height(), delivery.hash());
                    yield true;
                }
                case REFUSED -> {
                    if (results.stream().anyMatch(r -> r.outcome() == SubmitOutcome.UNAVAILABLE)) {
                        yield false;
                    }
                    results.forEach(r ->
                            events.blockRefused(delivery.height(), hash, r.node(), r.detail()));
                    files.refused(delivery.height(), delivery.hash());
                    yield true;
                }
                case UNDECIDED, UNAVAILABLE -> {
                    if (attempt == 1) {
                        events.blockNotDelivered(delivery.height(), hash, summary(submission));
                    }
                    yield false;
                }
            };
        } catch (IOException cannot) {
            events.blockFileFailed(hash, String.valueOf(cannot.getMessage()));
            return true;
        }
    }

    private void tell(Delivery delivery, SubmitResult result) {
        switch (result.outcome()) {
            case ACCEPTED ->
                    events.blockAccepted(
                            delivery.height(), delivery.hash().displayHex(), result.node());
            case FORK ->
                    events.blockState(
                            delivery.height(),
                            delivery.hash().displayHex(),
                            "known to node " + result.node() + " beside another of its height");
            case UNDECIDED, REFUSED, UNAVAILABLE -> {}
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
