package adit.ledger.postgres;

/// Where a found block stands.
///
/// ```
/// FOUND ─▶ ACTIVE (n confirmations) ─▶ MATURE
///   │        │ ▲                         │
///   └────────┴─┼▶ ORPHANED ◀─────────────┘   another block has its place, or no node knows it;
///              └──── it may get its place back
/// ```
/// Only the presence of its hash in the active chain moves a block, never its height and never an error of a node: that
/// a node refused it is told by whoever submitted it, and here it is a block that no node knows.
public enum BlockState {
    FOUND,
    ACTIVE,
    MATURE,
    ORPHANED;

    public boolean mayBecome(BlockState next) {
        return switch (this) {
            case FOUND -> next == ACTIVE || next == ORPHANED;
            case ACTIVE -> next == MATURE || next == ORPHANED;
            // A reorganisation deeper than maturity is a loss of the operator's, but it is recorded
            // as what it is.
            case MATURE -> next == ORPHANED;
            // A node that knew better at the time may still have been wrong about the chain.
            case ORPHANED -> next == ACTIVE;
        };
    }

    /// Whether the block is in the chain, as far as we know.
    public boolean isInChain() {
        return this == ACTIVE || this == MATURE;
    }
}
