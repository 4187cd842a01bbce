package adit.server.metrics;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// Every meter of the pool, named and described in one place. Worker and miner names are never labels, so
/// the number of series does not grow with the miners.
public final class PoolMetrics {

    private static final double UNITS_PER_DIFFICULTY = 4294967296.0;

    private final MeterRegistry registry;
    private final Counter creditedDifficulty;
    private final Map<String, Counter> submissions = new ConcurrentHashMap<>();
    private final Counter protocolErrors;
    private final Counter blocksFound;
    private final Counter connectionsRefused;

    public PoolMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.creditedDifficulty =
                Counter.builder("adit.shares.credited.difficulty")
                        .description("Sum of the difficulty of accepted shares")
                        .register(registry);
        this.protocolErrors =
                Counter.builder("adit.protocol.errors")
                        .description("Lines from miners that could not be understood")
                        .register(registry);
        this.blocksFound =
                Counter.builder("adit.blocks.found")
                        .description("Headers below the network target")
                        .register(registry);
        this.connectionsRefused =
                Counter.builder("adit.connections.refused")
                        .description("Connections closed at once because there were too many")
                        .register(registry);
    }

    public MeterRegistry registry() {
        return registry;
    }

    public void credited(long difficultyUnits) {
        creditedDifficulty.increment(difficultyUnits / UNITS_PER_DIFFICULTY);
    }

    /// The counter of submissions with this verdict; look it up once and keep it.
    public Counter submissions(String verdict) {
        return submissions.computeIfAbsent(
                verdict,
                v ->
                        Counter.builder("adit.submissions")
                                .description("Submissions judged, by verdict")
                                .tag("verdict", v)
                                .register(registry));
    }

    /// Submissions so far, by verdict.
    public SortedMap<String, Long> submissionsByVerdict() {
        var counts = new TreeMap<String, Long>();
        submissions.forEach((verdict, counter) -> counts.put(verdict, (long) counter.count()));
        return counts;
    }

    /// The work of accepted shares so far, in units of 2^-32 of a difficulty; for display only.
    public BigInteger creditedUnits() {
        return new BigDecimal(creditedDifficulty.count() * UNITS_PER_DIFFICULTY).toBigInteger();
    }

    public void protocolError() {
        protocolErrors.increment();
    }

    public void blockFound() {
        blocksFound.increment();
    }

    public void connectionRefused() {
        connectionsRefused.increment();
    }

    /// Watches how many miners are connected through a listener.
    public void connections(String listener, Supplier<Number> open) {
        Gauge.builder("adit.connections", open)
                .description("Connections of miners")
                .tag("listener", listener)
                .register(registry);
    }

    /// A value read when somebody asks.
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }
}
