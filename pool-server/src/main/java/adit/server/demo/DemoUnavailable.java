package adit.server.demo;

/// Why the demo cannot start, in one line that names its options.
public final class DemoUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1;

    DemoUnavailable(String message) {
        super(message);
    }

    DemoUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
