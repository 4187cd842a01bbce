package adit.server.admin;

import adit.server.net.PortUnavailable;

/// An address the status page and the API cannot be served on, in words for the operator.
public final class AdminPortUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1;

    AdminPortUnavailable(String address, int port, Throwable cause) {
        super(
                "The status page cannot be served on %s:%d: %s. Stop what uses the port, or set another address or port in [http]."
                        .formatted(address, port, PortUnavailable.reason(cause)),
                cause);
    }
}
