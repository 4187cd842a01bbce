package adit.node;

/// A running regtest node with its own fresh chain, for one test.
public interface NodeUnderTest extends AutoCloseable {
    NodeSettings settings();

    ChainParameters chain();

    /// Puts one transaction with a fee into the memory pool; false when this node has no wallet.
    boolean pays();

    /// Whether it answers `getblockstats`.
    boolean hasBlockStats();

    @Override
    void close();
}
