package adit.ledger.postgres;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What anybody may ask about the pool as a whole: read-only questions. The blocks are in [BlockQueries].
public final class PoolQueries {
    private static final String SERIES =
            """
            SELECT date_bin(make_interval(mins => ?), minute, ?), sum(shares * difficulty_units::numeric)
            FROM pool.slice WHERE minute >= ? AND minute < ?
            GROUP BY 1 ORDER BY 1
            """;

    private PoolQueries() {}

    /// The work from `begin` on, for as long as the series' step.
    public record Point(Instant begin, BigInteger workUnits) {}

    /// The minutes from `from` to before `to` in steps of some minutes, oldest first; steps without work are left out.
    public static List<Point> series(
            Connection connection, Instant from, Instant to, int stepMinutes) throws SQLException {
        var points = new ArrayList<Point>();
        try (var statement = connection.prepareStatement(SERIES)) {
            statement.setInt(1, stepMinutes);
            Times.set(statement, 2, from);
            Times.set(statement, 3, from);
            Times.set(statement, 4, to);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    points.add(
                            new Point(
                                    Times.get(rows, 1), rows.getBigDecimal(2).toBigIntegerExact()));
                }
            }
        }
        return points;
    }
}
