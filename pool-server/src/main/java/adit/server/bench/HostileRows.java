package adit.server.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import adit.miner.swarm.ConnectFlood;
import adit.miner.swarm.Load;
import adit.miner.swarm.LoadResult;
import adit.miner.swarm.SlowPeers;
import adit.miner.swarm.Swarm;
import adit.miner.swarm.SwarmSettings;
import adit.server.config.Limits;

/// The rows about strangers who mean no good: what they cost the pool, and whether those who mine feel them.
///
/// Each row has a pool of its own.
///
/// **Owner:** the thread of the bench. **Limits:** every load ends after a fixed time.
final class HostileRows {

    private static final int SOURCES = 8;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(60);
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    private static final int WEAK_MINERS = 100;
    private static final int WEAK_UNANSWERED = 16;

    /// SHA-256 compressions of a share with twelve merkle levels, and of the yardstick's header.
    private static final double COMPRESSIONS_A_SHARE = 45;

    private static final double COMPRESSIONS_A_HEADER = 3;

    private static final int SLOW_PEERS = 5_000;
    private static final int MINERS = 1_000;
    private static final int MIB = 1 << 20;

    private static final int HONEST = 100;
    private static final double HONEST_SHARES_PER_SECOND = 1_000;
    private static final int FLOODING_FROM = 101;
    private static final Duration FLOOD = Duration.ofSeconds(10);

    /// Ten times what their listener wants of each: more would measure the load generator.
    private static final int CHEATERS = 2_000;

    private static final double CHEATERS_SHARES_PER_SECOND = 5_000;
    private static final Duration UNTIL_RAISED = Duration.ofNanos(2 * Limits.SUBMIT_WINDOW_NANOS);

    /// Starts a pool with further words for its JVM.
    interface Pools {
        BenchPool start(BenchPool.Kind kind, List<String> flags)
                throws IOException, InterruptedException;
    }

    private final StratumBench.Plan plan;
    private final Pools pools;
    private final BenchReport report;
    private final LongSupplier nanoClock;

    HostileRows(StratumBench.Plan plan, Pools pools, BenchReport report, LongSupplier nanoClock) {
        this.plan = plan;
        this.pools = pools;
        this.report = report;
        this.nanoClock = nanoClock;
    }

    /// Measures one round of those the plan names.
    void run() throws IOException, InterruptedException {
        if (plan.rows().contains(BenchRow.WEAK_SHARES)) {
            weakShares();
        }
        if (plan.rows().contains(BenchRow.SLOW_PEERS)) {
            slowPeers();
        }
        if (plan.rows().contains(BenchRow.CONNECT_FLOOD)) {
            connectFlood();
        }
        if (plan.rows().contains(BenchRow.MINIMUM_DIFFICULTY)) {
            minimumDifficulty();
        }
    }

    /// A miner none of whose shares is good is soon not read from, so one of sixteen is: what it costs to have
    /// that one durable is counted in.
    private void weakShares() throws IOException, InterruptedException {
        try (var pool = pools.start(BenchPool.Kind.MOST_HASHES_ARE_WEAK, plan.flags());
                var swarm = swarm(pool, pool.address())) {
            swarm.connect(WEAK_MINERS, LONGEST_CONNECT);
            swarm.run(new Load.Closed(WEAK_UNANSWERED), WARM_UP);
            var before = pool.cpuTime();
            var result = swarm.run(new Load.Closed(WEAK_UNANSWERED), plan.each());
            var used = pool.cpuTime().minus(before);
            long shares = result.accepted() + result.refused();
            double micros = used.toNanos() / 1e3 / shares;
            double hashing =
                    COMPRESSIONS_A_SHARE / COMPRESSIONS_A_HEADER * 1e6 / report.hashesPerSecond();
            report.add(
                    BenchRow.WEAK_SHARES,
                    micros - hashing,
                    "%.2f µs with its hashes; %,.0f shares/s, %.1f %% of them weak"
                            .formatted(
                                    micros,
                                    shares * 1e9 / result.nanos(),
                                    100.0 * result.refused() / shares));
        }
    }

    private void slowPeers() throws IOException, InterruptedException {
        var flags = new ArrayList<>(plan.flags());
        flags.add("-Xmx128m");
        try (var pool = pools.start(BenchPool.Kind.ANY_HASH_IS_A_SHARE, flags);
                var miners = swarm(pool, pool.address())) {
            // What it takes to serve anybody at all is no stranger's cost.
            miners.connect(MINERS, LONGEST_CONNECT);
            miners.run(new Load.Closed(1), WARM_UP);
            long before = pool.residentBytes();
            long begun = nanoClock.getAsLong();
            try (var peers = SlowPeers.connect(pool.address(), SLOW_PEERS, SOURCES, nanoClock)) {
                double connected = (nanoClock.getAsLong() - begun) / 1e9;
                peers.goOn(Duration.ofNanos(Limits.FIRST_MESSAGE_NANOS / 2));
                int held = peers.open();
                long after = pool.residentBytes();
                peers.goOn(Duration.ofNanos(2 * Limits.FIRST_MESSAGE_NANOS));
                report.add(
                        BenchRow.SLOW_PEERS,
                        (double) (after - before) / MIB,
                        "%,d held; %d left %.1f s after the first came, the last came after %.1f s"
                                .formatted(
                                        held,
                                        peers.open(),
                                        (nanoClock.getAsLong() - begun) / 1e9,
                                        connected));
            }
        }
    }

    private void connectFlood() throws IOException, InterruptedException {
        try (var pool = pools.start(BenchPool.Kind.OPEN_TO_STRANGERS, plan.flags());
                var swarm = swarm(pool, pool.address());
                var flood = ConnectFlood.of(pool.address(), FLOODING_FROM, SOURCES)) {
            var steady = new Load.Paced(HONEST_SHARES_PER_SECOND);
            swarm.connect(HONEST, LONGEST_CONNECT);
            swarm.run(steady, WARM_UP);
            var idle = pool.cpuTime();
            var before = swarm.run(steady, FLOOD);
            var begun = pool.cpuTime();
            var during = swarm.run(steady, FLOOD, flood::some);
            var more = pool.cpuTime().minus(begun).minus(begun.minus(idle));
            report.add(
                    BenchRow.CONNECT_FLOOD,
                    p99Millis(during),
                    "p99 before %.2f ms; %,.0f connects/s, %.0f µs of core each; %d connections lost"
                            .formatted(
                                    p99Millis(before),
                                    flood.connected() * 1e9 / during.nanos(),
                                    more.toNanos() / 1e3 / Math.max(flood.connected(), 1),
                                    during.lost()));
        }
    }

    private void minimumDifficulty() throws IOException, InterruptedException {
        try (var pool = pools.start(BenchPool.Kind.ANY_HASH_IS_A_SHARE, plan.flags());
                var honest = swarm(pool, pool.address());
                var cheaters = swarm(pool, pool.varyingAddress())) {
            var steady = new Load.Paced(HONEST_SHARES_PER_SECOND);
            honest.connect(HONEST, LONGEST_CONNECT);
            honest.run(steady, WARM_UP);
            cheaters.connect(CHEATERS, LONGEST_CONNECT);
            var used = pool.cpuTime();
            cheaters.beginTurns(new Load.Paced(CHEATERS_SHARES_PER_SECOND));
            var during = honest.run(steady, UNTIL_RAISED, cheaters::turn);
            var begun = cheaters.endTurns();
            used = pool.cpuTime().minus(used);
            cheaters.beginTurns(new Load.Paced(CHEATERS_SHARES_PER_SECOND));
            honest.run(steady, FLOOD, cheaters::turn);
            var raised = cheaters.endTurns();
            report.add(
                    BenchRow.MINIMUM_DIFFICULTY,
                    p99Millis(during),
                    "%,.0f shares/s of theirs at first a minute; then %.1f %% accepted, %.1f a minute each; lost %d; pool's core %.0f %%"
                            .formatted(
                                    begun.acceptedPerSecond(),
                                    100.0
                                            * raised.accepted()
                                            / (raised.accepted() + raised.refused()),
                                    raised.acceptedPerSecond() * 60 / CHEATERS,
                                    during.lost() + begun.lost(),
                                    100.0 * used.toNanos() / during.nanos()));
        }
    }

    private Swarm swarm(BenchPool pool, InetSocketAddress address) {
        return Swarm.of(new SwarmSettings(address, BenchPool.user(), "x", SOURCES), nanoClock)
                .watching(pool::checkAlive);
    }

    private static double p99Millis(LoadResult result) {
        return result.latencies().quantileNanos(0.99) / 1e6;
    }
}
