package adit.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/// Promise 1 on a disk that is really full: what cannot be kept is not acknowledged, miners are sent to their
/// other pools, and the operator is told.
///
/// The disk is a small one in memory, mounted where only the pool's process sees it.
@Tag("slow")
class SurvivesFullDiskTest {

    private static final int DISK_MEGABYTES = 8;
    private static final String HEALTH = "/api/v1/health";

    @TempDir private Path directory;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void letsMinersGoBeforeTheLastSpaceIsTaken() throws Exception {
        fillTheDisk(1 << 20);
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void acknowledgesNothingThatAFullDiskDidNotTake() throws Exception {
        fillTheDisk(0);
    }

    private void fillTheDisk(long minimumFreeBytes) throws Exception {
        var acknowledged = new Acknowledged();
        var files = PoolFiles.in(directory);
        Files.createDirectories(files.data());
        try (var chain = Chains.start(directory.resolve("chain"), Chains.OUT_OF_REACH)) {
            files.write(
                    PoolChoices.regtest(PoolChoices.Database.nowhere(), PoolChoices.Node.of(chain))
                            .withMinimumFree(minimumFreeBytes));
            try (var pool =
                            PoolProcess.run(
                                            files,
                                            SmallDisk.ofMegabytes(DISK_MEGABYTES, files.data()))
                                    .awaitPort(files.stratumPort());
                    var _ = Miners.many(files.pool(), 1, acknowledged)) {
                acknowledged.awaitMore(500, pool);
                pool.awaitLine("Status page and API");
                assertThat(WebSide.status(files.webPort(), HEALTH)).as(pool.log()).isEqualTo(200);

                fill(pool.asItSees(files.data().resolve("of-another-program")));
                Await.until(
                        () -> !PoolProcess.listens(files.stratumPort()),
                        () -> "the port is closed\n" + pool.log());
                Await.until(
                        () -> acknowledged.ends() >= Miners.MANY,
                        () -> "all miners are let go\n" + pool.log());

                assertTold(pool, files);
                var journal = RecordedShares.in(pool.asItSees(files.journal()));
                assertThat(acknowledged.shares()).isNotEmpty().isSubsetOf(journal.keySet());
                assertThat(journal.values()).containsOnly(1);
            }
        }
    }

    private static void assertTold(PoolProcess pool, PoolFiles files) throws Exception {
        assertThat(pool.isAlive()).as(pool.log()).isTrue();
        assertThat(pool.lines(" ERROR "))
                .as(pool.log())
                .singleElement()
                .asString()
                .contains("share journal has failed")
                .contains(files.journal().toString());
        assertThat(pool.lines("\tat ")).as(pool.log()).isEmpty();
        assertThat(WebSide.status(files.webPort(), HEALTH)).isEqualTo(503);
        assertThat(WebSide.text(files.webPort(), HEALTH))
                .contains("No port for miners is open")
                .contains(files.journal().toString());
    }

    /// Takes all the space there is, as another program would.
    private static void fill(Path file) throws IOException {
        var block = new byte[1 << 16];
        try (var out = Files.newOutputStream(file)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("space");
        }
    }
}
