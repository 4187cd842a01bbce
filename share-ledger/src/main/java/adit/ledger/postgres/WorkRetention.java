package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/// Forgetting single shares, a UTC day at a time, and their jobs; making days of minutes; and what tells how far back
/// either may still be asked for.
///
/// Of shares only the two minutes are ever asked for that a payout window ends in. The work of an account stays, by day.
public final class WorkRetention {
    private static final String DROP_SHARES = "SELECT pool.drop_shares_before(?)";
    // Whoever waits for this lock holds up all who come later, the projector among them.
    private static final String SHORT_WAIT = "SET LOCAL lock_timeout = '2s'";
    private static final String DROP_JOBS = "SELECT pool.drop_jobs_before(?, ?)";
    private static final String OLDEST_MINUTE = "SELECT min(minute) FROM pool.slice";
    private static final String SUM_MINUTES = "SELECT pool.sum_slices_before(?)";
    private static final String OLDEST_UNPAID =
            """
            SELECT min(b.time) FROM pool.block b
            WHERE (b.state <> 'ORPHANED' OR b.time >= ?)
              AND NOT EXISTS (SELECT FROM pool.distribution d WHERE d.block_id = b.id)
            """;
    private static final String ROUND_BEGINS =
            """
            SELECT max(b.time) FILTER (WHERE b.state = 'MATURE'), min(b.time)
            FROM pool.block b JOIN pool.worker_terms w ON w.id = b.worker_id
            WHERE w.scheme = ? AND b.time < ?
            """;
    private static final String DAYS =
            """
            SELECT (s.minute AT TIME ZONE 'UTC')::date AS day, s.nbits, s.difficulty_units, sum(s.shares)
            FROM pool.slice s JOIN pool.worker_terms w ON w.id = s.worker_id
            WHERE w.scheme = ? AND s.minute < date_trunc('minute', ?::timestamptz)
            GROUP BY day, s.nbits, s.difficulty_units
            ORDER BY day DESC
            """;

    private WorkRetention() {}

    /// Equal shares of one day.
    public record DayWork(LocalDate day, int nBits, long difficultyUnits, long shares) {}

    /// Forgets the shares of all days before this one; answers how many days that were. Inside the caller's
    /// transaction, which fails if others use the shares for long.
    public static int dropSharesBefore(Connection connection, LocalDate firstKept)
            throws SQLException {
        Check.that(!connection.getAutoCommit(), "the short wait needs a transaction");
        try (var wait = connection.createStatement();
                var statement = connection.prepareStatement(DROP_SHARES)) {
            wait.execute(SHORT_WAIT);
            statement.setObject(1, firstKept);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    /// Forgets jobs that nothing needs but shares of days before this one, at most `most`; answers how many, and 0 when
    /// none is left.
    public static int dropJobsBefore(Connection connection, LocalDate firstKept, int most)
            throws SQLException {
        try (var statement = connection.prepareStatement(DROP_JOBS)) {
            statement.setObject(1, firstKept);
            statement.setInt(2, most);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    /// The oldest minute that is not part of the sum of its day.
    public static Optional<Instant> oldestMinute(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(OLDEST_MINUTE);
                var rows = statement.executeQuery()) {
            rows.next();
            return Times.find(rows, 1);
        }
    }

    /// Makes sums of days of the minutes before this day; nobody finds them by the minute any more.
    public static void sumMinutesBefore(Connection connection, LocalDate firstKept)
            throws SQLException {
        try (var statement = connection.prepareStatement(SUM_MINUTES)) {
            statement.setObject(1, firstKept);
            statement.execute();
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

    /// When blocks of a scheme were found at which rounds to come may begin; absent where there is none.
    ///
    /// @param newestMature the newest that can't leave the chain any more: no round to come begins before it
    /// @param oldest the first of all
    public record Rounds(@Nullable Instant newestMature, @Nullable Instant oldest) {}

    /// Of the blocks found before `before`.
    public static Rounds rounds(Connection connection, String scheme, Instant before)
            throws SQLException {
        try (var statement = connection.prepareStatement(ROUND_BEGINS)) {
            statement.setString(1, scheme);
            Times.set(statement, 2, before);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return new Rounds(
                        Times.find(rows, 1).orElse(null), Times.find(rows, 2).orElse(null));
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
