package adit.server;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.function.LongSupplier;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;

import adit.ledger.journal.ShareJournal;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;
import adit.server.net.EventLoops;
import adit.server.session.v1.V1Loop;
import adit.server.source.LoadLadder;

/// Measures how much the pool has to do, and tells the event loops and the operator when that is another
/// level.
///
/// **Owner:** the `jobs` thread.
final class LoadWatch {

    static final Duration INTERVAL = Duration.ofMillis(100);
    private static final int PERCENT = 100;

    /// To count open files the system lists them: ten milliseconds where ten thousand miners are connected.
    private static final int LOOKS_A_COUNT_OF_FILES = 20;

    private final ShareJournal journal;
    private final EventLoops<V1Loop> loops;
    private final StratumWatch delays;
    private final LoadLadder ladder;
    private final PoolMetrics metrics;
    private final EventLog events;
    private final LongSupplier nanoClock;
    private int looks;
    private int filesPercent;

    LoadWatch(
            ShareJournal journal,
            EventLoops<V1Loop> loops,
            StratumWatch delays,
            LoadLadder ladder,
            PoolMetrics metrics,
            EventLog events,
            LongSupplier nanoClock) {
        this.journal = journal;
        this.loops = loops;
        this.delays = delays;
        this.ladder = ladder;
        this.metrics = metrics;
        this.events = events;
        this.nanoClock = nanoClock;
    }

    /// Measures once; what changes is told.
    void look() {
        if (looks++ % LOOKS_A_COUNT_OF_FILES == 0) {
            filesPercent = (int) (OpenFiles.open() * PERCENT / OpenFiles.most());
        }
        delays.probe(loops);
        var before = ladder.level();
        var load =
                new LoadLadder.Load(
                        journal.recordsInFlight(),
                        metrics.commitP99Nanos(),
                        delays.loopDelayNanos(),
                        Math.max(heapPercent(), directPercent()),
                        filesPercent,
                        journal.isWritable());
        var now = ladder.measured(load, nanoClock.getAsLong());
        if (now != before) {
            loops.forEach(loop -> loop.load(now));
            events.loadLevel(now.number, now.name(), load.toString());
        }
    }

    /// What the last collections left, because what is used between them says nothing.
    private static int heapPercent() {
        long used = 0;
        for (var part : ManagementFactory.getMemoryPoolMXBeans()) {
            var left = part.getCollectionUsage();
            if (part.getType() == MemoryType.HEAP && left != null) {
                used += left.getUsed();
            }
        }
        return (int) (used * PERCENT / Runtime.getRuntime().maxMemory());
    }

    /// Of what the JVM allows, which is as much as heap unless the operator says otherwise.
    private static int directPercent() {
        return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
                ? (int)
                        (provider.metric().usedDirectMemory()
                                * PERCENT
                                / Runtime.getRuntime().maxMemory())
                : 0;
    }
}
