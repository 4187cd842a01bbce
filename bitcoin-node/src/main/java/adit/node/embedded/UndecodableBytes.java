package adit.node.embedded;

/// Bytes that are no block or transaction: the caller of an RPC method sent them, and is told so in one place.
///
/// It carries no stack trace, since it says something about the peer and nothing about this code.
final class UndecodableBytes extends RuntimeException {
    private static final long serialVersionUID = 1;

    UndecodableBytes(String message) {
        super(message, null, false, false);
    }
}
