package adit.ledger.postgres;

/// The journal is not the one that the database knows by the server's id, or an older copy of it: nothing that is written
/// to it can ever be stored. The message says what to do.
public final class JournalForeign extends RuntimeException {
    private static final long serialVersionUID = 1;

    JournalForeign(String message) {
        super(message);
    }
}
