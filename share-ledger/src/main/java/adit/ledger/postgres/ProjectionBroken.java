package adit.ledger.postgres;

/// The journal and the database do not fit together, and only an operator can say what to do; the message says why.
public final class ProjectionBroken extends RuntimeException {
    private static final long serialVersionUID = 1;

    ProjectionBroken(String message) {
        super(message);
    }
}
