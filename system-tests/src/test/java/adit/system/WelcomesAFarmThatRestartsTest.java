package adit.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/// 5,000 Antminers behind one address that has credit, all coming at once, after a cut of their own power and after
/// a kill -9 of the pool: nobody is refused, and all have shares acknowledged within seconds.
@Tag("slow")
class WelcomesAFarmThatRestartsTest {

    private static final int MINERS = 5_000;

    /// Who comes first has no credit: few of them, who bring together what a block costs.
    private static final int FIRST_MINERS = 100;

    private static final int FIRST_SHARES = 660;

    /// One more than a source without credit may have.
    private static final int STRANGERS = 201;

    /// On a machine that runs other tests beside this one; the documentation has the figure of an idle one.
    private static final int MOST_SECONDS = 20;

    /// For credit, which is earned in as many turns as each of the first miners brings shares; no promise.
    private static final int SECONDS_FOR_CREDIT = 90;

    @TempDir private Path directory;

    @Test
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void takesAllOfThemAtOnce() throws Exception {
        var files = PoolFiles.in(directory);
        try (var chain = Chains.start(directory.resolve("chain"), Chains.WITHIN_REACH)) {
            files.write(
                    PoolChoices.regtest(PoolChoices.Database.nowhere(), PoolChoices.Node.of(chain))
                            .withDifficulty(PoolChoices.ANY_HASH)
                            .limitingLoopback());
            try (var pool = start(files)) {
                earnCredit(files, pool);
                welcome(files, pool, "after their power was cut");
                pool.kill();
                pool.awaitKilled();
            }
            try (var pool = start(files)) {
                welcome(files, pool, "after a kill -9 of the pool");
                assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
            }
            Files.delete(sources(files));
            try (var pool = start(files)) {
                refuseStrangers(files, pool);
            }
        }
        var acknowledged = RecordedShares.in(files.journal());
        assertThat(acknowledged.values())
                .hasSizeGreaterThanOrEqualTo(FIRST_MINERS * FIRST_SHARES + 2 * MINERS)
                .containsOnly(1);
    }

    private static PoolProcess start(PoolFiles files) throws Exception {
        var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort());
        pool.awaitLine("New tip");
        return pool;
    }

    private static Path sources(PoolFiles files) {
        return files.data().resolve("sources");
    }

    private static void earnCredit(PoolFiles files, PoolProcess pool) throws Exception {
        try (var first = Antminers.start(files.stratumPort(), FIRST_MINERS, FIRST_SHARES)) {
            assertThat(first.awaitMining(SECONDS_FOR_CREDIT)).as(pool.log()).isTrue();
        }
        Await.until(
                () ->
                        Files.exists(sources(files))
                                && Files.readString(sources(files)).contains("\n127.0.0.1 credit "),
                () -> "credit is on disk\n" + pool.log());
    }

    /// Without what was on disk the same address is nobody's: what let the farm in was its credit.
    private static void refuseStrangers(PoolFiles files, PoolProcess pool) throws Exception {
        try (var strangers = Antminers.start(files.stratumPort(), STRANGERS, 1)) {
            Await.until(
                    () -> strangers.refused() > 0, () -> "strangers are limited\n" + pool.log());
        }
    }

    private static void welcome(PoolFiles files, PoolProcess pool, String when) throws Exception {
        long began = System.nanoTime();
        try (var farm = Antminers.start(files.stratumPort(), MINERS, 1)) {
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
