package adit.server.settle;

import java.sql.Connection;
import java.sql.SQLException;

/// Work that is committed as a whole or not at all.
final class Transaction {
    private Transaction() {}

    /// What happens inside.
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /// Where this throws, the answer to COMMIT may be lost: whoever tries again must find out what is there.
    static <T> T run(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        T result;
        boolean isCommitted = false;
        try {
            result = work.on(connection);
            connection.commit();
            isCommitted = true;
        } finally {
            if (!isCommitted) {
                connection.rollback();
            }
        }
        // Not in the finally above: where the rollback failed, this would commit what is to be
        // rolled back.
        connection.setAutoCommit(true);
        return result;
    }
}
