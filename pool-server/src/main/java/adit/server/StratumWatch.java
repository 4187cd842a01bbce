package adit.server;

import java.util.function.LongSupplier;

import adit.node.NodeHealth;
import adit.node.NodeSet;
import adit.node.NodeStatus;
import adit.pow.Job;
import adit.server.job.JobBoard;
import adit.server.metrics.PoolMetrics;
import adit.server.net.EventLoops;

/// What an operator may want to know of nodes, templates and event loops beside what is counted on the way.
///
/// **Owner:** the `jobs` thread writes; the meters are read from any.
final class StratumWatch implements JobBoard.Audience {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NO_TEMPLATE = Long.MIN_VALUE;

    private final PoolMetrics metrics;
    private final LongSupplier nanoClock;
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

    /// Asks every event loop for a moment of its time and notes how long that takes.
    void probe(EventLoops<?> loops) {
        long asked = nanoClock.getAsLong();
        loops.forEach(_ -> metrics.loopDelay(nanoClock.getAsLong() - asked));
    }

    @Override
    public void announce(Job job, boolean newTip) {
        templateNanos = nanoClock.getAsLong();
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
