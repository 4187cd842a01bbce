package adit.node;

/// A node that could not be asked: it is gone, silent, too busy, or does not let us in.
final class NodeUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    enum Kind {
        /// Refused, reset, or closed before the answer was whole.
        UNREACHABLE,
        /// No whole answer before the deadline.
        TIMEOUT,
        /// HTTP 503: every worker of the node is occupied.
        BUSY,
        /// Loading its chain; it answers, but not yet to this.
        WARMING_UP,
        /// Our user and password, or our address, are not allowed.
        AUTH,
        /// An answer that is not the JSON this call has.
        GARBLED
    }

    private final Kind kind;

    NodeUnavailable(Kind kind, String why) {
        super(why);
        this.kind = kind;
    }

    NodeUnavailable(Kind kind, String why, Throwable cause) {
        super(why, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
