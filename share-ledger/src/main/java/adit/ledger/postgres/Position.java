package adit.ledger.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;

/// A record's place in the one order of all shares of the pool: time, then server, epoch and sequence.
public record Position(long timeMicros, int serverId, int epoch, long sequence)
        implements Comparable<Position> {
    private static final Comparator<Position> ORDER =
            Comparator.comparingLong(Position::timeMicros)
                    .thenComparingInt(Position::serverId)
                    .thenComparingInt(Position::epoch)
                    .thenComparingLong(Position::sequence);

    /// Before everything.
    public static final Position START = new Position(0, 0, 0, 0);

    /// Fills four parameters from `index` on, in the order of the components.
    void set(PreparedStatement statement, int index) throws SQLException {
        Times.setMicros(statement, index, timeMicros);
        statement.setInt(index + 1, serverId);
        statement.setInt(index + 2, epoch);
        statement.setLong(index + 3, sequence);
    }

    /// Reads four columns from `column` on, in the order of the components.
    static Position read(ResultSet rows, int column) throws SQLException {
        return new Position(
                Times.getMicros(rows, column),
                rows.getInt(column + 1),
                rows.getInt(column + 2),
                rows.getLong(column + 3));
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
