package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The blocks the pool found and what became of them; the projector writes them down, the settler moves them on.
public final class Blocks {
    private static final String SELECT =
            """
            SELECT b.id, b.hash, b.height, b.time, b.server_id, b.epoch, b.sequence, b.account_id, a.name,
                   b.worker_id, w.name, w.scheme, w.fee_bps, b.reward_sats, b.subsidy_sats, b.nbits,
                   b.direct_sats, b.state, b.confirmations
            FROM pool.block b
            JOIN pool.account a ON a.id = b.account_id
            JOIN pool.worker_terms w ON w.id = b.worker_id
            """;
    private static final String IN_ORDER = " ORDER BY b.time, b.server_id, b.epoch, b.sequence";
    private static final String NEWEST_FIRST =
            " ORDER BY b.time DESC, b.server_id DESC, b.epoch DESC, b.sequence DESC";
    private static final String BY_HASH = SELECT + " WHERE b.hash = ?";
    private static final String IN_STATE = SELECT + " WHERE b.state = ?" + IN_ORDER;
    private static final String ACTIVE_AND =
            SELECT + " WHERE b.state = 'ACTIVE' OR b.id = ANY (?)" + IN_ORDER;
    private static final String RECENT = SELECT + NEWEST_FIRST + " LIMIT ?";
    private static final String PREVIOUS =
            SELECT
                    + """
                     WHERE w.scheme = ? AND b.state IN ('ACTIVE', 'MATURE')
                       AND (b.time, b.server_id, b.epoch, b.sequence) < (?, ?, ?, ?)
                    """
                    + NEWEST_FIRST
                    + " LIMIT 1";
    private static final String MOVE =
            """
            WITH moved AS (
                UPDATE pool.block SET state = ?, confirmations = ? WHERE id = ? AND state = ? RETURNING id, state
            )
            INSERT INTO pool.block_history (block_id, number, at, state, note)
            SELECT moved.id, 1 + (SELECT max(number) FROM pool.block_history WHERE block_id = moved.id), ?,
                   moved.state, ?
            FROM moved
            """;
    private static final String CONFIRM =
            "UPDATE pool.block SET confirmations = ? WHERE id = ? AND state = ?";
    private static final String HISTORY =
            "SELECT number, at, state, note FROM pool.block_history WHERE block_id = ? ORDER BY number";

    private Blocks() {}

    /// A step in the life of a block.
    public record Step(int number, Instant at, BlockState state, String note) {}

    public static Optional<FoundBlock> find(Connection connection, byte[] hash)
            throws SQLException {
        try (var statement = connection.prepareStatement(BY_HASH)) {
            statement.setBytes(1, hash);
            return read(statement).stream().findFirst();
        }
    }

    /// All blocks in a state, oldest first.
    public static List<FoundBlock> in(Connection connection, BlockState state) throws SQLException {
        try (var statement = connection.prepareStatement(IN_STATE)) {
            statement.setString(1, state.name());
            return read(statement);
        }
    }

    /// All blocks that are active, and these, oldest first.
    public static List<FoundBlock> activeAnd(Connection connection, Set<Long> ids)
            throws SQLException {
        var array = connection.createArrayOf("bigint", ids.toArray());
        try (var statement = connection.prepareStatement(ACTIVE_AND)) {
            statement.setArray(1, array);
            return read(statement);
        } finally {
            array.free();
        }
    }

    public static List<FoundBlock> recent(Connection connection, int limit) throws SQLException {
        try (var statement = connection.prepareStatement(RECENT)) {
            statement.setInt(1, limit);
            return read(statement);
        }
    }

    /// The block of the same scheme before this one that is in the chain: where its round begins.
    public static Optional<FoundBlock> previousInChain(
            Connection connection, String scheme, Position before) throws SQLException {
        try (var statement = connection.prepareStatement(PREVIOUS)) {
            statement.setString(1, scheme);
            before.set(statement, 2);
            return read(statement).stream().findFirst();
        }
    }

    /// Moves a block on and writes its history; false when it is not in the state it was read in, so that of two who
    /// try one succeeds.
    public static boolean move(
            Connection connection,
            FoundBlock block,
            BlockState next,
            int confirmations,
            Instant now,
            String note)
            throws SQLException {
        Check.that(block.state().mayBecome(next), "a block follows its states");
        try (var statement = connection.prepareStatement(MOVE)) {
            statement.setString(1, next.name());
            statement.setInt(2, confirmations);
            statement.setLong(3, block.id());
            statement.setString(4, block.state().name());
            Times.set(statement, 5, now);
            statement.setString(6, note);
            return statement.executeUpdate() == 1;
        }
    }

    /// Notes how deep a block is, which is no step of its history; false when it is not in that state any more.
    public static boolean confirm(Connection connection, FoundBlock block, int confirmations)
            throws SQLException {
        try (var statement = connection.prepareStatement(CONFIRM)) {
            statement.setInt(1, confirmations);
            statement.setLong(2, block.id());
            statement.setString(3, block.state().name());
            return statement.executeUpdate() == 1;
        }
    }

    public static List<Step> history(Connection connection, long blockId) throws SQLException {
        var steps = new ArrayList<Step>();
        try (var statement = connection.prepareStatement(HISTORY)) {
            statement.setLong(1, blockId);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    steps.add(
                            new Step(
                                    rows.getInt(1),
                                    Times.get(rows, 2),
                                    BlockState.valueOf(rows.getString(3)),
                                    rows.getString(4)));
                }
            }
        }
        return steps;
    }

    private static List<FoundBlock> read(PreparedStatement statement) throws SQLException {
        var blocks = new ArrayList<FoundBlock>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                blocks.add(block(rows));
            }
        }
        return blocks;
    }

    private static FoundBlock block(ResultSet rows) throws SQLException {
        return new FoundBlock(
                rows.getLong(1),
                rows.getBytes(2),
                rows.getInt(3),
                new Position(
                        Times.getMicros(rows, 4), rows.getInt(5), rows.getInt(6), rows.getLong(7)),
                rows.getLong(8),
                rows.getString(9),
                rows.getLong(10),
                rows.getString(11),
                rows.getString(12),
                rows.getInt(13),
                rows.getLong(14),
                rows.getLong(15),
                rows.getInt(16),
                rows.getLong(17),
                BlockState.valueOf(rows.getString(18)),
                rows.getInt(19));
    }
}
