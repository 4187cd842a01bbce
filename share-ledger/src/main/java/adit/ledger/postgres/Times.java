package adit.ledger.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Points in time as the database keeps them: whole microseconds, UTC.
final class Times {
    private static final long MICROS_PER_MINUTE = 60_000_000;
    private static final long MICROS_PER_DAY = 24 * 60 * MICROS_PER_MINUTE;

    private Times() {}

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant ofMicros(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static long minuteOf(long micros) {
        return Math.floorDiv(micros, MICROS_PER_MINUTE) * MICROS_PER_MINUTE;
    }

    static long nextMinute(long minuteMicros) {
        return minuteMicros + MICROS_PER_MINUTE;
    }

    /// Days since 1970-01-01 UTC.
    static long dayOf(long micros) {
        return Math.floorDiv(micros, MICROS_PER_DAY);
    }

    static void set(PreparedStatement statement, int index, Instant instant) throws SQLException {
        statement.setObject(index, OffsetDateTime.ofInstant(instant, ZoneOffset.UTC));
    }

    static void setMicros(PreparedStatement statement, int index, long micros) throws SQLException {
        set(statement, index, ofMicros(micros));
    }

    static Instant get(ResultSet rows, int column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class).toInstant();
    }

    /// Empty where the column is null.
    static Optional<Instant> find(ResultSet rows, int column) throws SQLException {
        return Optional.ofNullable(rows.getObject(column, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
    }

    static long getMicros(ResultSet rows, int column) throws SQLException {
        return micros(get(rows, column));
    }
}
