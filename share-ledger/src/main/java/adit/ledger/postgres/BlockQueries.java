package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/// The found blocks as people look at them: newest first, page by page, with what was credited for each.
public final class BlockQueries {
    private static final String PAGE =
            """
            WITH page AS (
                SELECT * FROM pool.block %s
                ORDER BY time DESC, server_id DESC, epoch DESC, sequence DESC
                LIMIT ?
            ), credited AS (
                SELECT DISTINCT ON (block_id) block_id, lines, credits_msat, fee_msat
                FROM pool.distribution
                WHERE block_id IN (SELECT id FROM page)
                ORDER BY block_id, id DESC
            )
            SELECT b.hash, b.height, b.time, a.name, w.name, w.scheme, w.fee_bps, b.reward_sats,
                   b.state, b.confirmations, c.lines, c.credits_msat, c.fee_msat, b.direct_sats
            FROM page b
            JOIN pool.account a ON a.id = b.account_id
            JOIN pool.worker_terms w ON w.id = b.worker_id
            LEFT JOIN credited c ON c.block_id = b.id
            ORDER BY b.time DESC, b.server_id DESC, b.epoch DESC, b.sequence DESC
            """;
    private static final String NEWEST = PAGE.formatted("");
    private static final String BEFORE =
            PAGE.formatted(
                    """
                    WHERE (time, server_id, epoch, sequence) <
                          (SELECT time, server_id, epoch, sequence FROM pool.block WHERE hash = ?)
                    """);
    private static final String KNOWN = "SELECT FROM pool.block WHERE hash = ?";
    private static final String COUNTS = "SELECT state, count(*) FROM pool.block GROUP BY state";

    private BlockQueries() {}

    /// A found block to look at. `hash` is in wire order; `directSats` is what its own coinbase pays the finder; what was credited is absent until the block is settled.
    @SuppressWarnings("ArrayRecordComponent") // a hash in wire order, never mutated
    public record SeenBlock(
            byte[] hash,
            int height,
            Instant time,
            String finder,
            String worker,
            String scheme,
            int feeBps,
            long rewardSats,
            long directSats,
            String state,
            int confirmations,
            @Nullable Credited credited) {}

    /// What a settled block brought: to how many miners how much, and the pool's fee.
    public record Credited(int miners, long creditsMsat, long feeMsat) {}

    /// The newest blocks, newest first.
    public static List<SeenBlock> newest(Connection connection, int limit) throws SQLException {
        try (var statement = connection.prepareStatement(NEWEST)) {
            statement.setInt(1, limit);
            return read(statement);
        }
    }

    /// The blocks found before this one, newest first; none if it is not one of ours.
    public static List<SeenBlock> before(Connection connection, byte[] hash, int limit)
            throws SQLException {
        try (var statement = connection.prepareStatement(BEFORE)) {
            statement.setBytes(1, hash);
            statement.setInt(2, limit);
            return read(statement);
        }
    }

    public static boolean isKnown(Connection connection, byte[] hash) throws SQLException {
        try (var statement = connection.prepareStatement(KNOWN)) {
            statement.setBytes(1, hash);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /// How many blocks are in each state that has any.
    public static SortedMap<String, Long> counts(Connection connection) throws SQLException {
        var counts = new TreeMap<String, Long>();
        try (var statement = connection.prepareStatement(COUNTS);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getLong(2));
            }
        }
        return counts;
    }

    private static List<SeenBlock> read(PreparedStatement statement) throws SQLException {
        var blocks = new ArrayList<SeenBlock>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                blocks.add(
                        new SeenBlock(
                                rows.getBytes(1),
                                rows.getInt(2),
                                Times.get(rows, 3),
                                rows.getString(4),
                                rows.getString(5),
                                rows.getString(6),
                                rows.getInt(7),
                                rows.getLong(8),
                                rows.getLong(14),
                                rows.getString(9),
                                rows.getInt(10),
                                credited(rows)));
            }
        }
        return blocks;
    }

    private static @Nullable Credited credited(ResultSet rows) throws SQLException {
        int miners = rows.getInt(11);
        return rows.wasNull() ? null : new Credited(miners, rows.getLong(12), rows.getLong(13));
    }
}
