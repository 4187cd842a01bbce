package adit.node;

/// What became of a block at one node.
public enum SubmitOutcome {
    /// In the node's best chain.
    ACCEPTED,
    /// Valid and kept beside the best chain: another block of that height came first.
    FORK,
    /// The node did not say, or lacks the block before it: submit it again and look again.
    UNDECIDED,
    /// Against the rules, in the node's own words: it can never be accepted there.
    REFUSED,
    /// The node could not be asked: submit it again.
    UNAVAILABLE
}
