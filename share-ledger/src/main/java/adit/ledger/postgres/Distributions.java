package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// The stored distributions: written once, never changed, read by whoever asks why an amount is what it is.
public final class Distributions {
    private static final String INSERT =
            """
            INSERT INTO pool.distribution
                (key, block_id, scheme, version, parameters,
                 newest_time, newest_server, newest_epoch, newest_sequence,
                 oldest_time, oldest_server, oldest_epoch, oldest_sequence, boundary,
                 reward_msat, fee_msat, credits_msat, unattributed_msat, operator_msat, lines)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (key) DO NOTHING
            RETURNING id
            """;
    private static final String INSERT_LINES =
            """
            INSERT INTO pool.distribution_line (distribution_id, account_id, credit_msat, direct_msat)
            SELECT ?, account_id, credit_msat, direct_msat
            FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS came (account_id, credit_msat, direct_msat)
            """;
    private static final String SELECT =
            """
            SELECT id, key, block_id, scheme, version, parameters,
                   newest_time, newest_server, newest_epoch, newest_sequence,
                   oldest_time, oldest_server, oldest_epoch, oldest_sequence, boundary,
                   reward_msat, fee_msat, unattributed_msat, operator_msat
            FROM pool.distribution
            """;
    private static final String FIND = SELECT + " WHERE key = ?";
    private static final String LAST_INTERVAL =
            SELECT + " WHERE scheme = ? AND block_id IS NULL ORDER BY id DESC LIMIT 1";
    private static final String LAST_INTERVAL_OF_EACH =
            """
            SELECT account.id, last.key
            FROM unnest(?::bigint[]) AS account (id)
            CROSS JOIN LATERAL (
                SELECT d.key
                FROM pool.distribution_line l JOIN pool.distribution d ON d.id = l.distribution_id
                WHERE l.account_id = account.id AND d.scheme = ? AND d.block_id IS NULL
                ORDER BY l.distribution_id DESC LIMIT 1
            ) AS last
            """;
    private static final String LINES =
            "SELECT account_id, credit_msat, direct_msat FROM pool.distribution_line WHERE distribution_id = ?";

    private Distributions() {}

    /// Freezes a distribution; false when one with its key is there already, which then stays as it is.
    public static boolean freeze(Connection connection, FrozenDistribution distribution)
            throws SQLException {
        Check.that(
                !connection.getAutoCommit(), "header and lines need a transaction of the caller's");
        OptionalLong id = insert(connection, distribution);
        if (id.isPresent() && !distribution.creditsMsat().isEmpty()) {
            insertLines(connection, id.getAsLong(), distribution);
        }
        return id.isPresent();
    }

    public static Optional<FrozenDistribution> find(Connection connection, String key)
            throws SQLException {
        try (var statement = connection.prepareStatement(FIND)) {
            statement.setString(1, key);
            return read(connection, statement);
        }
    }

    /// The newest distribution of a scheme that was over an interval.
    public static Optional<FrozenDistribution> lastInterval(Connection connection, String scheme)
            throws SQLException {
        try (var statement = connection.prepareStatement(LAST_INTERVAL)) {
            statement.setString(1, scheme);
            return read(connection, statement);
        }
    }

    /// By account, the key of the newest distribution of a scheme over an interval that has a line for it; accounts
    /// without one are left out.
    public static SortedMap<Long, String> lastIntervalKeys(
            Connection connection, String scheme, Collection<Long> accountIds) throws SQLException {
        var keys = new TreeMap<Long, String>();
        try (var statement = connection.prepareStatement(LAST_INTERVAL_OF_EACH)) {
            statement.setArray(1, connection.createArrayOf("bigint", accountIds.toArray()));
            statement.setString(2, scheme);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    keys.put(rows.getLong(1), rows.getString(2));
                }
            }
        }
        return keys;
    }

    private static Optional<FrozenDistribution> read(
            Connection connection, PreparedStatement statement) throws SQLException {
        try (var rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(withLines(connection, rows)) : Optional.empty();
        }
    }

    private static OptionalLong insert(Connection connection, FrozenDistribution distribution)
            throws SQLException {
        try (var statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, distribution.key());
            statement.setObject(2, distribution.blockId(), Types.BIGINT);
            statement.setString(3, distribution.scheme());
            statement.setInt(4, distribution.version());
            statement.setString(5, distribution.parametersJson());
            distribution.newest().set(statement, 6);
            distribution.oldest().set(statement, 10);
            statement.setString(14, distribution.boundary().name());
            statement.setLong(15, distribution.rewardMsat());
            statement.setLong(16, distribution.feeMsat());
            statement.setLong(17, distribution.totalCreditsMsat());
            statement.setLong(18, distribution.unattributedMsat());
            statement.setLong(19, distribution.operatorMsat());
            statement.setInt(20, distribution.creditsMsat().size());
            try (var rows = statement.executeQuery()) {
                return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    private static void insertLines(Connection connection, long id, FrozenDistribution distribution)
            throws SQLException {
        var accounts = distribution.creditsMsat().keySet();
        var direct =
                accounts.stream()
                        .map(account -> distribution.directMsat().getOrDefault(account, 0L));
        try (var statement = connection.prepareStatement(INSERT_LINES)) {
            statement.setLong(1, id);
            statement.setArray(2, connection.createArrayOf("bigint", accounts.toArray()));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "bigint", distribution.creditsMsat().values().toArray()));
            statement.setArray(4, connection.createArrayOf("bigint", direct.toArray()));
            statement.executeUpdate();
        }
    }

    private static FrozenDistribution withLines(Connection connection, ResultSet header)
            throws SQLException {
        var credits = new TreeMap<Long, Long>();
        var direct = new TreeMap<Long, Long>();
        try (var statement = connection.prepareStatement(LINES)) {
            statement.setLong(1, header.getLong(1));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    credits.put(rows.getLong(1), rows.getLong(2));
                    if (rows.getLong(3) > 0) {
                        direct.put(rows.getLong(1), rows.getLong(3));
                    }
                }
            }
        }
        return distribution(
                header,
                Collections.unmodifiableSortedMap(credits),
                Collections.unmodifiableSortedMap(direct));
    }

    private static FrozenDistribution distribution(
            ResultSet rows, SortedMap<Long, Long> credits, SortedMap<Long, Long> direct)
            throws SQLException {
        long block = rows.getLong(3);
        var blockId = rows.wasNull() ? null : Long.valueOf(block);
        return new FrozenDistribution(
                rows.getString(2),
                blockId,
                rows.getString(4),
                rows.getInt(5),
                rows.getString(6),
                Position.read(rows, 7),
                Position.read(rows, 11),
                FrozenDistribution.Boundary.valueOf(rows.getString(15)),
                rows.getLong(16),
                rows.getLong(17),
                rows.getLong(18),
                rows.getLong(19),
                credits,
                direct);
    }
}
