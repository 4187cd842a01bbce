package adit.system;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.postgres.TestDatabase;
import adit.ledger.postgres.TestSeed;

import static org.assertj.core.api.Assertions.assertThat;

/// Promise 1: an acknowledged share is durable and counted once, however often the pool is killed.
@Tag("slow")
class SurvivesKillMinusNineTest {

    private static final int KILLS = 8;
    private static final int SHARES_A_ROUND = 500;

    @TempDir private Path directory;

    @Test
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void losesAndDoublesNoAcknowledgedShare() throws Exception {
        long seed = TestSeed.next();
        var random = new Random(seed);
        var acknowledged = new Acknowledged();
        var files = PoolFiles.in(directory);
        try (var database = TestDatabase.create();
                var chain = Chains.start(directory.resolve("chain"), Chains.OUT_OF_REACH)) {
            files.write(
                    PoolChoices.regtest(
                            Databases.of(database.dataSource()), PoolChoices.Node.of(chain)));
            for (int kill = 0; kill < KILLS; kill++) {
                loadAndKill(files, acknowledged, random);
            }
            loadAndStop(files, database.dataSource(), acknowledged, random);

            var journal = RecordedShares.in(files.journal());
            assertThat(acknowledged.twice()).as("seed %d", seed).isZero();
            assertThat(acknowledged.shares())
                    .as("every acknowledged share is in the journal, seed %d", seed)
                    .hasSizeGreaterThan(KILLS * SHARES_A_ROUND)
                    .isSubsetOf(journal.keySet());
            assertThat(journal.values()).as("each once, seed %d", seed).containsOnly(1);
            assertThat(Databases.shares(database.dataSource()))
                    .as("PostgreSQL holds what the journal holds, seed %d", seed)
                    .isEqualTo(journal);
        }
    }

    /// The kill follows an acknowledgement within microseconds, while others are on their way.
    private static void loadAndKill(PoolFiles files, Acknowledged acknowledged, Random random)
            throws Exception {
        try (var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort())) {
            int last = acknowledged.count() + SHARES_A_ROUND + random.nextInt(SHARES_A_ROUND);
            acknowledged.onceThereAre(last, pool::kill);
            try (var _ = Miners.many(files.pool(), random.nextLong(), acknowledged)) {
                acknowledged.await(last, pool);
                pool.awaitKilled();
            }
        }
    }

    private static void loadAndStop(
            PoolFiles files, DataSource database, Acknowledged acknowledged, Random random)
            throws Exception {
        try (var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort())) {
            try (var _ = Miners.many(files.pool(), random.nextLong(), acknowledged)) {
                acknowledged.awaitMore(SHARES_A_ROUND, pool);
            }
            // More than is acknowledged: of what was on its way at a kill nobody has heard.
            int recorded = RecordedShares.in(files.journal()).size();
            Await.until(
                    () -> Databases.shareCount(database) >= recorded,
                    () -> "all shares reach PostgreSQL\n" + pool.log());
            assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
        }
    }
}
