package adit.ledger.postgres;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What anybody may ask about the pool as a whole: read-only questions. The blocks are in [Blocks#recent].
public final class PoolQueries {
    private static final String SUMMARY =
            """
            SELECT coalesce(sum(shares * difficulty_units::numeric), 0), coalesce(sum(shares), 0),
                   count(DISTINCT account_id), count(DISTINCT worker_id)
            FROM pool.slice WHERE minute >= ? AND minute < ?
            """;
    private static final String SERIES =
            """
            SELECT date_bin(make_interval(mins => ?), minute, ?), sum(shares * difficulty_units::numeric)
            FROM pool.slice WHERE minute >= ? AND minute < ?
            GROUP BY 1 ORDER BY 1
            """;
    private static final String TOP_MINERS =
            """
            SELECT a.name, sum(s.shares * s.difficulty_units::numeric) AS work
            FROM pool.slice s JOIN pool.account a ON a.id = s.account_id
            WHERE s.minute >= ? AND s.minute < ?
            GROUP BY a.id ORDER BY work DESC, a.id LIMIT ?
            """;

    private PoolQueries() {}

    /// A window of time: exact work in difficulty units, credited shares, and how many took part.
    public record Activity(BigInteger workUnits, BigInteger shares, int accounts, int workers) {}

    /// The work from `begin` on, for as long as the series' step.
    public record Point(Instant begin, BigInteger workUnits) {}

    public record MinerWork(String account, BigInteger workUnits) {}

    /// The minutes from `from` to before `to`.
    public static Activity activity(Connection connection, Instant from, Instant to)
            throws SQLException {
        try (var statement = connection.prepareStatement(SUMMARY)) {
            Times.set(statement, 1, from);
            Times.set(statement, 2, to);
            try (var rows = statement.executeQuery()) {
                Check.that(rows.next(), "a sum is one row");
                return new Activity(
                        rows.getBigDecimal(1).toBigIntegerExact(),
                        rows.getBigDecimal(2).toBigIntegerExact(),
                        rows.getInt(3),
                        rows.getInt(4));
            }
        }
    }

    /// The same window in steps of some minutes, oldest first; steps without work are left out.
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

    public static List<MinerWork> topMiners(
            Connection connection, Instant from, Instant to, int limit) throws SQLException {
        var miners = new ArrayList<MinerWork>();
        try (var statement = connection.prepareStatement(TOP_MINERS)) {
            Times.set(statement, 1, from);
            Times.set(statement, 2, to);
            statement.setInt(3, limit);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    miners.add(
                            new MinerWork(
                                    rows.getString(1), rows.getBigDecimal(2).toBigIntegerExact()));
                }
            }
        }
        return miners;
    }
}
