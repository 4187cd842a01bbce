package adit.server.net;

import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.JournalRecord;
import adit.miner.swarm.Load;
import adit.miner.swarm.Swarm;
import adit.miner.swarm.SwarmSettings;
import adit.pow.Difficulty;
import adit.server.channel.ChannelSettings;
import adit.server.channel.Journaled;
import adit.server.job.SampleJobs;

import static org.assertj.core.api.Assertions.assertThat;

/// What a share and a connection cost, counted in bytes and calls and never by the clock, through real sockets
/// and the real journal.
@Timeout(120)
final class SharePathCostTest {

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";

    /// Every hash is a share.
    private static final ChannelSettings EVERY_HASH =
            new ChannelSettings(1, 1, Difficulty.MAX_UNITS, true, 15, false, 0);

    private static final ChannelSettings EVERY_SIXTEENTH_HASH =
            new ChannelSettings(16, 16, Difficulty.MAX_UNITS, true, 15, false, 0);

    private static final Duration CONNECT = Duration.ofSeconds(60);
    private static final int CONNECTIONS = 4_000;
    private static final int BYTES_A_SHARE = 64;
    private static final int MOST_WARM_UPS = 10;

    /// Of both ends of a connection, because the swarm's live in this process too, and with room for what
    /// else the process does meanwhile; about 3,300 alone.
    private static final int HEAP_BYTES_A_CONNECTION = 6_144;

    @TempDir private Path directory;

    @Test
    void aShareAllocatesNextToNothingOnItsLoop() {
        try (var rig = new PoolRig(directory);
                var swarm = swarm(rig)) {
            rig.publish(SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.HARD));
            swarm.connect(100, CONNECT);
            warmUp(rig, swarm);

            long before = allocatedOnLoop(rig);
            var result = swarm.run(new Load.Closed(8), Duration.ofSeconds(4));
            long bytes = allocatedOnLoop(rig) - before;

            System.out.printf(
                    "%d shares, %d B each on the loop%n",
                    result.accepted(), bytes / result.accepted());
            assertThat(result.accepted()).isGreaterThan(1_000);
            assertThat(bytes / result.accepted()).isLessThanOrEqualTo(BYTES_A_SHARE);
        }
    }

    /// Fifteen of sixteen are below their difficulty; were none good, the miner would soon not be read from.
    @Test
    void aWeakShareAllocatesNextToNothingOnItsLoop() {
        try (var rig = new PoolRig(directory);
                var swarm = swarm(rig.listen(EVERY_SIXTEENTH_HASH))) {
            rig.publish(SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.HARD));
            swarm.connect(100, CONNECT);
            warmUp(rig, swarm);

            long before = allocatedOnLoop(rig);
            long written = sharesOnDisk(rig);
            var result = swarm.run(new Load.Closed(8), Duration.ofSeconds(4));
            long bytes = allocatedOnLoop(rig) - before;

            long shares = result.accepted() + result.refused();
            System.out.printf("%d shares, %d B each on the loop%n", shares, bytes / shares);
            assertThat(result.refused()).isGreaterThan(10 * result.accepted());
            assertThat(bytes / shares).isLessThanOrEqualTo(BYTES_A_SHARE);
            // Some of those unanswered at the end were good too.
            assertThat(sharesOnDisk(rig) - written)
                    .isBetween(result.accepted(), result.accepted() + 100 * 8);
        }
    }

    /// 64 shares in one piece make three groups of 16 that the journal may have at once, and a last one.
    @Test
    void theRepliesOfAGroupAreSentAtOnce() {
        try (var rig = new PoolRig(directory);
                var wire = new Wire(rig.listen(EVERY_HASH))) {
            rig.publish(SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.HARD));
            wire.send(
                    "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}",
                    "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"%s\",\"x\"]}"
                            .formatted(ADDRESS));
            wire.linesBeforeProbe();
            var shares = new String[64];
            for (int i = 0; i < shares.length; i++) {
                shares[i] =
                        "{\"id\":%d,\"method\":\"mining.submit\",\"params\":[\"%s\",\"0000000100\",\"%016x\",\"68a5c000\",\"00000000\"]}"
                                .formatted(10 + i, ADDRESS, i);
            }
            long received = rig.receivedBytes() + String.join("\n", shares).length() + 1;
            long flushes = rig.flushes();

            rig.storage.stall();
            wire.send(shares);
            rig.awaitReceived(received);
            assertThat(rig.flushes()).isEqualTo(flushes);
            rig.storage.goOn();

            for (int i = 0; i < shares.length; i++) {
                assertThat(wire.line().orElseThrow()).startsWith("{\"id\":%d,".formatted(10 + i));
            }
            assertThat(rig.flushes() - flushes).isBetween(1L, 4L);
        }
    }

    @Test
    void anIdleConnectionHoldsLittleOfTheHeap() {
        try (var rig = new PoolRig(directory);
                var swarm = swarm(rig)) {
            rig.publish(SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.HARD));
            swarm.connect(500, CONNECT);
            long before = usedHeap();
            swarm.connect(CONNECTIONS, CONNECT);
            rig.onLoop(_ -> {});
            long each = (usedHeap() - before) / CONNECTIONS;

            System.out.printf("%d B of heap a connection, both ends%n", each);
            assertThat(each).isLessThanOrEqualTo(HEAP_BYTES_A_CONNECTION);
        }
    }

    private static Swarm swarm(PoolRig rig) {
        return swarm(rig.listen(EVERY_HASH));
    }

    private static Swarm swarm(InetSocketAddress pool) {
        var settings = new SwarmSettings(pool, ADDRESS, "x", 1);
        return Swarm.of(settings, System::nanoTime);
    }

    /// Until the compiler leaves no more to save.
    private static void warmUp(PoolRig rig, Swarm swarm) {
        long last = Long.MAX_VALUE;
        for (int i = 0; i < MOST_WARM_UPS; i++) {
            long before = allocatedOnLoop(rig);
            var result = swarm.run(new Load.Closed(8), Duration.ofSeconds(2));
            long each = (allocatedOnLoop(rig) - before) / (result.accepted() + result.refused());
            if (each >= last) {
                return;
            }
            last = each;
        }
    }

    private static long allocatedOnLoop(PoolRig rig) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var bytes = new AtomicLong();
        rig.onLoop(
                _ -> bytes.set(threads.getThreadAllocatedBytes(Thread.currentThread().threadId())));
        return bytes.get();
    }

    private static long sharesOnDisk(PoolRig rig) {
        return Journaled.records(rig.journal).stream()
                .filter(record -> record instanceof JournalRecord.Share)
                .count();
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
