package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/// Work that is committed as a whole or not at all.
public final class Transaction {
    private Transaction() {}

    /// What happens inside.
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /// Where this throws, the answer to COMMIT may be lost: whoever tries again must find out what is there.
    public static <T> T run(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        T result;
        try {
            result = work.on(connection);
            connection.commit();
        } catch (SQLException | RuntimeException | Error e) {
            rollBack(connection, e);
            throw e;
        }
        // Only here: where the rollback failed, this would commit what is to be rolled back.
        connection.setAutoCommit(true);
        return result;
    }

    private static void rollBack(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
