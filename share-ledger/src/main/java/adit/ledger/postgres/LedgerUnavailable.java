package adit.ledger.postgres;

import java.sql.SQLException;

/// PostgreSQL did not do what was asked; whether it committed may be unknown. Nothing is lost: the journal has it all.
public final class LedgerUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    LedgerUnavailable(SQLException cause) {
        super(reason(cause), cause);
    }

    /// What the database or the network said, in one line, rather than what was made of it on the way up.
    public static String reason(Throwable failure) {
        var deepest = failure;
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            deepest = cause instanceof SQLException ? cause : deepest;
        }
        return String.valueOf(deepest.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
