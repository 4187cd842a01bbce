package adit.node;

/// A node's own error answer to a call, with its JSON-RPC code.
final class NodeRejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Bitcoin Core's codes that mean something to us; btcd uses the same numbers.
    static final int NOT_FOUND = -5;

    static final int NOT_CONNECTED = -9;
    static final int INITIAL_DOWNLOAD = -10;
    static final int UNDECODABLE = -22;
    static final int WARMING_UP = -28;
    static final int INTERNAL = -32603;

    private final int code;

    NodeRejected(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
