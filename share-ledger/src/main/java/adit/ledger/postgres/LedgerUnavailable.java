package adit.ledger.postgres;

import java.sql.SQLException;

/// PostgreSQL did not do what was asked; whether it committed may be unknown. Nothing is lost: the journal has it all.
public final class LedgerUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    LedgerUnavailable(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
