package adit.system;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.DirectoryStorage;
import adit.ledger.journal.JournalReader;
import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.ShareClass;
import adit.ledger.postgres.TestDatabase;
import adit.miner.MinerSettings;
import adit.miner.V1Miner;
import adit.node.embedded.EmbeddedChain;
import adit.node.embedded.EmbeddedChainSettings;

import static org.assertj.core.api.Assertions.assertThat;

/// Promise 1: an acknowledged share is durable and counted once, however often the pool is killed.
@Tag("slow")
class SurvivesKillMinusNineTest {

    private static final int KILLS = 8;
    private static final int MINERS = 4;
    private static final int SHARES_A_ROUND = 1_500;
    private static final int HASHES_PER_SECOND = 300_000;

    /// 2^8 hashes a share.
    private static final String DIFFICULTY = "0.000000059604644775390625";

    @TempDir private Path directory;

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void losesAndDoublesNoAcknowledgedShare() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        var acknowledged = new Acknowledged();
        var files = PoolFiles.in(directory);
        try (var database = TestDatabase.create();
                var chain =
                        EmbeddedChain.start(
                                directory.resolve("chain"),
                                EmbeddedChainSettings.demo(0x1d00ffff, 0, 0),
                                InstantSource.system(),
                                random)) {
            files.write(
                    DIFFICULTY,
                    PoolFiles.Node.withCookie(chain.rpc(), chain.cookieFile()),
                    Databases.of(database),
                    "");
            for (int round = 0; round <= KILLS; round++) {
                runAndKill(files, database, acknowledged, random, round == KILLS);
            }

            var journal = sharesInJournal(files);
            assertThat(acknowledged.twice()).as("seed %d", seed).isZero();
            assertThat(acknowledged.hashes()).as("seed %d", seed).hasSizeGreaterThan(KILLS * 1_000);
            assertThat(acknowledged.hashes())
                    .as("every acknowledged share once in the journal, seed %d", seed)
                    .allSatisfy(hash -> assertThat(journal.get(HashHalf.of(hash))).isEqualTo(1));
            assertThat(Databases.shares(database))
                    .as("PostgreSQL holds what the journal holds, seed %d", seed)
                    .isEqualTo(journal);
        }
    }

    private void runAndKill(
            PoolFiles files,
            TestDatabase database,
            Acknowledged acknowledged,
            Random random,
            boolean cleanly)
            throws Exception {
        int before = acknowledged.hashes().size();
        try (var pool = PoolProcess.start(files, List.of()).awaitPort(files.stratumPort());
                var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())) {
            var miners = new ArrayList<V1Miner>();
            for (int i = 0; i < MINERS; i++) {
                var settings =
                        MinerSettings.honest(
                                files.pool(),
                                "bcrt1qgr7tn5hdywpdmhvg8jhaxwews6v0pvenrypmef.rig" + i,
                                HASHES_PER_SECOND);
                var miner =
                        new V1Miner(
                                settings, loops, random.nextLong(), System::nanoTime, acknowledged);
                miners.add(miner);
                miner.start();
            }
            int wanted = before + SHARES_A_ROUND + random.nextInt(SHARES_A_ROUND);
            Await.until(
                    () -> acknowledged.hashes().size() >= wanted,
                    () -> "shares are acknowledged\n" + pool.log());
            LockSupport.parkNanos(random.nextInt(5_000_000));
            if (cleanly) {
                miners.forEach(V1Miner::close);
                Await.until(
                        () -> Databases.shares(database).size() >= acknowledged.hashes().size(),
                        () -> "all shares are projected\n" + pool.log());
                assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
            } else {
                pool.kill();
                miners.forEach(V1Miner::close);
            }
        }
    }

    private static Map<HashHalf, Integer> sharesInJournal(PoolFiles files) {
        var counts = new HashMap<HashHalf, Integer>();
        try (var reader = JournalReader.offline(DirectoryStorage.at(files.journal()), 0)) {
            for (var epoch : reader.epochs()) {
                long next = epoch.firstSequence();
                var records = reader.read(epoch.epoch(), next, 10_000);
                while (!records.isEmpty()) {
                    for (var record : records) {
                        if (record instanceof JournalRecord.Share share
                                && share.shareClass() != ShareClass.STALE) {
                            counts.merge(new HashHalf(share.hashHalf()), 1, Integer::sum);
                        }
                    }
                    next = records.getLast().sequence() + 1;
                    records = reader.read(epoch.epoch(), next, 10_000);
                }
            }
        }
        return counts;
    }
}
