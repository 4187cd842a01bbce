package adit.ledger.postgres;

/// A PostgreSQL server of our own that could not be unpacked, created, started or stopped; the message says what to do.
public final class LocalPostgresUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    LocalPostgresUnavailable(String message) {
        super(message);
    }

    LocalPostgresUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
