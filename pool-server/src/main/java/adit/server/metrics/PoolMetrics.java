package adit.server.metrics;

import java.util.List;
import java.util.Map;
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
    }

    public MeterRegistry registry() {
        return registry;
    }

    public void credited(long difficultyUnits) {
        creditedDifficulty.increment(difficultyUnits / UNITS_PER_DIFFICULTY);
    }

    /// The sum of the difficulty of accepted shares since the start.
    public double creditedDifficulty() {
        return creditedDifficulty.count();
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

    public void protocolError() {
        protocolErrors.increment();
    }

    public void blockFound() {
        blocksFound.increment();
    }

    /// A value read when somebody asks.
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /// The share of a listener's connections now open, and the like.
    public void gauge(String name, String description, List<String> tag, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .tag(tag.get(0), tag.get(1))
                .register(registry);
    }
}
