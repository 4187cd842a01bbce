package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/// What only a person may decide about the journals of servers, each with a line that stays in the database.
///
/// Each method is one transaction, and answers what it did in one sentence.
///
/// **Owner:** the call.
public final class OperatorActions {
    private static final String NOTE =
            "INSERT INTO pool.operator_action (at, who, what) VALUES (?, ?, ?)";
    private static final String GIVE_UP_REST =
            """
            UPDATE pool.journal_cursor SET ended = true
            WHERE server_id = ? AND epoch = ? AND NOT ended
            """;

    /// Who stored something this recently runs, whatever it looks like.
    private static final Duration ALIVE = Duration.ofMinutes(1);

    private final Connection connection;
    private final String who;
    private final Instant now;

    /// Why nothing was done, in one sentence.
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    private interface Change {
        String make() throws SQLException;
    }

    /// @param who the operator, as the machine knows the name
    public OperatorActions(Connection connection, String who, Instant now) {
        this.connection = connection;
        this.who = who;
        this.now = now;
    }

    /// From now on settlement waits no longer for a server that will not come back.
    public String declareLost(int serverId) throws SQLException {
        return inOneTransaction(() -> {
            var server = server(serverId);
            if (server.isLost()) {
                throw new Refused(
                        "Server %d is declared lost since %s."
                                .formatted(serverId, server.lostAt()));
            }
            var heardOf = server.heardOf().orElse(Instant.EPOCH);
            if (heardOf.plus(ALIVE).isAfter(now)) {
                throw new Refused(
                        "Server %d stored a record of %s, so it runs: stop it first."
                                .formatted(serverId, heardOf));
            }
            JournalCursors.declareLost(connection, serverId, true, now);
            return "Server %d is lost: settlement does not wait for what it took after %s. It does again when the server stores something."
                    .formatted(serverId, heardOf);
        });
    }

    /// Takes that back.
    public String declareFound(int serverId) throws SQLException {
        return inOneTransaction(() -> {
            if (!server(serverId).isLost()) {
                throw new Refused("Server %d is not declared lost.".formatted(serverId));
            }
            JournalCursors.declareLost(connection, serverId, false, now);
            return "Server %d is not lost: settlement waits for it.".formatted(serverId);
        });
    }

    /// Gives up the records before `sequence` of an epoch that are not stored; the next stored is that one.
    public String skipTo(int serverId, int epoch, long sequence) throws SQLException {
        return inOneTransaction(() -> {
            var cursor = openEpoch(serverId, epoch);
            if (!JournalCursors.skipTo(connection, serverId, epoch, sequence)) {
                throw new Refused(
                        "Record %d of epoch %d of server %d is stored; the next is %d."
                                .formatted(sequence, epoch, serverId, cursor.nextSequence()));
            }
            return "Records %d to %d of epoch %d of server %d are given up; record %d is stored next."
                    .formatted(cursor.nextSequence(), sequence - 1, epoch, serverId, sequence);
        });
    }

    /// Gives up all that is not stored of an epoch whose files are gone. A server that writes it yet stores it all the
    /// same, for as long as it runs.
    public String skipRest(int serverId, int epoch) throws SQLException {
        return inOneTransaction(() -> {
            var cursor = openEpoch(serverId, epoch);
            var time = cursor.time();
            if (time != null && time.plus(ALIVE).isAfter(now)) {
                throw new Refused(
                        "Epoch %d of server %d stored a record of %s, so it is being written: stop the server first, or give up records with --to."
                                .formatted(epoch, serverId, time));
            }
            try (var statement = connection.prepareStatement(GIVE_UP_REST)) {
                statement.setInt(1, serverId);
                statement.setInt(2, epoch);
                statement.executeUpdate();
            }
            return "All records from %d on of epoch %d of server %d are given up."
                    .formatted(cursor.nextSequence(), epoch, serverId);
        });
    }

    private JournalCursors.Server server(int id) throws SQLException {
        return JournalCursors.servers(connection).stream()
                .filter(server -> server.id() == id)
                .findFirst()
                .orElseThrow(() -> new Refused("There is no server %d.".formatted(id)));
    }

    private JournalCursors.Cursor openEpoch(int serverId, int epoch) throws SQLException {
        return server(serverId).cursors().stream()
                .filter(cursor -> cursor.epoch() == epoch && !cursor.isOver())
                .findFirst()
                .orElseThrow(() ->
                        new Refused(
                                "Server %d has no epoch %d that is not wholly stored."
                                        .formatted(serverId, epoch)));
    }

    private String inOneTransaction(Change change) throws SQLException {
        return Transaction.run(
                connection,
                _ -> {
                    var done = change.make();
                    note(done);
                    return done;
                });
    }

    private void note(String what) throws SQLException {
        try (var statement = connection.prepareStatement(NOTE)) {
            Times.set(statement, 1, now);
            statement.setString(2, who);
            statement.setString(3, what);
            statement.executeUpdate();
        }
    }
}
