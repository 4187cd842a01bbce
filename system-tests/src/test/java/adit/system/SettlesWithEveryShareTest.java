package adit.system;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.JournalRecord;
import adit.ledger.postgres.TestDatabase;
import adit.miner.MinerEvents;
import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;

/// Promise 2 with two servers: one settles, while on the other a process follows another and both take shares. An
/// auditor with the journals of all three processes comes to the pool's numbers for every block.
@Tag("slow")
class SettlesWithEveryShareTest {

    private static final int WINDOW_HALF_BLOCKS = 5;
    private static final String PPLNS =
            """
            kind = "PPLNS"
            fee-bps = 100
            pplns-window-blocks = 2.5
            """;

    /// Together 40,000, which is a block every two seconds: in the quarter of a minute of the drain there is one.
    private static final int HASHES_PER_SECOND = 8_000;

    private static final int DRAIN_SECONDS = 15;
    private static final int EPOCHS_A_SERVER = 1_000;

    @TempDir private Path directory;

    @Test
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void sharesBlocksOutOverTheWorkOfBothProcesses() throws Exception {
        var one = PoolFiles.of(1, directory.resolve("one"));
        var two = PoolFiles.of(2, directory.resolve("two"));
        try (var database = TestDatabase.create();
                var chain = Chains.start(directory.resolve("chain"), Chains.WITHIN_REACH)) {
            var ledger = new LedgerView(database.dataSource());
            var choices =
                    PoolChoices.regtest(
                                    Databases.of(database.dataSource()), PoolChoices.Node.of(chain))
                            .withScheme(PPLNS);
            one.write(choices);
            two.write(choices);
            try (var settling = PoolProcess.run(two, List.of()).awaitLine("This server settles");
                    var old = PoolProcess.run(one, List.of()).awaitPort(one.stratumPort());
                    var miners = mine(one, two)) {
                awaitBlocks(settling, ledger, 2);
                int before = blocks(ledger);
                try (var next = PoolProcess.follow(one, DRAIN_SECONDS)) {
                    next.awaitLine("Adit").awaitLine("Status page and API");
                    assertThat(old.awaitEnd()).as(old.log()).isZero();
                    assertThat(blocks(ledger)).as("found in the drain").isGreaterThan(before);
                    awaitBlocks(next, ledger, blocks(ledger) + 2);
                    miners.stop();
                    awaitSettled(settling, ledger);
                    assertThat(next.lines("This server settles")).as(next.log()).isEmpty();
                    assertThat(next.stop()).as(next.log()).isEqualTo(143);
                }
                assertThat(settling.stop()).as(settling.log()).isEqualTo(143);
                assertThat(settling.lines(" ERROR ")).as(settling.log()).isEmpty();
            }
            audit(one, two, ledger);
        }
    }

    private static Miners mine(PoolFiles one, PoolFiles two) {
        var nobody = new MinerEvents() {};
        return Miners.one(one.pool(), Miners.ALICE + ".a", HASHES_PER_SECOND, 1, nobody)
                .add(one.pool(), Miners.BOB + ".b", HASHES_PER_SECOND, 2, nobody)
                .add(one.pool(), Miners.ALICE + ".c", HASHES_PER_SECOND, 3, nobody)
                .add(one.pool(), Miners.BOB + ".d", HASHES_PER_SECOND, 4, nobody)
                .add(two.pool(), Miners.ALICE + ".e", HASHES_PER_SECOND, 5, nobody);
    }

    private static void awaitBlocks(PoolProcess pool, LedgerView ledger, int count)
            throws Exception {
        Await.until(
                () -> blocks(ledger) >= count, () -> count + " blocks are found\n" + pool.log());
    }

    private static int blocks(LedgerView ledger) throws Exception {
        return ledger.blockStates().size();
    }

    private static void awaitSettled(PoolProcess pool, LedgerView ledger) throws Exception {
        Await.until(
                () -> {
                    var states = ledger.blockStates().values();
                    long inChain = states.stream().filter("ACTIVE"::equals).count();
                    return !states.contains("FOUND") && ledger.distributions().size() >= inChain;
                },
                () -> "blocks are settled\n" + pool.log());
    }

    private static void audit(PoolFiles one, PoolFiles two, LedgerView ledger) throws Exception {
        var epochs = new TreeMap<Integer, List<JournalRecord>>();
        for (var server : List.of(one, two)) {
            RecordedShares.epochs(server.journal(), server.serverId())
                    .forEach((epoch, records) ->
                            epochs.put(server.serverId() * EPOCHS_A_SERVER + epoch, records));
        }
        assertThat(epochs).as("two processes of one server, one of the other").hasSize(3);
        var expected =
                new PayoutModel(epochs)
                        .blockPayouts(_ -> true, WINDOW_HALF_BLOCKS, ledger.accounts());
        var booked = new HashMap<Hash, PayoutModel.Payout>();
        for (var paid : ledger.distributions()) {
            booked.put(paid.block(), paid.payout());
        }
        assertThat(booked).hasSizeGreaterThan(4);
        assertThat(expected).containsAllEntriesOf(booked);
        ledger.assertSound();
    }
}
