package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/// How far a journal is in this database, for whoever watches.
public final class ProjectionQueries {
    private static final String NEXT_SEQUENCE =
            "SELECT next_sequence FROM pool.journal_cursor WHERE server_id = ? AND epoch = ?";

    private ProjectionQueries() {}

    /// The first record of an epoch that is not stored yet; 1 before the first is.
    public static long nextSequence(Connection connection, int serverId, int epoch)
            throws SQLException {
        try (var statement = connection.prepareStatement(NEXT_SEQUENCE)) {
            statement.setInt(1, serverId);
            statement.setInt(2, epoch);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 1;
            }
        }
    }
}
