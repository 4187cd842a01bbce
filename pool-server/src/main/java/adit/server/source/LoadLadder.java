package adit.server.source;

import java.util.Arrays;

import adit.server.config.Limits;

/// How much the pool has to do, as a level that rises at once and falls when nothing has asked for it for
/// two seconds.
///
/// | level | from |
/// |---|---|
/// | `EASED` | a quarter of the records that may be in flight, the p99 of commits or a loop's delay over 20 ms |
/// | `SELECTIVE` | half of those records, or a loop's delay over 100 ms |
/// | `CLOSED` | three quarters of them, memory over 85 %, or open files over 90 % |
/// | `STOPPED` | the journal cannot be written |
///
/// **Owner:** the thread that measures; [#level] may be read from any.
public final class LoadLadder {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long EASED_NANOS = 20 * NANOS_PER_MILLI;
    private static final long SELECTIVE_NANOS = 100 * NANOS_PER_MILLI;
    private static final int MOST_MEMORY_PERCENT = 85;
    private static final int MOST_FILES_PERCENT = 90;
    private static final long HOLD_NANOS = 2_000_000_000;

    /// What was measured at one moment; as text it is what the log says of it.
    ///
    /// @param commitNanos the p99 of the journal's latest commits
    /// @param loopDelayNanos how late the slowest event loop begins what is asked of it, by the median of two seconds
    /// @param memoryPercent of the heap after its last collection or of direct memory, whichever is fuller
    public record Load(
            int recordsInFlight,
            long commitNanos,
            long loopDelayNanos,
            int memoryPercent,
            int filesPercent,
            boolean isWritable) {

        LoadLevel level() {
            if (!isWritable) {
                return LoadLevel.STOPPED;
            }
            int flightPercent = (int) (100L * recordsInFlight / Limits.RECORDS_IN_FLIGHT);
            if (flightPercent > 75
                    || memoryPercent > MOST_MEMORY_PERCENT
                    || filesPercent > MOST_FILES_PERCENT) {
                return LoadLevel.CLOSED;
            }
            if (flightPercent > 50 || loopDelayNanos > SELECTIVE_NANOS) {
                return LoadLevel.SELECTIVE;
            }
            boolean slow = commitNanos > EASED_NANOS || loopDelayNanos > EASED_NANOS;
            return flightPercent > 25 || slow ? LoadLevel.EASED : LoadLevel.NORMAL;
        }

        @Override
        public String toString() {
            return "%d records in flight, a commit %d ms, a loop %d ms late, memory %d %%, open files %d %%%s"
                    .formatted(
                            recordsInFlight,
                            commitNanos / NANOS_PER_MILLI,
                            loopDelayNanos / NANOS_PER_MILLI,
                            memoryPercent,
                            filesPercent,
                            isWritable ? "" : ", the journal cannot be written");
        }
    }

    private final LoadLevel[] levels = LoadLevel.values();
    private final long[] askedNanos = new long[levels.length];
    private volatile LoadLevel level = LoadLevel.NORMAL;

    public LoadLadder(long nowNanos) {
        Arrays.fill(askedNanos, nowNanos - HOLD_NANOS);
    }

    public LoadLevel level() {
        return level;
    }

    /// Whether nobody new may come in.
    public boolean isClosed() {
        return level.compareTo(LoadLevel.CLOSED) >= 0;
    }

    /// Takes a measurement into account; called every 100 ms.
    public LoadLevel measured(Load load, long nowNanos) {
        var asked = load.level();
        var held = LoadLevel.NORMAL;
        for (int i = 0; i < levels.length; i++) {
            if (levels[i].compareTo(asked) <= 0) {
                askedNanos[i] = nowNanos;
            }
            if (nowNanos - askedNanos[i] < HOLD_NANOS) {
                held = levels[i];
            }
        }
        level = held;
        return held;
    }
}
