package adit.server;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

import adit.server.channel.Verdict;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;

/// The line that says every few minutes that miners are served, and how many.
///
/// **Owner:** the `jobs` thread.
final class Summary {

    static final Duration INTERVAL = Duration.ofMinutes(5);

    private static final String ACCEPTED = Verdict.ACCEPTED.name().toLowerCase(Locale.ROOT);
    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E", "Z"};
    private static final double STEP = 1000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final PoolMetrics metrics;
    private final IntSupplier connections;
    private final EventLog events;
    private final LongSupplier nanoClock;
    private long lastNanos;
    private long lastAccepted;
    private long lastRefused;
    private BigInteger lastUnits = BigInteger.ZERO;

    Summary(PoolMetrics metrics, IntSupplier connections, EventLog events, LongSupplier nanoClock) {
        this.metrics = metrics;
        this.connections = connections;
        this.events = events;
        this.nanoClock = nanoClock;
        this.lastNanos = nanoClock.getAsLong();
    }

    /// Tells what happened since the last time.
    void tell() {
        long now = nanoClock.getAsLong();
        var verdicts = metrics.submissionsByVerdict();
        long accepted = verdicts.getOrDefault(ACCEPTED, 0L);
        long refused = verdicts.values().stream().mapToLong(n -> n).sum() - accepted;
        var units = metrics.creditedUnits();
        double hashes = units.subtract(lastUnits).doubleValue();
        events.summary(
                connections.getAsInt(),
                accepted - lastAccepted,
                refused - lastRefused,
                hashrate(hashes * NANOS_PER_SECOND / Math.max(1, now - lastNanos)));
        lastNanos = now;
        lastAccepted = accepted;
        lastRefused = refused;
        lastUnits = units;
    }

    /// In the unit that leaves one to three digits before the point.
    static String hashrate(double hashesPerSecond) {
        double shown = hashesPerSecond;
        int prefix = 0;
        while (shown >= STEP && prefix < PREFIXES.length - 1) {
            shown /= STEP;
            prefix++;
        }
        return String.format(Locale.ROOT, "%.2f %sH/s", shown, PREFIXES[prefix]);
    }
}
