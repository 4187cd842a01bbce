package adit.node;

/// One node as an operator sees it: its health, one sentence why, and the height of its tip (-1 when unknown).
public record NodeStatus(
        String name, NodeHealth health, String reason, int height, boolean inUse) {}
