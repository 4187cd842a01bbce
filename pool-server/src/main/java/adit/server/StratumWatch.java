package adit.server;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import adit.node.NodeHealth;
import adit.node.NodeSet;
import adit.node.NodeStatus;
import adit.pow.Job;
import adit.server.job.JobBoard;
import adit.server.metrics.PoolMetrics;
import adit.server.metrics.RecentTimes;
import adit.server.net.EventLoops;

/// What an operator may want to know of nodes, templates and event loops beside what is counted on the way.
///
/// **Owner:** the `jobs` thread writes; the meters are read from any.
final class StratumWatch implements JobBoard.Audience {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NO_TEMPLATE = Long.MIN_VALUE;

    /// Two seconds of them: a pause for the garbage, a compilation or a neighbour on the machine is no load.
    private static final int LOOKS = 20;

    private static final int MEDIAN = 50;

    private final PoolMetrics metrics;
    private final LongSupplier nanoClock;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicLong slowestNanos = new AtomicLong();
    private final RecentTimes delays = new RecentTimes(LOOKS);
    private volatile long askedNanos;
    private volatile long templateNanos = NO_TEMPLATE;

    StratumWatch(PoolMetrics metrics, LongSupplier nanoClock) {
        this.metrics = metrics;
        this.nanoClock = nanoClock;
        metrics.watchTemplate(this::templateAgeSeconds);
    }

    void watch(NodeSet nodes) {
        for (var node : nodes.status()) {
            var name = node.name();
            metrics.watchNode(
                    name,
                    () -> status(nodes, name).health() == NodeHealth.READY,
                    () -> status(nodes, name).height());
        }
    }

    /// Notes how late the slowest event loop answered the last time, or is by now, and asks every one again for a
    /// moment of its time; while one still owes an answer, that alone is waited for.
    void probe(EventLoops<?> loops) {
        long late = unanswered.get() > 0 ? nanoClock.getAsLong() - askedNanos : 0;
        delays.note(Math.max(late, slowestNanos.get()));
        if (unanswered.get() > 0) {
            return;
        }
        long asked = nanoClock.getAsLong();
        askedNanos = asked;
        slowestNanos.set(0);
        unanswered.set(loops.count());
        loops.forEach(_ -> {
            long delay = nanoClock.getAsLong() - asked;
            metrics.loopDelay(delay);
            slowestNanos.accumulateAndGet(delay, Math::max);
            unanswered.decrementAndGet();
        });
    }

    /// How late the slowest event loop is, by the median of the latest looks.
    long loopDelayNanos() {
        return delays.percentile(MEDIAN);
    }

    @Override
    public void announce(Job job, boolean newTip, long knownNanos, Runnable told) {
        templateNanos = nanoClock.getAsLong();
        told.run();
    }

    @Override
    public void workEnds() {
        templateNanos = NO_TEMPLATE;
    }

    private double templateAgeSeconds() {
        long since = templateNanos;
        return since == NO_TEMPLATE
                ? Double.NaN
                : (nanoClock.getAsLong() - since) / NANOS_PER_SECOND;
    }

    private static NodeStatus status(NodeSet nodes, String name) {
        return nodes.status().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
