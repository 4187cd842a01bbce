package adit.node;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import adit.pow.Hash;

/// A block on its way to every node: decided when one has accepted it, or each has answered or run out of time.
///
/// **Owner:** none; each node's thread adds its one result, anyone reads.
public final class Submission {
    private final Hash hash;
    private final CopyOnWriteArrayList<SubmitResult> results = new CopyOnWriteArrayList<>();
    private final Consumer<SubmitResult> answered;
    private final AtomicInteger missing;
    private final CountDownLatch decided = new CountDownLatch(1);

    Submission(Hash hash, int nodes, Consumer<SubmitResult> answered) {
        this.hash = hash;
        this.answered = answered;
        missing = new AtomicInteger(nodes);
    }

    public Hash hash() {
        return hash;
    }

    /// The answers so far, in the order they came.
    public List<SubmitResult> results() {
        return List.copyOf(results);
    }

    public boolean isDone() {
        return missing.get() == 0;
    }

    /// Waits until no further answer can make a difference; false when it took longer.
    public boolean await(Duration atMost) throws InterruptedException {
        return decided.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// The best of the answers so far, [SubmitOutcome#UNAVAILABLE] when there is none.
    public SubmitOutcome outcome() {
        return results.stream()
                .map(SubmitResult::outcome)
                .min(SubmitOutcome::compareTo)
                .orElse(SubmitOutcome.UNAVAILABLE);
    }

    void add(SubmitResult result) {
        results.add(result);
        boolean isLast = missing.decrementAndGet() == 0;
        if (isLast || result.outcome() == SubmitOutcome.ACCEPTED) {
            decided.countDown();
        }
        answered.accept(result);
    }
}
