package adit.node.embedded;

/// Why a block is not taken, in Bitcoin Core's words.
///
/// A mutation is a fault of the copy that came, not of the block its hash names: the hash is not held against a
/// later, whole copy.
record Refusal(String reason, boolean isMutation) {
    static Refusal invalid(String reason) {
        return new Refusal(reason, false);
    }

    static Refusal mutated(String reason) {
        return new Refusal(reason, true);
    }
}
