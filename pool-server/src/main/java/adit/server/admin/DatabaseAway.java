package adit.server.admin;

import java.sql.SQLException;

/// PostgreSQL did not answer a question of the admin side. The message is for everybody: it names no host, user or
/// statement.
final class DatabaseAway extends RuntimeException {

    private static final long serialVersionUID = 1;

    private static final String TOOK_TOO_LONG = "57014";

    DatabaseAway(SQLException cause) {
        super(reason(cause), cause);
    }

    private static String reason(SQLException cause) {
        var state = String.valueOf(cause.getSQLState());
        if (state.equals(TOOK_TOO_LONG)) {
            return "PostgreSQL took too long to answer.";
        }
        if (state.startsWith("42")) {
            return "The tables of the pool are not all in this database yet.";
        }
        return "PostgreSQL is away; shares are kept in the journal and credited when it is back.";
    }
}
