package adit.server.admin;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// The database as the admin side uses it: one short transaction a question, which cannot write and cannot take long.
final class LedgerReads {

    private static final String BOUNDS =
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '3s'";

    private final DataSource database;

    LedgerReads(DataSource database) {
        this.database = database;
    }

    /// Questions that are answered from one state of the database.
    interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    /// @throws DatabaseAway when there is no answer
    <T> T answer(Question<T> question) {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute(BOUNDS);
                return question.ask(connection);
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new DatabaseAway(e);
        }
    }
}
