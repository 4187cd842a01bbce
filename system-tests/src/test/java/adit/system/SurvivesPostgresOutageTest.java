package adit.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.postgres.LocalPostgres;
import adit.node.FreePorts;

import static org.assertj.core.api.Assertions.assertThat;

/// Promise 1 without PostgreSQL: shares are taken while it is away, at the start and later, and it gets each
/// of them once.
@Tag("slow")
class SurvivesPostgresOutageTest {

    private static final int SHARES = 1_000;
    private static final String AWAY = "PostgreSQL is away";
    private static final String BACK = "PostgreSQL is back";

    @TempDir private Path directory;

    @Test
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    void takesSharesWhilePostgresIsAwayAndCatchesUp() throws Exception {
        var acknowledged = new Acknowledged();
        var files = PoolFiles.in(directory);
        var postgres = directory.resolve("postgres");
        try (var chain = Chains.start(directory.resolve("chain"), Chains.OUT_OF_REACH)) {
            // Nobody else is to get it during an outage.
            Files.createDirectories(postgres);
            Files.writeString(postgres.resolve("port"), FreePorts.any() + "\n");
            PoolChoices.Database access;
            try (var first = LocalPostgres.start(postgres)) {
                access = Databases.of(first.dataSource());
            }
            files.write(PoolChoices.regtest(access, PoolChoices.Node.of(chain)));

            try (var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort());
                    var _ = Miners.many(files.pool(), 1, acknowledged)) {
                pool.awaitLine(AWAY);
                acknowledged.awaitMore(SHARES, pool);
                try (var present = LocalPostgres.start(postgres)) {
                    pool.awaitLine(BACK);
                    acknowledged.awaitMore(SHARES, pool);
                    acknowledged.awaitStored(present.dataSource(), pool);
                }
                Await.until(
                        () -> pool.lines(AWAY).size() == 2,
                        () -> "the second outage is told\n" + pool.log());
                acknowledged.awaitMore(SHARES, pool);
                assertThat(acknowledged.ends()).as("no miner was let go").isZero();

                try (var present = LocalPostgres.start(postgres)) {
                    Await.until(
                            () -> pool.lines(BACK).size() == 2,
                            () -> "the second return is told\n" + pool.log());
                    acknowledged.awaitStored(present.dataSource(), pool);
                    assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
                    assertEachShareOnce(files, present, acknowledged);
                }
                assertToldOnceEach(pool);
            }
        }
    }

    private static void assertEachShareOnce(
            PoolFiles files, LocalPostgres postgres, Acknowledged acknowledged) throws Exception {
        var journal = RecordedShares.in(files.journal());
        assertThat(acknowledged.twice()).isZero();
        assertThat(acknowledged.shares()).isSubsetOf(journal.keySet());
        assertThat(journal.values()).containsOnly(1);
        var stored = Databases.shares(postgres.dataSource());
        assertThat(stored.keySet()).isSubsetOf(journal.keySet());
        assertThat(stored.values()).containsOnly(1);
    }

    /// Two outages, two lines that it is away and two that it is back; nothing is a stack trace.
    private static void assertToldOnceEach(PoolProcess pool) {
        assertThat(pool.lines(AWAY)).as(pool.log()).hasSize(2);
        assertThat(pool.lines(BACK)).as(pool.log()).hasSize(2);
        assertThat(pool.lines(" ERROR ")).isEmpty();
        assertThat(pool.lines("\tat ")).isEmpty();
    }
}
