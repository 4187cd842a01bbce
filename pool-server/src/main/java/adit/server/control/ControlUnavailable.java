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

    static ControlUnavailable tooLong(Path path, int bytes, int most) {
        return new ControlUnavailable(
                "The data directory lies too far down: %s, where the pool is asked, has %d bytes, and the system allows %d. Name a shorter one, or a symbolic link to it."
                        .formatted(path, bytes, most));
    }

    static ControlUnavailable at(Path path, Exception cause) {
        return new ControlUnavailable(
                "The control socket %s cannot be made: %s. Make the directory writable."
                        .formatted(path, cause.getMessage()));
    }
}
