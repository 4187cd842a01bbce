package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// What one miner was credited, with the blocks the credits came from and where those stand.
public final class CreditQueries {
    private static final String CREDITS =
            """
            SELECT l.credit_msat, d.scheme, d.frozen_at, b.hash, b.height, b.time, b.state, b.confirmations
            FROM pool.distribution_line l
            JOIN pool.distribution d ON d.id = l.distribution_id
            LEFT JOIN pool.block b ON b.id = d.block_id
            WHERE l.account_id = ?
            ORDER BY l.distribution_id DESC
            LIMIT ?
            """;

    private CreditQueries() {}

    /// One credit. Its block is absent where a scheme pays by interval instead of by block.
    public record Credit(
            long creditMsat, String scheme, Instant creditedAt, @Nullable CreditedBlock block) {}

    /// The block a credit came from. `hash` is in wire order.
    @SuppressWarnings("ArrayRecordComponent") // a hash in wire order, never mutated
    public record CreditedBlock(
            byte[] hash, int height, Instant time, String state, int confirmations) {}

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
                                    rows.getString(2),
                                    Times.get(rows, 3),
                                    block(rows)));
                }
            }
        }
        return credits;
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
