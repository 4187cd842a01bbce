package adit.server.settle;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import adit.ledger.postgres.Position;

/// Points in time as positions have them: microseconds since 1970.
final class Times {
    /// No server has it, so a position with it is compared by time alone.
    private static final int NO_SERVER = -1;

    private Times() {}

    static Instant ofMicros(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /// Where an interval begins or ends, as it is stored.
    static Position begin(Instant instant) {
        return new Position(micros(instant), 0, 0, 0);
    }

    /// What a cursor has passed when every record before this instant is stored.
    static Position before(Instant instant) {
        return new Position(micros(instant), NO_SERVER, 0, 0);
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
