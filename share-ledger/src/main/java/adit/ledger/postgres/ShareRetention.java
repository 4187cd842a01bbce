package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Predicate;

/// Forgetting single shares, a UTC day at a time, and what tells how far back they may still be asked for.
///
/// Sums stay: only the two minutes a payout window ends in are ever expanded to shares.
public final class ShareRetention {
    private static final String HAS_BEFORE =
            """
            SELECT EXISTS (
                SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                WHERE i.inhparent = 'pool.share'::regclass AND c.relname < pool.share_partition(?)
            )
            """;
    private static final String DROP_BEFORE = "SELECT pool.drop_shares_before(?)";
    // Whoever waits for this lock holds up all who come later, the projector among them.
    private static final String SHORT_WAIT = "SET LOCAL lock_timeout = '2s'";
    private static final String OLDEST_UNPAID =
            """
            SELECT min(b.time) FROM pool.block b
            WHERE (b.state NOT IN ('ORPHANED', 'REJECTED') OR b.time >= ?)
              AND NOT EXISTS (SELECT FROM pool.distribution d WHERE d.block_id = b.id)
            """;
    private static final String NEWEST_MATURE =
            """
            SELECT max(b.time) FROM pool.block b JOIN pool.worker_terms w ON w.id = b.worker_id
            WHERE w.scheme = ? AND b.state = 'MATURE' AND b.time < ?
            """;
    private static final String DAYS =
            """
            SELECT (s.minute AT TIME ZONE 'UTC')::date AS day, s.nbits, s.difficulty_units, sum(s.shares)
            FROM pool.slice s JOIN pool.worker_terms w ON w.id = s.worker_id
            WHERE w.scheme = ? AND s.minute < date_trunc('minute', ?::timestamptz)
            GROUP BY day, s.nbits, s.difficulty_units
            ORDER BY day DESC
            """;

    private ShareRetention() {}

    /// Equal shares of one day.
    public record DayWork(LocalDate day, int nBits, long difficultyUnits, long shares) {}

    /// Whether shares of days before this one are kept.
    public static boolean hasSharesBefore(Connection connection, LocalDate day)
            throws SQLException {
        try (var statement = connection.prepareStatement(HAS_BEFORE)) {
            statement.setObject(1, day);
            try (var rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    /// Forgets the shares of all days before this one; answers how many days that were. Inside the caller's
    /// transaction, which fails if others use the shares for long.
    public static int dropBefore(Connection connection, LocalDate firstKept) throws SQLException {
        Check.that(!connection.getAutoCommit(), "the short wait needs a transaction");
        try (var wait = connection.createStatement();
                var statement = connection.prepareStatement(DROP_BEFORE)) {
            wait.execute(SHORT_WAIT);
            statement.setObject(1, firstKept);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    /// When the oldest block was found that nothing is shared out of yet; of those that left the chain only the ones
    /// found since `watched`, which may come back.
    public static Optional<Instant> oldestUnpaidBlock(Connection connection, Instant watched)
            throws SQLException {
        try (var statement = connection.prepareStatement(OLDEST_UNPAID)) {
            Times.set(statement, 1, watched);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return Times.find(rows, 1);
            }
        }
    }

    /// When the newest block of this scheme before `before` was found that can't leave the chain any more.
    public static Optional<Instant> newestMatureBlock(
            Connection connection, String scheme, Instant before) throws SQLException {
        try (var statement = connection.prepareStatement(NEWEST_MATURE)) {
            statement.setString(1, scheme);
            Times.set(statement, 2, before);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return Times.find(rows, 1);
            }
        }
    }

    /// Shows the work of a scheme before the minute of `before`, newest day first, until `visitor` answers that it
    /// needs no more.
    public static void days(
            Connection connection, String scheme, Instant before, Predicate<DayWork> visitor)
            throws SQLException {
        try (var statement = connection.prepareStatement(DAYS)) {
            statement.setString(1, scheme);
            Times.set(statement, 2, before);
            try (var rows = statement.executeQuery()) {
                boolean isWanted = true;
                while (isWanted && rows.next()) {
                    isWanted =
                            visitor.test(
                                    new DayWork(
                                            rows.getObject(1, LocalDate.class),
                                            rows.getInt(2),
                                            rows.getLong(3),
                                            rows.getLong(4)));
                }
            }
        }
    }
}
