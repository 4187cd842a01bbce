package adit.ledger.postgres;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/// What a miner may ask about itself: read-only questions by account.
///
/// Work is in difficulty units, of which one is about one hash: divided by the seconds of its window it is a hashrate.
/// It is counted in whole UTC minutes, as slices are.
public final class MinerQueries {
    private static final String FIND = "SELECT id FROM pool.account WHERE name = ?";
    private static final String WORKERS =
            """
            SELECT w.name, max(s.last_time),
                   coalesce(sum(s.shares::numeric * s.difficulty_units) FILTER (WHERE s.minute >= ?), 0),
                   coalesce(sum(s.shares::numeric * s.difficulty_units) FILTER (WHERE s.minute >= ?), 0),
                   sum(s.shares::numeric * s.difficulty_units), min(s.minute)
            FROM pool.slice s JOIN pool.worker_terms w ON w.id = s.worker_id
            WHERE s.account_id = ? AND s.minute >= ?
            GROUP BY w.name
            ORDER BY 2 DESC, 1
            """;
    private static final String CREDITS =
            """
            SELECT l.credit_msat, d.scheme, d.frozen_at, b.hash, b.height, b.time, b.state, b.confirmations,
                   l.direct_msat
            FROM pool.distribution_line l
            JOIN pool.distribution d ON d.id = l.distribution_id
            LEFT JOIN pool.block b ON b.id = d.block_id
            WHERE l.account_id = ?
            ORDER BY l.distribution_id DESC
            LIMIT ?
            """;

    private MinerQueries() {}

    /// What the pool owes an account: not yet mature, payable, and in a payout under way.
    public record Balance(
            long immatureMsat, long availableMsat, long pendingMsat, long carryMsat) {}

    /// One worker's credited work since each of three points in time, the minute its oldest work of these is of,
    /// and when its newest share came.
    public record WorkerWork(
            String worker,
            Instant firstMinute,
            Instant lastShareAt,
            BigInteger recentUnits,
            BigInteger hourUnits,
            BigInteger dayUnits) {}

    /// One credit. Its block is absent where a scheme pays by interval instead of by block.
    public record Credit(
            long creditMsat,
            long directMsat,
            String scheme,
            Instant creditedAt,
            @Nullable CreditedBlock block) {}

    /// The block a credit came from. `hash` is in wire order.
    @SuppressWarnings("ArrayRecordComponent") // a hash in wire order, never mutated
    public record CreditedBlock(
            byte[] hash, int height, Instant time, String state, int confirmations) {}

    public static OptionalLong account(Connection connection, String name) throws SQLException {
        try (var statement = connection.prepareStatement(FIND)) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    public static Balance balance(Connection connection, long accountId) throws SQLException {
        return new Balance(
                owed(connection, LedgerCode.MINER_IMMATURE, accountId),
                owed(connection, LedgerCode.MINER_AVAILABLE, accountId),
                owed(connection, LedgerCode.MINER_PENDING, accountId),
                owed(connection, LedgerCode.MINER_CARRY, accountId));
    }

    /// The workers with credited work since `day`, the one heard last first.
    public static List<WorkerWork> workers(
            Connection connection, long accountId, Instant recent, Instant hour, Instant day)
            throws SQLException {
        try (var statement = connection.prepareStatement(WORKERS)) {
            Times.set(statement, 1, recent);
            Times.set(statement, 2, hour);
            statement.setLong(3, accountId);
            Times.set(statement, 4, day);
            return readWorkers(statement);
        }
    }

    /// The newest credits of an account, newest first.
    public static List<Credit> credits(Connection connection, long accountId, int limit)
            throws SQLException {
        var credits = new ArrayList<Credit>();
        try (var statement = connection.prepareStatement(CREDITS)) {
            statement.setLong(1, accountId);
            statement.setInt(2, limit);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    credits.add(
                            new Credit(
                                    rows.getLong(1),
                                    rows.getLong(9),
                                    rows.getString(2),
                                    Times.get(rows, 3),
                                    block(rows)));
                }
            }
        }
        return credits;
    }

    private static long owed(Connection connection, LedgerCode code, long accountId)
            throws SQLException {
        return Books.balanceMsat(connection, LedgerAccount.of(code, accountId));
    }

    private static List<WorkerWork> readWorkers(PreparedStatement statement) throws SQLException {
        var workers = new ArrayList<WorkerWork>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                workers.add(
                        new WorkerWork(
                                rows.getString(1),
                                Times.get(rows, 6),
                                Times.get(rows, 2),
                                rows.getBigDecimal(3).toBigIntegerExact(),
                                rows.getBigDecimal(4).toBigIntegerExact(),
                                rows.getBigDecimal(5).toBigIntegerExact()));
            }
        }
        return workers;
    }

    private static @Nullable CreditedBlock block(ResultSet rows) throws SQLException {
        var hash = rows.getBytes(4);
        return hash == null
                ? null
                : new CreditedBlock(
                        hash,
                        rows.getInt(5),
                        Times.get(rows, 6),
                        rows.getString(7),
                        rows.getInt(8));
    }
}
