package adit.server.net;

import java.net.InetSocketAddress;

/// An address that cannot be listened on, in words for the operator.
public final class PortUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1;

    PortUnavailable(String listener, InetSocketAddress address, Throwable cause) {
        super(
                "Listener %s cannot listen on %s:%d: %s. Stop what uses the port, or set another address or port in [[listener]]."
                        .formatted(
                                listener,
                                address.getHostString(),
                                address.getPort(),
                                reason(cause)),
                cause);
    }

    /// Why a port could not be opened, from what the system said.
    public static String reason(Throwable failure) {
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
