package adit.node;

import org.jspecify.annotations.Nullable;

import adit.pow.Hash;
import adit.pow.Template;

/// What we know of one node at one moment: immutable, replaced as a whole.
///
/// Three threads learn things about a node at the same time, and an answer can be older than what another thread has
/// seen meanwhile. So everyone who asks for a template remembers the tip of the view before asking; the answer counts
/// only if it builds on the tip of now, or if the tip has not moved since. That makes every transition a pure function
/// which may lose against a newer one, and a node's tip never goes back to one it has left.
///
/// **Invariant:** there is a template exactly when the health is READY, and it builds on `tip`; else the tip is zero.
record NodeView(
        NodeHealth health,
        String reason,
        int height,
        Hash tip,
        @Nullable Template template,
        String longPollId) {
    static final NodeView UNKNOWN =
            new NodeView(NodeHealth.STARTING, "has not been asked yet", -1, Hash.ZERO, null, "");

    NodeView {
        Check.that(
                (health == NodeHealth.READY) == (template != null),
                "exactly a ready node has a template");
    }

    boolean isReady() {
        return template != null;
    }

    /// The node after it was found wanting: its template is withdrawn.
    NodeView failed(NodeHealth as, String why) {
        return new NodeView(as, why, height, Hash.ZERO, null, "");
    }

    /// The node after it was found well, with the template it gave then.
    NodeView well(NodeTemplate fetched, Hash tipWhenAsked) {
        var newer = fetched.template();
        boolean onThisTip = newer.previousHash().equals(tip);
        return onThisTip || tip.equals(tipWhenAsked) ? having(newer, fetched.longPollId()) : this;
    }

    /// The node with a template that came without a look at its health: a node that failed meanwhile stays failed.
    NodeView with(NodeTemplate fetched, Hash tipWhenAsked) {
        return isReady() ? well(fetched, tipWhenAsked) : this;
    }

    /// The node with the first, empty template on a new tip; unchanged if anything else was learnt meanwhile.
    NodeView withFirst(Template empty, Hash tipWhenAsked) {
        return isReady() && tip.equals(tipWhenAsked) ? having(empty, longPollId) : this;
    }

    private NodeView having(Template newer, String nextLongPollId) {
        int newHeight = newer.height() - 1;
        return new NodeView(
                NodeHealth.READY,
                "at height " + newHeight,
                newHeight,
                newer.previousHash(),
                newer,
                nextLongPollId);
    }
}
