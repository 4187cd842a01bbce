package adit.ledger.postgres;

/// Where a found block stands.
///
/// ```
/// FOUND ─▶ SUBMITTED ─▶ ACTIVE (n confirmations) ─▶ MATURE
///   │          │  ▲        │ ▲                        │
///   └──────────┼──┼────────┼─┼────▶ REJECTED          │   no node took it
///              └──┼─▶ ORPHANED ◀──────────────────────┘   another block has its place; it may get it back
/// ```
/// Only the presence of its hash in the active chain moves a block, never its height and never an error of a node.
public enum BlockState {
    FOUND,
    SUBMITTED,
    ACTIVE,
    MATURE,
    REJECTED,
    ORPHANED;

    public boolean mayBecome(BlockState next) {
        return switch (this) {
            case FOUND ->
                    next == SUBMITTED || next == ACTIVE || next == REJECTED || next == ORPHANED;
            case SUBMITTED -> next == ACTIVE || next == REJECTED || next == ORPHANED;
            case ACTIVE -> next == MATURE || next == ORPHANED;
            // A reorganisation deeper than maturity is a loss of the operator's, but it is recorded
            // as what it is.
            case MATURE -> next == ORPHANED;
            // A node that knew better at the time may still have been wrong about the chain.
            case REJECTED, ORPHANED -> next == ACTIVE;
        };
    }

    /// Whether the block is in the chain, as far as we know.
    public boolean isInChain() {
        return this == ACTIVE || this == MATURE;
    }
}
