package adit.ledger.postgres;

/// The journal is an older copy of the one the database knows: nothing that is written to it can ever be stored. The
/// message says what to do.
public final class JournalOutdated extends RuntimeException {
    private static final long serialVersionUID = 1;

    JournalOutdated(String message) {
        super(message);
    }
}
