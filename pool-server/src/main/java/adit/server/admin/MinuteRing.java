package adit.server.admin;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/// The credited work of each of the last 26 hours' minutes, and hashrates over it.
///
/// **Owner:** the `status` thread.
final class MinuteRing {

    private static final int MINUTES = 26 * 60;
    private static final long SECONDS_PER_MINUTE = 60;

    private final long[] minutes = new long[MINUTES];
    private final BigInteger[] units = new BigInteger[MINUTES];

    MinuteRing() {
        Arrays.fill(units, BigInteger.ZERO);
    }

    static Instant startOf(Instant now, Duration window) {
        return Instant.ofEpochSecond((minuteOf(now) - window.toMinutes()) * SECONDS_PER_MINUTE);
    }

    void put(Instant minute, BigInteger work) {
        int slot = slot(minuteOf(minute));
        minutes[slot] = minuteOf(minute);
        units[slot] = work;
    }

    void add(Instant minute, BigInteger work) {
        put(minute, at(minuteOf(minute)).add(work));
    }

    /// Forgets what is known of these minutes.
    void clear(Instant from, Instant before) {
        for (long minute = minuteOf(from); minute < minuteOf(before); minute++) {
            put(Instant.ofEpochSecond(minute * SECONDS_PER_MINUTE), BigInteger.ZERO);
        }
    }

    /// The hashrate from the beginning of the minute a window ago until now: never less than the window, so that
    /// whole minutes are enough to know it exactly. Time before there was any work is not counted, so that a
    /// young pool is not shown slower than it is.
    ///
    /// @param started when this process began to look
    Hashrate over(Instant now, String name, Duration window, Instant started) {
        var from = startOf(now, window);
        var work = BigInteger.ZERO;
        for (long minute = minuteOf(from); minute <= minuteOf(now); minute++) {
            work = work.add(at(minute));
        }
        var began = firstWork(now, started);
        return Hashrate.of(name, work, Duration.between(began.isAfter(from) ? began : from, now));
    }

    private Instant firstWork(Instant now, Instant started) {
        long first = minuteOf(now) - MINUTES + 1;
        while (first < minuteOf(now) && at(first).signum() == 0) {
            first++;
        }
        var began = Instant.ofEpochSecond(first * SECONDS_PER_MINUTE);
        return minuteOf(started) == first && started.isAfter(began) ? started : began;
    }

    /// Hashes per second in each whole minute of the window, oldest first.
    BigInteger[] perMinute(Instant now, Duration window) {
        var series = new BigInteger[Math.toIntExact(window.toMinutes())];
        for (int i = 0; i < series.length; i++) {
            series[i] =
                    at(minuteOf(now) - series.length + i)
                            .divide(BigInteger.valueOf(SECONDS_PER_MINUTE));
        }
        return series;
    }

    private BigInteger at(long minute) {
        int slot = slot(minute);
        return minutes[slot] == minute ? units[slot] : BigInteger.ZERO;
    }

    private static int slot(long minute) {
        return Math.floorMod(minute, MINUTES);
    }

    private static long minuteOf(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), SECONDS_PER_MINUTE);
    }
}
