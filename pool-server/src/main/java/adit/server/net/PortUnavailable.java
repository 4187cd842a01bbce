package adit.server.net;

import java.net.InetSocketAddress;

/// An address that cannot be listened on, in words for the operator.
public final class PortUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1;

    PortUnavailable(String listener, InetSocketAddress address, Throwable cause) {
        super(
                "Listener %s cannot listen on %s:%d: %s. Stop what uses the port, or choose another one."
                        .formatted(
                                listener,
                                address.getHostString(),
                                address.getPort(),
                                reason(cause)),
                cause);
    }

    private static String reason(Throwable cause) {
        var message = String.valueOf(cause.getMessage());
        return message.contains("in use") ? "the port is in use" : message;
    }
}
