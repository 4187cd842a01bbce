package adit.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/// 5,000 Antminers behind one address, all coming at once, after a cut of their own power and after a kill -9 of the
/// pool: nobody is refused, and all have shares acknowledged within seconds.
@Tag("slow")
class WelcomesAFarmThatRestartsTest {

    private static final int MINERS = 5_000;

    /// On a machine that runs other tests beside this one; the documentation has the figure of an idle one.
    private static final int MOST_SECONDS = 20;

    @TempDir private Path directory;

    @Test
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    void takesAllOfThemAtOnce() throws Exception {
        var files = PoolFiles.in(directory);
        try (var chain = Chains.start(directory.resolve("chain"), Chains.OUT_OF_REACH)) {
            files.write(
                    PoolChoices.regtest(PoolChoices.Database.nowhere(), PoolChoices.Node.of(chain))
                            .withDifficulty(PoolChoices.ANY_HASH));
            try (var pool = start(files)) {
                welcome(files, pool, "first");
                welcome(files, pool, "after their power was cut");
                pool.kill();
                pool.awaitKilled();
            }
            try (var pool = start(files)) {
                welcome(files, pool, "after a kill -9 of the pool");
                assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
            }
        }
        var acknowledged = RecordedShares.in(files.journal());
        assertThat(acknowledged.values()).hasSizeGreaterThanOrEqualTo(3 * MINERS).containsOnly(1);
    }

    private static PoolProcess start(PoolFiles files) throws Exception {
        var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort());
        pool.awaitLine("New tip");
        return pool;
    }

    private static void welcome(PoolFiles files, PoolProcess pool, String when) throws Exception {
        long began = System.nanoTime();
        try (var farm = Antminers.start(files.stratumPort(), MINERS)) {
            boolean allMine = farm.awaitMining(MOST_SECONDS);
            var took = Duration.ofNanos(System.nanoTime() - began);
            System.out.printf(
                    "%s: %d of %d Antminers mine after %d ms%n",
                    when, farm.mining(), MINERS, took.toMillis());
            assertThat(farm.refused()).as(when).isZero();
            assertThat(allMine).as("%s: %d mine\n%s", when, farm.mining(), pool.log()).isTrue();
        }
    }
}
