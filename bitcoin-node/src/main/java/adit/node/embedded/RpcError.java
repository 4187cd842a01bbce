package adit.node.embedded;

/// What a caller did wrong, as the code and message it is answered with; caught where the answer is written.
final class RpcError extends RuntimeException {
    private static final long serialVersionUID = 1;

    static final int MISC = -1;
    static final int TYPE = -3;
    static final int WALLET = -4;
    static final int INVALID_ADDRESS_OR_KEY = -5;
    static final int INSUFFICIENT_FUNDS = -6;
    static final int INVALID_PARAMETER = -8;
    static final int DATABASE = -20;
    static final int DESERIALIZATION = -22;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INTERNAL = -32603;
    static final int PARSE = -32700;

    private final int code;

    RpcError(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
