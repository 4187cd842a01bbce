package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import adit.ledger.journal.ShareSource;

/// How far the journal of every server is in this database.
///
/// Settlement of a block waits until all of them have passed it. A server that stopped cleanly has, for it has nothing
/// more to say; one that died holds settlement up until it is started again or an operator declares it lost.
public final class JournalCursors {
    private static final String REGISTER =
            "INSERT INTO pool.server (id, node) VALUES (?, ?) ON CONFLICT DO NOTHING";
    private static final String OWN =
            """
            SELECT s.node, c.epoch, c.next_sequence
            FROM pool.server s LEFT JOIN pool.journal_cursor c ON c.server_id = s.id WHERE s.id = ?
            """;
    private static final String BEGIN =
            "INSERT INTO pool.journal_cursor (server_id, epoch) VALUES (?, ?) ON CONFLICT DO NOTHING";
    private static final String NEXT =
            "SELECT next_sequence FROM pool.journal_cursor WHERE server_id = ? AND epoch = ?";
    // A server's newest epoch speaks for it: an earlier one was wholly stored before it began here.
    // One that has
    // begun may have acknowledged shares, though none of its records is stored yet.
    private static final String NEWEST =
            """
            SELECT s.id, s.lost_at IS NOT NULL, c.epoch, c.next_sequence, c.time, c.clean_stop
            FROM pool.server s
            JOIN LATERAL (
                SELECT * FROM pool.journal_cursor c
                WHERE c.server_id = s.id ORDER BY c.epoch DESC LIMIT 1
            ) c ON true
            ORDER BY s.id
            """;
    private static final String DECLARE_LOST = "UPDATE pool.server SET lost_at = ? WHERE id = ?";
    private static final String SKIP =
            """
            UPDATE pool.journal_cursor SET next_sequence = ?
            WHERE server_id = ? AND epoch = ? AND next_sequence < ?
            """;

    private JournalCursors() {}

    /// The newest cursor of a server; `time` is that of the last record stored, null before the first.
    public record State(
            int serverId,
            boolean isLost,
            int epoch,
            long nextSequence,
            @Nullable Instant time,
            boolean isStopped) {
        /// Whether no record of this server can still come before `position`.
        boolean hasPassed(Position position) {
            if (isLost || isStopped || isBeyond(Times.ofMicros(position.timeMicros()))) {
                return true;
            }
            // Another epoch of the same server says no more than another server: while one process
            // follows the other both write, so a later one may have records of an earlier time.
            return serverId == position.serverId()
                    && epoch == position.epoch()
                    && nextSequence > position.sequence();
        }

        /// Whether what is stored reaches beyond this moment.
        public boolean isBeyond(Instant moment) {
            return time != null && time.isAfter(moment);
        }
    }

    public static List<State> all(Connection connection) throws SQLException {
        var states = new ArrayList<State>();
        try (var statement = connection.prepareStatement(NEWEST);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                states.add(
                        new State(
                                rows.getInt(1),
                                rows.getBoolean(2),
                                rows.getInt(3),
                                rows.getLong(4),
                                Times.find(rows, 5).orElse(null),
                                rows.getBoolean(6)));
            }
        }
        return states;
    }

    /// Whether every record before `position`, on all servers, is in the database, except what lost servers had.
    public static boolean havePassed(Connection connection, Position position) throws SQLException {
        return all(connection).stream().allMatch(state -> state.hasPassed(position));
    }

    /// Declares that a server will not come back, so that settlement waits for it no longer, or takes that back.
    public static void declareLost(Connection connection, int serverId, boolean isLost, Instant now)
            throws SQLException {
        try (var statement = connection.prepareStatement(DECLARE_LOST)) {
            if (isLost) {
                Times.set(statement, 1, now);
            } else {
                statement.setNull(1, Types.TIMESTAMP_WITH_TIMEZONE);
            }
            statement.setInt(2, serverId);
            statement.executeUpdate();
        }
    }

    /// Gives up records that are gone from the journal too, by an operator's decision: the next is `sequence`.
    public static boolean skipTo(Connection connection, int serverId, int epoch, long sequence)
            throws SQLException {
        try (var statement = connection.prepareStatement(SKIP)) {
            statement.setLong(1, sequence);
            statement.setInt(2, serverId);
            statement.setInt(3, epoch);
            statement.setLong(4, sequence);
            return statement.executeUpdate() == 1;
        }
    }

    /// The next sequence of each epoch of this server's that is known here; none where the server's id belongs to
    /// another journal directory.
    public static Map<Integer, Long> stored(Connection connection, int serverId, UUID node)
            throws SQLException {
        var cursors = new HashMap<Integer, Long>();
        try (var own = connection.prepareStatement(OWN)) {
            own.setInt(1, serverId);
            try (var rows = own.executeQuery()) {
                while (rows.next()) {
                    int epoch = rows.getInt(2);
                    if (!rows.wasNull() && node.equals(rows.getObject(1, UUID.class))) {
                        cursors.put(epoch, rows.getLong(3));
                    }
                }
            }
        }
        return cursors;
    }

    /// The next sequence of each of the server's epochs that are known here.
    static Map<Integer, Long> read(Connection connection, ShareSource source) throws SQLException {
        var cursors = new HashMap<Integer, Long>();
        try (var own = connection.prepareStatement(OWN)) {
            own.setInt(1, source.serverId());
            try (var rows = own.executeQuery()) {
                if (!rows.next()) {
                    register(connection, source);
                    return read(connection, source);
                }
                for (boolean more = true; more; more = rows.next()) {
                    if (!source.node().equals(rows.getObject(1, UUID.class))) {
                        throw new ProjectionBroken(
                                "server id "
                                        + source.serverId()
                                        + " belongs to another journal directory: give this server an id of its own");
                    }
                    int epoch = rows.getInt(2);
                    if (!rows.wasNull()) {
                        cursors.put(epoch, rows.getLong(3));
                    }
                }
            }
        }
        return cursors;
    }

    private static void register(Connection connection, ShareSource source) throws SQLException {
        try (var register = connection.prepareStatement(REGISTER)) {
            register.setInt(1, source.serverId());
            register.setObject(2, source.node());
            register.executeUpdate();
        }
    }

    /// The next sequence of an epoch, which begins at 1 when it is new here.
    static long begin(Connection connection, int serverId, int epoch) throws SQLException {
        try (var begin = connection.prepareStatement(BEGIN);
                var next = connection.prepareStatement(NEXT)) {
            begin.setInt(1, serverId);
            begin.setInt(2, epoch);
            begin.executeUpdate();
            next.setInt(1, serverId);
            next.setInt(2, epoch);
            try (var rows = next.executeQuery()) {
                Check.that(rows.next(), "an epoch that was begun has a cursor");
                return rows.getLong(1);
            }
        }
    }
}
