package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The right to settle: held by at most one process of the pool, bound to one session of the database.
///
/// Whoever holds it works on [#connection]: if the session dies, the lock and the unfinished transaction are gone
/// together, so a leader that does not know yet that it was deposed can commit nothing.
///
/// **Owner:** one thread.
public final class LeaderLock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LeaderLock.class);
    private static final String TRY_LOCK = "SELECT pg_try_advisory_lock(hashtextextended(?, 0))";
    private static final String UNLOCK = "SELECT pg_advisory_unlock(hashtextextended(?, 0))";
    private static final int CHECK_SECONDS = 5;

    private final Connection connection;
    private final String name;

    /// The lock of this name, or nothing while another session has it.
    public static Optional<LeaderLock> tryAcquire(DataSource database, String name)
            throws SQLException {
        var connection = database.getConnection();
        boolean isHeld = false;
        try {
            isHeld = ask(connection, TRY_LOCK, name);
            return isHeld ? Optional.of(new LeaderLock(connection, name)) : Optional.empty();
        } finally {
            if (!isHeld) {
                connection.close();
            }
        }
    }

    private LeaderLock(Connection connection, String name) {
        this.connection = connection;
        this.name = name;
    }

    /// The session that holds the lock, to settle on.
    public Connection connection() {
        return connection;
    }

    /// Whether the session, and with it the lock, is still there.
    public boolean isHeld() throws SQLException {
        return connection.isValid(CHECK_SECONDS);
    }

    /// Gives the lock up. An unfinished transaction is rolled back.
    @Override
    public void close() throws SQLException {
        // A connection pool keeps the session, so the lock has to be given back by word.
        try (connection) {
            giveBack();
        }
    }

    private void giveBack() throws SQLException {
        try {
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            ask(connection, UNLOCK, name);
        } catch (SQLException e) {
            // Whoever got this session next would hold the lock without knowing.
            connection.abort(Runnable::run);
            log.debug("the session that held {} is ended, and the lock with it", name, e);
        }
    }

    private static boolean ask(Connection connection, String question, String name)
            throws SQLException {
        try (var statement = connection.prepareStatement(question)) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }
}
