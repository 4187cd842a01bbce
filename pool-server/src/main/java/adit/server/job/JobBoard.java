package adit.server.job;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

import adit.pow.Hash;
import adit.pow.Job;

/// The job everybody is to work on now, and the event loops that want to hear of the next.
///
/// **Owner:** written by the `jobs` thread alone; read from any thread.
public final class JobBoard {

    /// One event loop's ear. Called on the `jobs` thread; only hands over to its own.
    public interface Audience {
        /// A job to work on from now on.
        ///
        /// @param newTip whether all earlier jobs are stale
        /// @param knownNanos when the pool knew of it, on the process's clock
        /// @param told to be run once all miners of this audience have been told
        void announce(Job job, boolean newTip, long knownNanos, Runnable told);

        /// No node has a valid template: work already given stays good, none follows.
        void workEnds();
    }

    private final List<Audience> audiences = new CopyOnWriteArrayList<>();
    private final ToldTip toldTip = new ToldTip();
    private volatile @Nullable Job current;
    private Hash tip = Hash.ZERO;

    public void addAudience(Audience audience) {
        audiences.add(audience);
    }

    public Optional<Job> current() {
        return Optional.ofNullable(current);
    }

    /// Called on the `jobs` thread alone.
    void publish(Job job, long knownNanos) {
        var previousHash = job.template().previousHash();
        boolean newTip = !previousHash.equals(tip);
        tip = previousHash;
        current = job;
        announce(job, newTip, knownNanos);
    }

    /// Waits until all miners have been told of a job on this tip, or for a moment at most.
    void awaitTold(Hash newTip) throws InterruptedException {
        toldTip.await(newTip, audiences.size());
    }

    /// Puts this job in the place of one that must not be mined any more, though the tip is the same.
    void replace(Job job, long knownNanos) {
        current = job;
        announce(job, true, knownNanos);
    }

    /// Takes the job down. The tip stays: what was given out is not stale when a node comes back to it.
    void withdraw() {
        current = null;
        audiences.forEach(Audience::workEnds);
    }

    private void announce(Job job, boolean newTip, long knownNanos) {
        var on = job.template().previousHash();
        toldTip.begin(on, audiences.size());
        audiences.forEach(a -> a.announce(job, newTip, knownNanos, () -> toldTip.told(on)));
    }
}
