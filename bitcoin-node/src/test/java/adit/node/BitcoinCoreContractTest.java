package adit.node;

final class BitcoinCoreContractTest implements NodeContract {
    @Override
    public NodeUnderTest startNode() throws Exception {
        return LocalNode.BITCOIN_CORE.start();
    }
}
