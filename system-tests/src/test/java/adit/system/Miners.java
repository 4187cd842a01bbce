package adit.system;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;

import adit.miner.MinerEvents;
import adit.miner.MinerSettings;
import adit.miner.V1Miner;

/// Honest miners on one event loop, started and stopped together.
final class Miners implements AutoCloseable {

    static final String ALICE = "bcrt1qgr7tn5hdywpdmhvg8jhaxwews6v0pvenrypmef";
    static final String BOB = "bcrt1q00ctn8wstd8ae6f630ees9fav37jqejmfj2cu6";

    /// Together they find a thousand shares a second of [PoolChoices#EASY], if the machine lets them.
    private static final int HASHES_PER_SECOND = 60_000;

    static final int MANY = 4;

    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<V1Miner> miners = new ArrayList<>();

    /// Four busy miners of one account.
    static Miners many(URI pool, long seed, MinerEvents events) {
        var miners = new Miners();
        for (int i = 0; i < MANY; i++) {
            miners.add(pool, ALICE + ".rig" + i, HASHES_PER_SECOND, seed + i, events);
        }
        return miners;
    }

    static Miners one(
            URI pool, String username, long hashesPerSecond, long seed, MinerEvents events) {
        var miners = new Miners();
        miners.add(pool, username, hashesPerSecond, seed, events);
        return miners;
    }

    Miners add(URI pool, String username, long hashesPerSecond, long seed, MinerEvents events) {
        var settings = MinerSettings.honest(pool, username, hashesPerSecond);
        var miner = new V1Miner(settings, loops, seed, System::nanoTime, events);
        miners.add(miner);
        miner.start();
        return this;
    }

    @Override
    public void close() {
        stop();
    }

    /// They mine no more.
    void stop() {
        miners.forEach(V1Miner::close);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
