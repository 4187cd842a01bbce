package adit.ledger.postgres;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A miner's credited work by worker over several windows at once, for display.
///
/// Work is counted in whole UTC minutes, as slices are. A caller divides by the seconds it asked for.
public final class HashrateQueries {
    private static final String OF_MINER =
            """
            SELECT w.name, max(s.last_time),
                   coalesce(sum(s.shares::numeric * s.difficulty_units) FILTER (WHERE s.minute >= ?), 0),
                   coalesce(sum(s.shares::numeric * s.difficulty_units) FILTER (WHERE s.minute >= ?), 0),
                   sum(s.shares::numeric * s.difficulty_units)
            FROM pool.slice s JOIN pool.worker_terms w ON w.id = s.worker_id
            WHERE s.account_id = ? AND s.minute >= ?
            GROUP BY w.name
            ORDER BY 2 DESC, 1
            """;

    private HashrateQueries() {}

    /// One worker's credited work since each of three points in time, and when its newest share came.
    public record WorkerWork(
            String worker,
            Instant lastShareAt,
            BigInteger recentUnits,
            BigInteger hourUnits,
            BigInteger dayUnits) {}

    /// The workers with credited work since `day`, the one heard last first.
    public static List<WorkerWork> ofMiner(
            Connection connection, long accountId, Instant recent, Instant hour, Instant day)
            throws SQLException {
        try (var statement = connection.prepareStatement(OF_MINER)) {
            Times.set(statement, 1, recent);
            Times.set(statement, 2, hour);
            statement.setLong(3, accountId);
            Times.set(statement, 4, day);
            return workers(statement);
        }
    }

    private static List<WorkerWork> workers(PreparedStatement statement) throws SQLException {
        var workers = new ArrayList<WorkerWork>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                workers.add(
                        new WorkerWork(
                                rows.getString(1),
                                Times.get(rows, 2),
                                rows.getBigDecimal(3).toBigIntegerExact(),
                                rows.getBigDecimal(4).toBigIntegerExact(),
                                rows.getBigDecimal(5).toBigIntegerExact()));
            }
        }
        return workers;
    }
}
