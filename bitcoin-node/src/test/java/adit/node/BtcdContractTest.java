package adit.node;

final class BtcdContractTest implements NodeContract {
    @Override
    public NodeUnderTest startNode() throws Exception {
        return LocalNode.BTCD.start();
    }
}
