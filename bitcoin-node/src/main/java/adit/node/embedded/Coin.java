package adit.node.embedded;

/// An unspent output: what it is worth, what locks it, and how old it is.
record Coin(Transaction.Output output, int height, boolean isCoinbase) {
    long sats() {
        return output.sats();
    }

    /// Whether a block at this height may spend it.
    boolean isMatureAt(int spendingHeight) {
        return !isCoinbase || spendingHeight - height >= BlockRules.COINBASE_MATURITY_BLOCKS;
    }
}
