package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import adit.ledger.journal.ShareSource;

/// How far the journal of every server is in this database.
///
/// Settlement of a block waits until all of them have passed it. A server that does not run holds settlement up until
/// it is started again or an operator declares it lost, however it stopped: it takes shares again before it can say so
/// here.
///
/// While one process of a server follows the other, both write, each an epoch of its own. An epoch is made known here
/// before another one's cursor moves past its beginning ([ShareProjector]), and from then on both have to pass.
public final class JournalCursors {
    private static final String REGISTER =
            "INSERT INTO pool.server (id, node) VALUES (?, ?) ON CONFLICT DO NOTHING";
    private static final String OWN =
            """
            SELECT s.node, c.epoch, c.next_sequence, c.time, c.ended
            FROM pool.server s LEFT JOIN pool.journal_cursor c ON c.server_id = s.id WHERE s.id = ?
            """;
    private static final String REGISTERED = "SELECT id FROM pool.server WHERE node = ?";
    private static final String BEGIN =
            "INSERT INTO pool.journal_cursor (server_id, epoch) VALUES (?, ?) ON CONFLICT DO NOTHING";
    // Of the epochs that are over the newest is enough.
    private static final String SPEAKING =
            """
            SELECT s.id, s.lost_at, c.epoch, c.next_sequence, c.time, c.ended
            FROM pool.server s
            LEFT JOIN pool.journal_cursor c ON c.server_id = s.id AND (
                NOT c.ended OR c.epoch = (
                    SELECT max(epoch) FROM pool.journal_cursor WHERE server_id = s.id AND time IS NOT NULL))
            ORDER BY s.id, c.epoch
            """;
    private static final String DECLARE_LOST = "UPDATE pool.server SET lost_at = ? WHERE id = ?";
    private static final String SPEAKS =
            "UPDATE pool.server SET lost_at = NULL WHERE id = ? AND lost_at IS NOT NULL";
    private static final String END =
            """
            UPDATE pool.journal_cursor SET ended = true
            WHERE server_id = ? AND epoch = ? AND next_sequence = ?
            """;
    private static final String SKIP =
            """
            UPDATE pool.journal_cursor SET next_sequence = ?
            WHERE server_id = ? AND epoch = ? AND next_sequence < ?
            """;

    private JournalCursors() {}

    /// How far one epoch is stored; `time` is that of the last record, absent where none is.
    public record Cursor(int epoch, long nextSequence, @Nullable Instant time, boolean isOver) {
        /// Of an epoch of which nothing is stored.
        static Cursor first(int epoch) {
            return new Cursor(epoch, 1, null, false);
        }

        private boolean hasPassed(int serverId, Position position) {
            if (time == null) {
                return false;
            }
            // Another epoch of the same server says no more than another server: both may be
            // written at once.
            return Times.micros(time) > position.timeMicros()
                    || (serverId == position.serverId()
                            && epoch == position.epoch()
                            && nextSequence > position.sequence());
        }
    }

    /// A server, and those of its epochs that say how far it is: all that are not over, and the newest.
    public record Server(int id, @Nullable Instant lostAt, List<Cursor> cursors) {
        public Server {
            cursors = List.copyOf(cursors);
        }

        public boolean isLost() {
            return lostAt != null;
        }

        /// When it was last heard of.
        public Optional<Instant> heardOf() {
            return cursors.stream()
                    .map(Cursor::time)
                    .filter(Objects::nonNull)
                    .max(Comparator.naturalOrder());
        }

        /// Whether no record of this server can still come before `position`.
        boolean hasPassed(Position position) {
            return isLost()
                    || (cursors.stream().anyMatch(cursor -> cursor.hasPassed(id, position))
                            && cursors.stream()
                                    .filter(cursor -> !cursor.isOver())
                                    .allMatch(cursor -> cursor.hasPassed(id, position)));
        }

        /// Up to when all of its records are stored.
        private Instant passed() {
            var times =
                    cursors.stream()
                            .filter(cursor -> !cursor.isOver())
                            .map(cursor -> cursor.time == null ? Instant.EPOCH : cursor.time)
                            .min(Comparator.naturalOrder());
            return times.or(this::heardOf).orElse(Instant.EPOCH);
        }
    }

    /// Every server there has ever been, by its id.
    public static List<Server> servers(Connection connection) throws SQLException {
        var servers = new TreeMap<Integer, Server>();
        try (var statement = connection.prepareStatement(SPEAKING);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                int id = rows.getInt(1);
                var before = servers.get(id);
                var cursors = new ArrayList<>(before == null ? List.<Cursor>of() : before.cursors);
                int epoch = rows.getInt(3);
                if (!rows.wasNull()) {
                    cursors.add(
                            new Cursor(
                                    epoch,
                                    rows.getLong(4),
                                    Times.find(rows, 5).orElse(null),
                                    rows.getBoolean(6)));
                }
                servers.put(id, new Server(id, Times.find(rows, 2).orElse(null), cursors));
            }
        }
        return List.copyOf(servers.values());
    }

    /// Whether every record before `position`, on all servers, is in the database, except what lost servers had.
    public static boolean havePassed(Connection connection, Position position) throws SQLException {
        return behind(connection, position).isEmpty();
    }

    /// The servers that may still have records before `position`.
    public static List<Server> behind(Connection connection, Position position)
            throws SQLException {
        return servers(connection).stream().filter(server -> !server.hasPassed(position)).toList();
    }

    /// Up to when every record of all servers that are not lost is in the database, and never later than `now`.
    public static Instant passed(Connection connection, Instant now) throws SQLException {
        return servers(connection).stream()
                .filter(server -> !server.isLost())
                .map(Server::passed)
                .filter(now::isAfter)
                .min(Comparator.naturalOrder())
                .orElse(now);
    }

    /// Declares that a server will not come back, so that settlement waits for it no longer, or takes that back. It is
    /// also taken back when the server stores anything.
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

    /// Each of the server's epochs that are known here, without the times.
    static Map<Integer, Cursor> read(Connection connection, ShareSource source)
            throws SQLException {
        var cursors = new HashMap<Integer, Cursor>();
        try (var own = connection.prepareStatement(OWN)) {
            own.setInt(1, source.serverId());
            try (var rows = own.executeQuery()) {
                if (!rows.next()) {
                    register(connection, source);
                    return read(connection, source);
                }
                for (boolean more = true; more; more = rows.next()) {
                    if (!source.node().equals(rows.getObject(1, UUID.class))) {
                        throw new JournalForeign(
                                "server id "
                                        + source.serverId()
                                        + " belongs to another journal directory: is its disk mounted? If that one is lost, or another server's, give this server an id of its own");
                    }
                    int epoch = rows.getInt(2);
                    if (!rows.wasNull()) {
                        cursors.put(
                                epoch,
                                new Cursor(
                                        epoch,
                                        rows.getLong(3),
                                        Times.find(rows, 4).orElse(null),
                                        rows.getBoolean(5)));
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
        try (var registered = connection.prepareStatement(REGISTERED)) {
            registered.setObject(1, source.node());
            try (var rows = registered.executeQuery()) {
                if (rows.next() && rows.getInt(1) != source.serverId()) {
                    throw new JournalForeign(
                            "this journal directory belongs to server id "
                                    + rows.getInt(1)
                                    + ": give server id "
                                    + source.serverId()
                                    + " a directory of its own");
                }
            }
        }
    }

    /// Makes an epoch known, where it is not: from then on settlement waits for it.
    static void begin(Connection connection, int serverId, int epoch) throws SQLException {
        try (var begin = connection.prepareStatement(BEGIN)) {
            begin.setInt(1, serverId);
            begin.setInt(2, epoch);
            begin.executeUpdate();
        }
    }

    /// Notes that an epoch which nobody writes any more is wholly stored, if its next record is still that one.
    static void end(Connection connection, int serverId, int epoch, long nextSequence)
            throws SQLException {
        try (var end = connection.prepareStatement(END)) {
            end.setInt(1, serverId);
            end.setInt(2, epoch);
            end.setLong(3, nextSequence);
            end.executeUpdate();
        }
    }

    /// A server that stores something is not lost.
    static void speaks(Connection connection, int serverId) throws SQLException {
        try (var speaks = connection.prepareStatement(SPEAKS)) {
            speaks.setInt(1, serverId);
            speaks.executeUpdate();
        }
    }
}
