package adit.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.postgres.LocalPostgres;
import adit.ledger.postgres.TestDatabase;
import adit.node.FreePorts;
import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;

/// Promise 8's other half: what was stopped in order starts again where it was, and says nothing that would
/// worry anybody.
@Tag("slow")
class RestartsCleanlyTest {

    private static final int BLOCKS = 2;
    private static final int SHARES = 5;

    @TempDir private Path directory;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void aPoolGoesOnFromTheSameBooks() throws Exception {
        var files = PoolFiles.in(directory);
        try (var database = TestDatabase.create()) {
            var ledger = new LedgerView(database.dataSource());
            var access = Databases.of(database.dataSource());

            Hash tip;
            try (var chain = Chains.regtest(directory.resolve("chain"))) {
                files.write(PoolChoices.regtest(access, PoolChoices.Node.of(chain)));
                tip = mineBlocks(files, ledger, Chains.control(chain).tip(), BLOCKS);
            }
            var balances = ledger.balances();
            var shares = Databases.shares(database.dataSource());
            assertThat(balances).isNotEmpty();

            try (var chain = Chains.regtest(directory.resolve("chain"))) {
                files.write(PoolChoices.regtest(access, PoolChoices.Node.of(chain)));
                assertThat(Chains.control(chain).tip()).isEqualTo(tip);
                restart(files);
                assertThat(ledger.balances()).isEqualTo(balances);
                assertThat(Databases.shares(database.dataSource())).isEqualTo(shares);

                mineBlocks(files, ledger, tip, 2 * BLOCKS);
            }
            assertThat(ledger.balances()).isNotEqualTo(balances);
            var journal = RecordedShares.in(files.journal());
            assertThat(journal.values()).hasSize(2 * BLOCKS).containsOnly(1);
            assertThat(Databases.shares(database.dataSource())).isEqualTo(journal);
            ledger.assertSound();
        }
    }

    /// Such as a machine's snapshot brings back: the database has of the next run what this one would call its own.
    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void anOlderCopyOfTheJournalEndsThePool() throws Exception {
        var files = PoolFiles.in(directory);
        var copy = directory.resolve("copy");
        var newer = directory.resolve("newer");
        try (var database = TestDatabase.create();
                var chain = Chains.regtest(directory.resolve("chain"))) {
            files.write(
                    PoolChoices.regtest(
                            Databases.of(database.dataSource()), PoolChoices.Node.of(chain)));
            restart(files);
            copy(files.journal(), copy);
            restart(files);
            Files.move(files.journal(), newer);
            Files.move(copy, files.journal());

            try (var pool = PoolProcess.run(files, List.of())) {
                assertThat(pool.awaitEnd()).as(pool.log()).isEqualTo(78);
                assertThat(pool.lines(" ERROR "))
                        .as(pool.log())
                        .singleElement()
                        .asString()
                        .contains("an older copy of the journal directory is in its place");
            }

            Files.move(files.journal(), copy);
            Files.move(newer, files.journal());
            restart(files);
        }
    }

    @Test
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void theDemoGoesOnFromItsDirectory() throws Exception {
        int height = runDemo();
        var before = demoLedger();

        assertThat(runDemo()).isGreaterThanOrEqualTo(height);

        var after = demoLedger();
        assertThat(after.shares().values()).containsOnly(1);
        assertThat(after.shares().keySet())
                .hasSizeGreaterThan(before.shares().size())
                .containsAll(before.shares().keySet());
        assertThat(after.distributions()).containsAll(before.distributions());
    }

    /// Mines up to this many blocks in all and sees them credited before the pool is stopped.
    private static Hash mineBlocks(PoolFiles files, LedgerView ledger, Hash from, int blocks)
            throws Exception {
        var tip = from;
        try (var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort());
                var miner = OneBlockMiner.connect(files, Miners.ALICE)) {
            for (int i = 0; i < BLOCKS; i++) {
                tip = miner.mineOn(tip);
            }
            Await.until(
                    () -> ledger.distributions().size() == blocks,
                    () -> "blocks are credited\n" + pool.log());
            stop(pool);
        }
        return tip;
    }

    private static void restart(PoolFiles files) throws Exception {
        try (var pool = PoolProcess.run(files, List.of())) {
            pool.awaitLine(": mining height ");
            pool.awaitLine("This server settles");
            stop(pool);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (var path : (Iterable<Path>) paths::iterator) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    /// Runs the demo until its miners have found some more shares.
    ///
    /// @return the height it mined last
    private int runDemo() throws Exception {
        var demo = directory.resolve("demo");
        try (var pool =
                PoolProcess.start(
                        directory,
                        List.of(),
                        List.of(
                                "demo",
                                "--data",
                                demo.toString(),
                                "--stratum-port",
                                Integer.toString(FreePorts.any()),
                                "--web-port",
                                Integer.toString(FreePorts.any())))) {
            pool.awaitLine("stop it with");
            Await.until(
                    () -> sharesOnScreen(pool) >= SHARES,
                    () -> "the demo's miners have shares\n" + pool.log());
            stop(pool);
            return pool.lines(": mining height ").stream()
                    .mapToInt(line -> Integer.parseInt(line.replaceFirst(".* ", "")))
                    .max()
                    .orElseThrow();
        }
    }

    private static long sharesOnScreen(PoolProcess pool) {
        var lines = pool.lines(" shares accepted");
        return lines.isEmpty()
                ? 0
                : Long.parseLong(lines.getLast().replaceFirst(".*?(\\d+) shares accepted.*", "$1"));
    }

    private static void stop(PoolProcess pool) throws Exception {
        assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
        assertThat(pool.lines("Stopped cleanly")).as(pool.log()).hasSize(1);
        assertThat(pool.log().stripTrailing()).endsWith("Stopped cleanly");
        assertThat(pool.lines("\tat ")).as(pool.log()).isEmpty();
        assertThat(pool.lines(" ERROR ")).as(pool.log()).isEmpty();
        assertThat(pool.lines(" WARN ")).as(pool.log()).isEmpty();
    }

    private record Stored(
            Map<HashHalf, Integer> shares, Set<LedgerView.Distribution> distributions) {}

    /// What the stopped demo has in its database.
    private Stored demoLedger() throws Exception {
        try (var postgres = LocalPostgres.start(directory.resolve("demo/postgres"))) {
            var ledger = new LedgerView(postgres.dataSource());
            ledger.assertSound();
            return new Stored(
                    Databases.shares(postgres.dataSource()), new HashSet<>(ledger.distributions()));
        }
    }
}
