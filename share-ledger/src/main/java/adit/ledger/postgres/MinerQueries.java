package adit.ledger.postgres;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What a miner may ask about itself: read-only questions by account.
///
/// Work is in difficulty units, of which one is about one hash: divided by the seconds of its window it is a hashrate.
public final class MinerQueries {
    private static final String FIND = "SELECT id FROM pool.account WHERE name = ?";
    private static final String WORK =
            """
            SELECT coalesce(sum(shares * difficulty_units::numeric), 0)
            FROM pool.slice WHERE account_id = ? AND minute >= ? AND minute < ?
            """;
    private static final String WORKERS =
            """
            SELECT w.name, w.scheme, w.fee_bps, sum(s.shares), sum(s.shares * s.difficulty_units::numeric),
                   max(s.last_time)
            FROM pool.slice s JOIN pool.worker_terms w ON w.id = s.worker_id
            WHERE s.account_id = ? AND s.minute >= ?
            GROUP BY w.id
            ORDER BY w.name, max(s.last_time) DESC, w.id
            LIMIT ?
            """;
    private static final String CREDITS =
            """
            SELECT d.key, d.scheme, d.newest_time, d.reward_msat, l.credit_msat
            FROM pool.distribution_line l JOIN pool.distribution d ON d.id = l.distribution_id
            WHERE l.account_id = ?
            ORDER BY l.distribution_id DESC
            LIMIT ?
            """;

    private MinerQueries() {}

    /// What the pool owes an account: not yet mature, payable, and in a payout under way.
    public record Balance(
            long immatureMsat, long availableMsat, long pendingMsat, long carryMsat) {}

    /// A worker under its terms since some time: how much it did and when it did it last.
    public record WorkerActivity(
            String name,
            String scheme,
            int feeBps,
            long shares,
            BigInteger workUnits,
            Instant lastShare) {}

    /// What one distribution gave an account.
    public record Credit(String key, String scheme, Instant at, long rewardMsat, long creditMsat) {}

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

    /// The account's work in the minutes from `from` to before `to`.
    public static BigInteger workUnits(
            Connection connection, long accountId, Instant from, Instant to) throws SQLException {
        try (var statement = connection.prepareStatement(WORK)) {
            statement.setLong(1, accountId);
            Times.set(statement, 2, from);
            Times.set(statement, 3, to);
            try (var rows = statement.executeQuery()) {
                Check.that(rows.next(), "a sum is one row");
                return rows.getBigDecimal(1).toBigIntegerExact();
            }
        }
    }

    public static List<WorkerActivity> workers(
            Connection connection, long accountId, Instant since, int limit) throws SQLException {
        var workers = new ArrayList<WorkerActivity>();
        try (var statement = connection.prepareStatement(WORKERS)) {
            statement.setLong(1, accountId);
            Times.set(statement, 2, since);
            statement.setInt(3, limit);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    workers.add(
                            new WorkerActivity(
                                    rows.getString(1),
                                    rows.getString(2),
                                    rows.getInt(3),
                                    rows.getBigDecimal(4).longValueExact(),
                                    rows.getBigDecimal(5).toBigIntegerExact(),
                                    Times.get(rows, 6)));
                }
            }
        }
        return workers;
    }

    /// The newest credits of an account.
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
                                    rows.getString(1),
                                    rows.getString(2),
                                    Times.get(rows, 3),
                                    rows.getLong(4),
                                    rows.getLong(5)));
                }
            }
        }
        return credits;
    }

    private static long owed(Connection connection, LedgerCode code, long accountId)
            throws SQLException {
        return Books.balanceMsat(connection, LedgerAccount.of(code, accountId));
    }
}
