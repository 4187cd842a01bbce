package adit.node.embedded;

/// The embedded chain cannot go on: its directory is locked, unwritable, damaged, or made under other rules.
public final class ChainUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    ChainUnavailable(String message) {
        super(message);
    }

    ChainUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
