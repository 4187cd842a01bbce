package adit.server.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import adit.ledger.postgres.LocalPostgres;
import adit.miner.swarm.Load;
import adit.miner.swarm.LoadResult;
import adit.miner.swarm.Swarm;
import adit.miner.swarm.SwarmSettings;

/// The figures a pool is judged by, measured one after another on one thread.
///
/// Rates and delays are taken on one warm pool, round by round, so that a slow minute of the machine spoils a
/// round of every row and not all rounds of one. Memory, projection and restart have pools of their own.
///
/// **Owner:** the calling thread. **Limits:** every load ends after a fixed time.
public final class StratumBench implements AutoCloseable {

    private static final int SOURCES = 8;
    private static final int FEW = 1_000;
    private static final int MANY = 10_000;
    private static final int MOST = 18_000;
    private static final int BLOCKS_A_ROUND = 5;
    private static final int WARMING_CONNECTS = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(60);
    private static final Duration LONGEST_TIP = Duration.ofSeconds(20);
    private static final double MILLION = 1e6;

    private static final Set<BenchRow> ON_ONE_POOL =
            EnumSet.range(BenchRow.ONE_BY_64, BenchRow.NEW_BLOCK_TO_10000);

    /// What a run is asked to be.
    ///
    /// @param directory on the disk to be measured; what is put there is deleted in the end
    /// @param against another pool that is there already; null for this one
    /// @param user a name the pool takes
    public record Plan(
            Set<BenchRow> rows,
            int rounds,
            Duration each,
            Path directory,
            @Nullable InetSocketAddress against,
            String user,
            List<String> flags) {}

    private final Plan plan;
    private final Cores cores;
    private final BenchReport report;
    private final LongSupplier nanoClock;
    private final NodeDouble node;
    private final ScratchDirectory directory;
    private int pools;

    public StratumBench(Plan plan, Cores cores, BenchReport report, LongSupplier nanoClock)
            throws IOException {
        this.nanoClock = nanoClock;
        this.plan = plan;
        this.cores = cores;
        this.report = report;
        directory = ScratchDirectory.in(plan.directory());
        node = NodeDouble.start(InstantSource.system());
    }

    /// Measures every row of the plan.
    public void run() throws IOException, InterruptedException {
        report.say(cores.describe());
        if (plan.against() != null) {
            report.say("another pool at " + plan.against() + ": rows that need no pool of our own");
            onOnePool(null);
            return;
        }
        if (plan.rows().stream().anyMatch(ON_ONE_POOL::contains)) {
            try (var pool = startPool(BenchPool.Kind.ANY_HASH_IS_A_SHARE, plan.flags())) {
                onOnePool(pool);
            }
        }
        if (wants(BenchRow.PROJECTING)) {
            projecting();
        }
        var hostile = new HostileRows(plan, this::startPool, report, nanoClock);
        for (int round = 0; round < plan.rounds(); round++) {
            if (wants(BenchRow.MEMORY)) {
                memory();
            }
            if (wants(BenchRow.COME_BACK)) {
                comeBack();
            }
            hostile.run();
        }
    }

    @Override
    public void close() throws IOException {
        node.close();
        directory.close();
    }

    private boolean wants(BenchRow row) {
        return plan.rows().contains(row);
    }

    private BenchPool startPool(BenchPool.Kind kind, List<String> flags)
            throws IOException, InterruptedException {
        return startPool(kind, null, flags);
    }

    private BenchPool startPool(
            BenchPool.Kind kind, BenchPool.@Nullable Ledger ledger, List<String> flags)
            throws IOException, InterruptedException {
        var pool =
                new BenchPool(
                        BenchPlace.in(directory.path().resolve("pool-" + ++pools)),
                        node,
                        kind,
                        ledger,
                        cores,
                        flags,
                        nanoClock);
        pool.awaitOpen();
        return pool;
    }

    private void onOnePool(@Nullable BenchPool pool) throws IOException, InterruptedException {
        warmUp(pool);
        for (int round = 0; round < plan.rounds(); round++) {
            rate(pool, BenchRow.ONE_BY_64, 1, 64);
            rate(pool, BenchRow.HUNDRED_BY_4, 100, 4);
            rate(pool, BenchRow.HUNDRED_BY_64, 100, 64);
            rate(pool, BenchRow.THOUSAND_BY_1, FEW, 1);
        }
        for (int round = 0; round < plan.rounds(); round++) {
            acknowledged(pool);
            newBlock(pool);
            many(pool);
        }
    }

    /// Time for the compiler on every path that is measured: shares, new tips, connecting. How a pool does that
    /// has just begun is [BenchRow#COME_BACK].
    private void warmUp(@Nullable BenchPool pool) {
        for (int i = 0; i < WARMING_CONNECTS; i++) {
            try (var swarm = swarm(pool)) {
                swarm.connect(MANY, LONGEST_CONNECT);
            }
        }
        try (var swarm = swarm(pool)) {
            swarm.connect(FEW, LONGEST_CONNECT);
            swarm.run(new Load.Closed(1), WARM_UP);
            if (pool != null) {
                for (int i = 0; i < BLOCKS_A_ROUND; i++) {
                    tell(swarm, new Load.Idle());
                    tell(swarm, new Load.Closed(1));
                }
            }
        }
    }

    private void rate(@Nullable BenchPool pool, BenchRow row, int connections, int outstanding)
            throws IOException, InterruptedException {
        if (!wants(row)) {
            return;
        }
        try (var swarm = swarm(pool)) {
            swarm.connect(connections, LONGEST_CONNECT);
            swarm.run(new Load.Closed(outstanding), SETTLE);
            var before = cpuTime(pool);
            var result = swarm.run(new Load.Closed(outstanding), plan.each());
            var used = cpuTime(pool).minus(before);
            var note = note(pool, result);
            if (pool != null) {
                double micros = used.toNanos() / 1e3 / Math.max(result.accepted(), 1);
                note += ", %.2f µs of core a share".formatted(micros);
            }
            report.add(row, result.acceptedPerSecond(), note);
        }
    }

    private void acknowledged(@Nullable BenchPool pool) throws IOException, InterruptedException {
        if (!wants(BenchRow.ACKNOWLEDGED)) {
            return;
        }
        try (var swarm = swarm(pool)) {
            swarm.connect(FEW, LONGEST_CONNECT);
            var half = halfLoad(swarm);
            swarm.run(half, SETTLE);
            var result = swarm.run(half, plan.each());
            var syncs = pool == null ? SyncTimes.UNKNOWN : pool.syncTimes();
            double p99 = result.latencies().quantileNanos(0.99) / MILLION;
            report.add(BenchRow.ACKNOWLEDGED, p99 - syncs.p99Millis(), note(pool, result));
        }
    }

    private void newBlock(@Nullable BenchPool pool) throws IOException, InterruptedException {
        boolean both = wants(BenchRow.NEW_BLOCK) || wants(BenchRow.NEW_BLOCK_AT_HALF_LOAD);
        if (pool == null || !both) {
            return;
        }
        try (var swarm = swarm(pool)) {
            swarm.connect(FEW, LONGEST_CONNECT);
            for (int i = 0; i < BLOCKS_A_ROUND && wants(BenchRow.NEW_BLOCK); i++) {
                report.add(BenchRow.NEW_BLOCK, tell(swarm, new Load.Idle()), "");
            }
            if (wants(BenchRow.NEW_BLOCK_AT_HALF_LOAD)) {
                var half = halfLoad(swarm);
                for (int i = 0; i < BLOCKS_A_ROUND; i++) {
                    report.add(
                            BenchRow.NEW_BLOCK_AT_HALF_LOAD,
                            tell(swarm, half),
                            pool.syncTimes().toString());
                }
            }
        }
    }

    private void many(@Nullable BenchPool pool) {
        if (!wants(BenchRow.CONNECT) && !wants(BenchRow.NEW_BLOCK_TO_10000)) {
            return;
        }
        try (var swarm = swarm(pool)) {
            var before = cpuTime(pool);
            double seconds = swarm.connect(MANY, LONGEST_CONNECT) / 1e9;
            double micros = cpuTime(pool).minus(before).toNanos() / 1e3 / MANY;
            if (wants(BenchRow.CONNECT)) {
                report.add(
                        BenchRow.CONNECT,
                        seconds,
                        "%.1f µs of core a connection".formatted(micros));
            }
            if (pool != null && wants(BenchRow.NEW_BLOCK_TO_10000)) {
                for (int i = 0; i < BLOCKS_A_ROUND; i++) {
                    report.add(BenchRow.NEW_BLOCK_TO_10000, tell(swarm, new Load.Idle()), "");
                }
            }
        }
    }

    private void projecting() throws IOException, InterruptedException {
        var home = directory.path().resolve("postgres");
        try (var postgres = LocalPostgres.start(home);
                var pool =
                        startPool(
                                BenchPool.Kind.ANY_HASH_IS_A_SHARE,
                                new BenchPool.Ledger(postgres, home.resolve("password")),
                                plan.flags())) {
            try (var swarm = swarm(pool)) {
                swarm.connect(FEW, LONGEST_CONNECT);
                swarm.run(new Load.Closed(1), WARM_UP);
            }
            for (int round = 0; round < plan.rounds(); round++) {
                rate(pool, BenchRow.PROJECTING, FEW, 1);
            }
        }
    }

    private void memory() throws IOException, InterruptedException {
        var flags = new ArrayList<>(plan.flags());
        flags.add("-Xmx128m");
        try (var pool = startPool(BenchPool.Kind.ANY_HASH_IS_A_SHARE, flags);
                var swarm = swarm(pool)) {
            // One connection tells that the pool has started, and a job that it is at work.
            swarm.connect(1, LONGEST_CONNECT);
            long before = pool.residentBytes();
            swarm.connect(MANY, LONGEST_CONNECT);
            swarm.run(new Load.Idle(), SETTLE);
            long after = pool.residentBytes();
            report.add(
                    BenchRow.MEMORY,
                    (after - before) / 1024.0 / MANY,
                    "%d MiB in all".formatted(after >> 20));
        }
    }

    private void comeBack() throws IOException, InterruptedException {
        try (var pool = startPool(BenchPool.Kind.ANY_HASH_IS_A_SHARE, plan.flags());
                var swarm = swarm(pool)) {
            swarm.connect(MOST, LONGEST_CONNECT);
            swarm.run(new Load.Closed(1), SETTLE);
            long killed = nanoClock.getAsLong();
            pool.killAndRestart();
            swarm.awaitLost(LONGEST_TIP);
            swarm.connect(0, LONGEST_CONNECT);
            report.add(BenchRow.COME_BACK, (nanoClock.getAsLong() - killed) / 1e9, "");
        }
    }

    private Swarm swarm(@Nullable BenchPool pool) {
        var address = pool == null ? plan.against() : pool.address();
        if (address == null) {
            throw new BenchFailed("no pool to load");
        }
        var user = pool == null ? plan.user() : BenchPool.user();
        var swarm = Swarm.of(new SwarmSettings(address, user, "x", SOURCES), nanoClock);
        return pool == null ? swarm : swarm.watching(pool::checkAlive);
    }

    /// Half of what 1,000 miners reach with one share each, measured now where it was not before.
    private Load halfLoad(Swarm swarm) {
        double full = report.median(BenchRow.THOUSAND_BY_1);
        if (full == 0) {
            full = swarm.run(new Load.Closed(1), plan.each()).acceptedPerSecond();
        }
        return new Load.Paced(full / 2);
    }

    /// Milliseconds from a new block's announcement until the last miner has read its job.
    private double tell(Swarm swarm, Load load) {
        var announced = new AtomicLong();
        long last =
                swarm.untilTipTold(
                        load,
                        SETTLE,
                        () -> {
                            announced.set(nanoClock.getAsLong());
                            node.newBlock();
                        },
                        LONGEST_TIP);
        return (last - announced.get()) / MILLION;
    }

    private static Duration cpuTime(@Nullable BenchPool pool) {
        return pool == null ? Duration.ZERO : pool.cpuTime();
    }

    private static String note(@Nullable BenchPool pool, LoadResult result)
            throws IOException, InterruptedException {
        var latencies = result.latencies();
        var note =
                "ack p50 %.2f p99 %.2f p99.9 %.2f ms"
                        .formatted(
                                latencies.quantileNanos(0.5) / MILLION,
                                latencies.quantileNanos(0.99) / MILLION,
                                latencies.quantileNanos(0.999) / MILLION);
        if (pool != null) {
            note += ", " + pool.syncTimes();
        }
        if (result.refused() > 0) {
            note += ", %,d refused: %s".formatted(result.refused(), result.firstRefusal());
        }
        return result.lost() > 0 ? note + ", %d connections lost".formatted(result.lost()) : note;
    }
}
