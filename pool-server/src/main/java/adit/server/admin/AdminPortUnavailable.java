package adit.server.admin;

/// An address the status page and the API cannot be served on, in words for the operator.
public final class AdminPortUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1;

    AdminPortUnavailable(String address, int port, Throwable cause) {
        super(
                "The status page cannot be served on %s:%d: %s. Stop what uses the port, or set another [http] port."
                        .formatted(address, port, reason(cause)),
                cause);
    }

    private static String reason(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            var message = String.valueOf(cause.getMessage());
            if (message.contains("already in use")) {
                return "the port is in use";
            }
            if (message.contains("Permission denied")) {
                return "the port needs a privilege this process has not";
            }
            if (message.contains("Cannot assign requested address")) {
                return "this machine has no such address";
            }
        }
        return String.valueOf(failure.getMessage());
    }
}
