package adit.server.net;

/// A certificate or its key that TLS cannot be spoken with, in words for the operator.
public final class CertificateUnusable extends RuntimeException {

    private static final long serialVersionUID = 1;

    CertificateUnusable(String message, Throwable cause) {
        super(message, cause);
    }

    CertificateUnusable(String message) {
        super(message);
    }
}
