package adit.node;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import adit.pow.Hash;

/// A block on its way to every node, done when each has answered or run out of time.
///
/// **Owner:** none; each node's thread adds its one result, anyone reads.
public final class Submission {
    private final Hash hash;
    private final CopyOnWriteArrayList<SubmitResult> results = new CopyOnWriteArrayList<>();
    private final CountDownLatch missing;

    Submission(Hash hash, int nodes) {
        this.hash = hash;
        missing = new CountDownLatch(nodes);
    }

    public Hash hash() {
        return hash;
    }

    /// The answers so far, in the order they came.
    public List<SubmitResult> results() {
        return List.copyOf(results);
    }

    public boolean isDone() {
        return missing.getCount() == 0;
    }

    /// Waits until every node has answered; false when it took longer.
    public boolean await(Duration atMost) throws InterruptedException {
        return missing.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
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
        missing.countDown();
    }
}
