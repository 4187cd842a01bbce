package adit.ledger.postgres;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The work of one scheme's workers as settlement reads it: minutes newest first, minutes expanded to their shares,
/// sums over an interval.
///
/// A window runs from `newest` (inclusive: the position of a block) back to `after` (exclusive: [Position#START] or the
/// block that ended the last round). Minutes wholly inside it come from the slices. The minutes its ends lie in come
/// from the shares, cut exactly, as long as their day is kept.
///
/// **Limits:** the walk streams, so a caller that stops early has read little; it holds one minute's slices at a time.
/// All of it needs the caller's transaction, for that is what keeps a stream open.
public final class WorkWindow {
    private static final int FETCH_ROWS = 2_000;

    private static final String SLICES =
            """
            SELECT s.account_id, s.worker_id, w.fee_bps, s.nbits, s.subsidy_sats, s.difficulty_units, s.shares,
                   s.first_time, s.server_id, s.epoch, s.first_sequence,
                   s.last_time, s.server_id, s.epoch, s.last_sequence,
                   s.minute
            FROM pool.slice s JOIN pool.worker_terms w ON w.id = s.worker_id
            WHERE w.scheme = ? AND s.minute <= ? AND s.minute >= ?
            ORDER BY s.minute DESC, s.last_time DESC, s.server_id DESC, s.epoch DESC, s.last_sequence DESC
            """;
    private static final String FROM_SHARES =
            """
            FROM pool.share s
            JOIN pool.worker_terms w ON w.id = s.worker_id
            JOIN pool.job j ON j.id = s.job_id
            WHERE s.time >= ? AND s.time < ? AND w.scheme = ? AND s.class <> 1
              AND (s.time, s.server_id, s.epoch, s.sequence) <= (?, ?, ?, ?)
              AND (s.time, s.server_id, s.epoch, s.sequence) > (?, ?, ?, ?)
            """;
    private static final String SUMMED_SHARES =
            """
            SELECT s.account_id, s.worker_id, w.fee_bps, j.nbits, j.subsidy_sats, s.difficulty_units, count(*),
                   min(s.time), s.server_id, s.epoch, min(s.sequence),
                   max(s.time), s.server_id, s.epoch, max(s.sequence)
            """
                    + FROM_SHARES
                    + """
                    GROUP BY s.account_id, s.worker_id, w.fee_bps, j.nbits, j.subsidy_sats, s.difficulty_units,
                             s.server_id, s.epoch
                    ORDER BY max(s.time) DESC, s.server_id DESC, s.epoch DESC, max(s.sequence) DESC
                    """;
    private static final String SINGLE_SHARES =
            """
            SELECT s.account_id, s.worker_id, w.fee_bps, j.nbits, j.subsidy_sats, s.difficulty_units, 1,
                   s.time, s.server_id, s.epoch, s.sequence,
                   s.time, s.server_id, s.epoch, s.sequence
            """
                    + FROM_SHARES
                    + """
                    ORDER BY s.time DESC, s.server_id DESC, s.epoch DESC, s.sequence DESC
                    """;
    private static final String SHARES_KEPT = "SELECT pool.shares_kept(?)";
    private static final String FIRST_MINUTE =
            """
            SELECT min(s.minute)
            FROM pool.slice s JOIN pool.worker_terms w ON w.id = s.worker_id
            WHERE w.scheme = ? AND s.minute >= ? AND s.minute < ?
            """;
    private static final String INTERVAL =
            """
            SELECT s.account_id, w.fee_bps, s.nbits, s.subsidy_sats, s.difficulty_units, sum(s.shares)
            FROM pool.slice s JOIN pool.worker_terms w ON w.id = s.worker_id
            WHERE w.scheme = ? AND s.minute >= ? AND s.minute < ?
            GROUP BY s.account_id, w.fee_bps, s.nbits, s.subsidy_sats, s.difficulty_units
            ORDER BY 1, 2, 3, 4, 5
            """;

    /// The work of one UTC minute, newest first. Where an end of the window lies in it and its shares are gone, it is
    /// whole and not exact.
    public record Minute(Instant minute, boolean isExact, List<Work> work) {}

    /// An account's work over an interval, per what a fixed price depends on.
    public record IntervalWork(
            long accountId,
            int feeBps,
            int nBits,
            long subsidySats,
            long difficultyUnits,
            BigInteger shares) {}

    private final String scheme;
    private final Position newest;
    private final Position after;

    public WorkWindow(String scheme, Position newest, Position after) {
        Check.that(after.compareTo(newest) < 0, "a window ends after it begins");
        this.scheme = scheme;
        this.newest = newest;
        this.after = after;
    }

    /// The window from a block back to the block before it that is in the chain and of the same scheme.
    public static WorkWindow round(Connection connection, FoundBlock block) throws SQLException {
        var previous = Blocks.previousInChain(connection, block.scheme(), block.position());
        return new WorkWindow(
                block.scheme(),
                block.position(),
                previous.map(FoundBlock::position).orElse(Position.START));
    }

    /// Shows the minutes newest first, until `visitor` answers that it needs no more.
    public void minutes(Connection connection, Predicate<Minute> visitor) throws SQLException {
        Check.that(!connection.getAutoCommit(), "a walk needs a transaction of the caller's");
        try (var statement = connection.prepareStatement(SLICES)) {
            statement.setFetchSize(FETCH_ROWS);
            statement.setString(1, scheme);
            Times.setMicros(statement, 2, Times.minuteOf(newest.timeMicros()));
            Times.setMicros(statement, 3, Times.minuteOf(after.timeMicros()));
            try (var rows = statement.executeQuery()) {
                boolean more = rows.next();
                while (more) {
                    Instant minute = Times.get(rows, 16);
                    var slices = new ArrayList<Work>();
                    do {
                        slices.add(work(rows));
                        more = rows.next();
                    } while (more && Times.get(rows, 16).equals(minute));
                    var cut = cut(connection, minute, slices);
                    if (!cut.work.isEmpty() && !visitor.test(cut)) {
                        return;
                    }
                }
            }
        }
    }

    /// Shows the shares of one minute in exact order, newest first, until `visitor` answers that it needs no more.
    /// False where they are not kept any more: nothing was shown, the minute has to be taken pro rata.
    public boolean shares(Connection connection, Instant minute, Predicate<Work> visitor)
            throws SQLException {
        Check.that(!connection.getAutoCommit(), "a walk needs a transaction of the caller's");
        if (!areSharesKept(connection, minute)) {
            return false;
        }
        try (var statement = connection.prepareStatement(SINGLE_SHARES)) {
            statement.setFetchSize(FETCH_ROWS);
            setBounds(statement, minute);
            try (var rows = statement.executeQuery()) {
                boolean isWanted = true;
                while (isWanted && rows.next()) {
                    isWanted = visitor.test(work(rows));
                }
            }
        }
        return true;
    }

    /// The first minute from `from` to before `to` in which a scheme's workers worked.
    public static Optional<Instant> firstMinute(
            Connection connection, String scheme, Instant from, Instant to) throws SQLException {
        try (var statement = connection.prepareStatement(FIRST_MINUTE)) {
            statement.setString(1, scheme);
            Times.set(statement, 2, from);
            Times.set(statement, 3, to);
            try (var rows = statement.executeQuery()) {
                Check.that(rows.next(), "a minimum is one row");
                return Times.find(rows, 1);
            }
        }
    }

    /// The sums of an interval of whole minutes; what a scheme with a fixed price pays for.
    public static List<IntervalWork> interval(
            Connection connection, String scheme, Instant from, Instant to) throws SQLException {
        Check.that(isWholeMinute(from) && isWholeMinute(to), "slices are whole minutes");
        var sums = new ArrayList<IntervalWork>();
        try (var statement = connection.prepareStatement(INTERVAL)) {
            statement.setString(1, scheme);
            Times.set(statement, 2, from);
            Times.set(statement, 3, to);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    sums.add(
                            new IntervalWork(
                                    rows.getLong(1),
                                    rows.getInt(2),
                                    rows.getInt(3),
                                    rows.getLong(4),
                                    rows.getLong(5),
                                    rows.getBigDecimal(6).toBigIntegerExact()));
                }
            }
        }
        return sums;
    }

    private Minute cut(Connection connection, Instant minute, List<Work> slices)
            throws SQLException {
        long micros = Times.micros(minute);
        boolean isWhole =
                micros < Times.minuteOf(newest.timeMicros())
                        && micros > Times.minuteOf(after.timeMicros());
        if (isWhole) {
            return new Minute(minute, true, slices);
        }
        if (!areSharesKept(connection, minute)) {
            return new Minute(minute, false, slices);
        }
        var work = new ArrayList<Work>();
        try (var statement = connection.prepareStatement(SUMMED_SHARES)) {
            setBounds(statement, minute);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    work.add(work(rows));
                }
            }
        }
        return new Minute(minute, true, work);
    }

    private void setBounds(PreparedStatement statement, Instant minute) throws SQLException {
        long micros = Times.micros(minute);
        Times.setMicros(statement, 1, micros);
        Times.setMicros(statement, 2, Times.nextMinute(micros));
        statement.setString(3, scheme);
        newest.set(statement, 4);
        after.set(statement, 8);
    }

    private static boolean areSharesKept(Connection connection, Instant minute)
            throws SQLException {
        try (var statement = connection.prepareStatement(SHARES_KEPT)) {
            Times.set(statement, 1, minute);
            try (var rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    private static boolean isWholeMinute(Instant instant) {
        return instant.getNano() == 0 && instant.getEpochSecond() % 60 == 0;
    }

    private static Work work(ResultSet rows) throws SQLException {
        return new Work(
                rows.getLong(1),
                rows.getLong(2),
                rows.getInt(3),
                rows.getInt(4),
                rows.getLong(5),
                rows.getLong(6),
                rows.getLong(7),
                Position.read(rows, 8),
                Position.read(rows, 12));
    }
}
