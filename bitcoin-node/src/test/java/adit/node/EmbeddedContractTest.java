package adit.node;

final class EmbeddedContractTest implements NodeContract {
    @Override
    public NodeUnderTest startNode() throws Exception {
        return LocalNode.EMBEDDED.start();
    }
}
