package adit.server.control;

import java.nio.file.Path;

/// A control socket that cannot be opened, in words for the operator.
public final class ControlUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1;

    private ControlUnavailable(String message) {
        super(message);
    }

    static ControlUnavailable inUse(Path path) {
        return new ControlUnavailable(
                "Another pool runs on this data directory: %s answers. Stop that one, follow it with adit run --take-over, or set another pool.data-directory."
                        .formatted(path));
    }

    static ControlUnavailable at(Path path, Exception cause) {
        return new ControlUnavailable(
                "The control socket %s cannot be made: %s. Make the directory writable; a socket's path has at most about 100 characters."
                        .formatted(path, cause.getMessage()));
    }
}
