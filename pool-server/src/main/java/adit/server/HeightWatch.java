package adit.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

import adit.node.NodeHealth;
import adit.node.NodeStatus;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;

/// Compares the heights of all nodes with each other and with the job miners work on.
///
/// A block reaches nodes moments apart, so only what stays so for some looks is told, once, and its end once.
///
/// **Owner:** the `jobs` thread; the meters read from any.
final class HeightWatch {

    private static final int NO_JOB = -1;

    /// Looks in a row at which the job may lag: two, for a template takes a moment.
    private static final int JOB_LOOKS = 2;

    /// Looks in a row after which a node is slow rather than late.
    private static final int NODE_LOOKS = 12;

    private final Supplier<List<NodeStatus>> nodes;
    private final IntSupplier jobHeight;
    private final EventLog events;
    private final Map<String, Integer> looksBehind = new HashMap<>();
    private int jobLooksBehind;

    /// @param jobHeight what miners work on, -1 without a job
    HeightWatch(
            Supplier<List<NodeStatus>> nodes,
            IntSupplier jobHeight,
            EventLog events,
            PoolMetrics metrics) {
        this.nodes = nodes;
        this.jobHeight = jobHeight;
        this.events = events;
        metrics.watchHeight(jobHeight::getAsInt, this::jobBehindBlocks);
    }

    /// Compares once; called every few seconds.
    void look() {
        var now = nodes.get();
        int best = best(now);
        lookAtJob(now, best);
        for (var node : now) {
            lookAt(node, best);
        }
    }

    private void lookAtJob(List<NodeStatus> now, int best) {
        int mined = jobHeight.getAsInt();
        jobLooksBehind = mined != NO_JOB && best >= mined ? jobLooksBehind + 1 : 0;
        if (jobLooksBehind == JOB_LOOKS) {
            var ahead =
                    now.stream().filter(n -> n.height() == best).findFirst().orElseThrow().name();
            events.jobIsBehind(mined, ahead, best);
        }
    }

    private void lookAt(NodeStatus node, int best) {
        boolean isBehind = node.health() == NodeHealth.READY && node.height() < best;
        int looks = isBehind ? looksBehind.getOrDefault(node.name(), 0) + 1 : 0;
        int before = looksBehind.getOrDefault(node.name(), 0);
        looksBehind.put(node.name(), looks);
        if (looks == NODE_LOOKS) {
            events.nodeIsBehind(node.name(), node.height(), best);
        } else if (before >= NODE_LOOKS
                && node.health() == NodeHealth.READY
                && node.height() == best) {
            events.nodeCaughtUp(node.name(), node.height());
        }
    }

    private int jobBehindBlocks() {
        int mined = jobHeight.getAsInt();
        return mined == NO_JOB ? 0 : Math.max(0, best(nodes.get()) + 1 - mined);
    }

    private static int best(List<NodeStatus> nodes) {
        return nodes.stream()
                .filter(node -> node.health() == NodeHealth.READY)
                .mapToInt(NodeStatus::height)
                .max()
                .orElse(NO_JOB - 1);
    }
}
