package adit.node;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import adit.pow.Template;

/// Which node's template miners get.
///
/// Nodes that are ready and whose tip is the highest of all are eligible; the first of them in the operator's order
/// is chosen. Leaving a node that is no longer eligible happens at once; coming back to a preferred one waits until it
/// has been eligible for a while, so that nodes hearing of every block a moment apart do not change places each time.
/// Of two tips at one height the one in use stays. A node to avoid is used only where there is no other.
///
/// **Owner:** the desk thread of a [NodeSet]; [#avoid] and [#floor] from any.
final class NodeChoice {
    static final int NONE = -1;

    private final ChainParameters chain;
    private final Duration comeBack;
    private final List<Instant> eligibleSince;
    private final Map<Integer, Instant> avoidedUntil = new ConcurrentHashMap<>();
    private int inUse = NONE;
    private volatile ChainFloor floor;

    /// @param floor what the pool has mined on before
    NodeChoice(ChainParameters chain, Duration comeBack, int nodes, ChainFloor floor) {
        this.chain = chain;
        this.comeBack = comeBack;
        this.floor = floor;
        eligibleSince = new ArrayList<>(Collections.nCopies(nodes, Instant.MAX));
    }

    /// What no node may fall far below.
    ChainFloor floor() {
        return floor;
    }

    /// Uses this node only where there is no other, for as long as said.
    void avoid(int node, Instant until) {
        avoidedUntil.put(node, until);
    }

    /// The index of the node to use, or [#NONE].
    int choose(List<NodeView> views, Instant now) {
        int top = views.stream().mapToInt(this::usableHeight).max().orElse(NONE);
        var eligible =
                IntStream.range(0, views.size())
                        .filter(i -> top >= 0 && usableHeight(views.get(i)) == top)
                        .boxed()
                        .toList();
        for (int i = 0; i < views.size(); i++) {
            var since = eligibleSince.get(i);
            var isEligible = eligible.contains(i);
            eligibleSince.set(
                    i, !isEligible ? Instant.MAX : since.equals(Instant.MAX) ? now : since);
        }
        var better =
                eligible.stream()
                        .filter(i -> !avoidedUntil.getOrDefault(i, Instant.MIN).isAfter(now))
                        .toList();
        inUse =
                eligible.isEmpty()
                        ? NONE
                        : preferred(views, better.isEmpty() ? eligible : better, now);
        if (inUse != NONE) {
            remember(views.get(inUse));
        }
        return inUse;
    }

    private int preferred(List<NodeView> views, List<Integer> eligible, Instant now) {
        if (!eligible.contains(inUse)) {
            return eligible.getFirst();
        }
        var tip = views.get(inUse).tip();
        return eligible.stream()
                .filter(i -> i < inUse && views.get(i).tip().equals(tip))
                .filter(i -> !eligibleSince.get(i).plus(comeBack).isAfter(now))
                .findFirst()
                .orElse(inUse);
    }

    /// The height a node's template builds on, -1 when it is not to be mined.
    private int usableHeight(NodeView view) {
        var template = view.template();
        return template == null || !doubt(template).isEmpty() ? NONE : view.height();
    }

    /// Why a node is not used, or how it is.
    String reason(NodeView view) {
        var template = view.template();
        return template == null || doubt(template).isEmpty() ? view.reason() : doubt(template);
    }

    private String doubt(Template template) {
        return floor.doubt(template, chain);
    }

    private void remember(NodeView view) {
        var template = view.template();
        if (template != null) {
            floor = floor.raisedTo(template);
        }
    }
}
