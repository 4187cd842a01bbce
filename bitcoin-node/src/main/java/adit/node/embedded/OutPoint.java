package adit.node.embedded;

import adit.pow.Hash;

/// The name of one output: the transaction that made it and its index there.
record OutPoint(Hash txid, int index) {
    private static final int NO_INDEX = -1;

    /// What a coinbase names in place of an output.
    boolean isNull() {
        return index == NO_INDEX && txid.equals(Hash.ZERO);
    }
}
