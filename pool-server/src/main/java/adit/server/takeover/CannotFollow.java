package adit.server.takeover;

/// Why a running pool cannot be taken over, in one line that says what to do.
public final class CannotFollow extends RuntimeException {

    private static final long serialVersionUID = 1;

    CannotFollow(String message) {
        super(message);
    }
}
