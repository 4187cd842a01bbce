package adit.server.metrics;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;

/// Every meter of the pool, named and described in one place. Worker and miner names are never labels, so
/// the number of series does not grow with the miners; names from the configuration are.
///
/// What is counted has a method to call; what somebody knows already is watched, and read when asked for.
public final class PoolMetrics implements AutoCloseable {

    private static final double UNITS_PER_DIFFICULTY = 4294967296.0;
    private static final double[] SHOWN_QUANTILES = {0.5, 0.99};

    private final MeterRegistry registry;
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Counter creditedDifficulty;
    private final Map<String, Counter> submissions = new ConcurrentHashMap<>();
    private final Map<String, Counter> proposals = new HashMap<>();
    private final Counter protocolErrors;
    private final Counter blocksFound;
    private final Timer journalCommit;
    private final DistributionSummary journalCommitRecords;
    private final RecentTimes recentCommits = new RecentTimes(200);
    private final Timer tipNotify;
    private final Timer loopDelay;

    public PoolMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.creditedDifficulty =
                counter(
                        "adit.shares.credited.difficulty",
                        "Sum of the difficulty of accepted shares");
        this.protocolErrors =
                counter("adit.protocol.errors", "Lines from miners that could not be understood");
        for (var answer : List.of("valid", "invalid", "outdated", "not_checked")) {
            proposals.put(
                    answer,
                    Counter.builder("adit.template.proposals")
                            .description("Templates proposed to their own node, by its answer")
                            .tag("answer", answer)
                            .register(registry));
        }
        this.blocksFound = counter("adit.blocks.found", "Headers below the network target");
        this.journalCommit =
                timer(
                        "adit.journal.commit",
                        "How long one write to the journal and its sync took; replies wait for it");
        this.journalCommitRecords =
                DistributionSummary.builder("adit.journal.commit.records")
                        .description("Records that one sync of the journal made durable")
                        .publishPercentiles(SHOWN_QUANTILES)
                        .register(registry);
        this.tipNotify =
                timer(
                        "adit.tip.notify",
                        "From the first job on a new tip to the last miner of an event loop told");
        this.loopDelay =
                timer("adit.loop.delay", "How late an event loop begins what is asked of it");
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

    /// What a node said of the block we would make of its template.
    public void proposal(String answer) {
        Objects.requireNonNull(proposals.get(answer)).increment();
    }

    /// The counter of connections closed at the accept for this reason.
    public Counter connectionsRefused(String reason) {
        return Counter.builder("adit.connections.refused")
                .description("Connections closed at the accept, by reason")
                .tag("reason", reason)
                .register(registry);
    }

    /// The counter of connections that the pool closed later for this reason.
    public Counter connectionsClosed(String reason) {
        return Counter.builder("adit.connections.closed")
                .description("Connections that had been let in and that the pool closed, by reason")
                .tag("reason", reason)
                .register(registry);
    }

    /// The counter of sources kept out for this reason.
    public Counter penalties(String reason) {
        return Counter.builder("adit.penalties")
                .description("Times a source was kept out for a while, by reason")
                .tag("reason", reason)
                .register(registry);
    }

    /// One commit of the journal, as its observer is told.
    public void journalCommit(int records, int bytes, long nanos) {
        journalCommit.record(nanos, TimeUnit.NANOSECONDS);
        journalCommitRecords.record(records);
        recentCommits.note(nanos);
    }

    /// The p99 of the latest commits, which is no meter.
    public long commitP99Nanos() {
        return recentCommits.percentile(99);
    }

    /// All miners of an event loop were told of a new tip.
    public void tipTold(long nanos) {
        tipNotify.record(nanos, TimeUnit.NANOSECONDS);
    }

    public void loopDelay(long nanos) {
        loopDelay.record(nanos, TimeUnit.NANOSECONDS);
    }

    public void watchLoad(Supplier<Number> level) {
        watch(
                "adit.load.level",
                "How much the pool has to do: 0 normal, 1 fewer shares, 2 costly connections wait,"
                        + " 3 no new ones, 4 stopped",
                level);
    }

    public void watchSources(Supplier<Number> known) {
        watch("adit.sources", "Addresses and IPv6 subnets that are remembered", known);
    }

    public void watchConnections(String listener, Supplier<Number> open) {
        watch("adit.connections", "Connections of miners", "listener", listener, open);
    }

    public void watchCertificate(Supplier<Number> secondsLeft) {
        Gauge.builder("adit.certificate.expiry", secondsLeft)
                .description("How long the TLS certificate is still valid; NaN without one")
                .baseUnit("seconds")
                .register(registry);
    }

    public void watchJournal(
            Supplier<Number> recordsInFlight,
            Supplier<Number> durableSequence,
            BooleanSupplier isWritable) {
        watch(
                "adit.journal.records.in.flight",
                "Records handed to the journal and not yet durable",
                recordsInFlight);
        watch(
                "adit.journal.durable.sequence",
                "The newest durable record of this epoch",
                durableSequence);
        watch(
                "adit.journal.writable",
                "1 while the journal takes records; 0 lets miners go until the next start",
                flag(isWritable));
    }

    public void watchDrain(BooleanSupplier isDraining) {
        watch(
                "adit.draining",
                "1 while no new connections are taken and miners are let go",
                flag(isDraining));
    }

    public void watchLedger(
            Supplier<Number> waitingRecords, BooleanSupplier isInTrouble, BooleanSupplier leads) {
        watch(
                "adit.projector.lag.records",
                "Durable records that are not in the database yet, as last seen",
                waitingRecords);
        watch(
                "adit.database.trouble",
                "1 while records do not reach the database; shares are taken all the same",
                flag(isInTrouble));
        watch("adit.settler.leads", "1 on the one server that settles", flag(leads));
    }

    public void watchBlocks(String state, Supplier<Number> count) {
        watch("adit.blocks", "Blocks of the whole pool by state", "state", state, count);
    }

    public void watchNode(String node, BooleanSupplier isReady, Supplier<Number> height) {
        watch(
                "adit.node.ready",
                "1 while the node is well and has a template",
                "node",
                node,
                flag(isReady));
        watch("adit.node.height", "Height of the node's tip, -1 if unknown", "node", node, height);
    }

    /// The height mined and how many blocks it lies behind the best node.
    public void watchHeight(Supplier<Number> mined, Supplier<Number> behind) {
        watch("adit.job.height", "Height that is mined, -1 without a job", mined);
        watch(
                "adit.job.behind.blocks",
                "Blocks that the job lies behind the highest node that is well",
                behind);
    }

    public void watchTemplate(Supplier<Number> ageSeconds) {
        Gauge.builder("adit.template.age", ageSeconds)
                .description("Age of the template that is mined; NaN without one")
                .baseUnit("seconds")
                .register(registry);
    }

    /// Watches the JVM and its process.
    public void watchProcess() {
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    @Override
    public void close() {
        collections.close();
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .publishPercentiles(SHOWN_QUANTILES)
                .register(registry);
    }

    private void watch(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    private void watch(
            String name, String description, String label, String of, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).tag(label, of).register(registry);
    }

    private static Supplier<Number> flag(BooleanSupplier isSet) {
        return () -> isSet.getAsBoolean() ? 1 : 0;
    }
}
