package adit.system;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import adit.ledger.journal.DirectoryStorage;
import adit.ledger.journal.JournalTool;
import adit.ledger.postgres.TestDatabase;
import adit.node.LocalNode;
import adit.node.NodeControl;
import adit.pow.Hash;
import adit.server.channel.ShareAudit;

import static org.assertj.core.api.Assertions.assertThat;

/// Promise 2 where blocks pay their finder: the node's own copy of a block pays the finder's script the right sats, the
/// books agree while it matures, when the chain turns away from it, and when the coins can be spent.
@Tag("slow")
class PaysFindersInTheCoinbaseTest {

    /// The programs of [Miners#ALICE], [Miners#BOB] and [PoolChoices#POOL_ADDRESS].
    private static final String ALICE_SCRIPT = "001440fcb9d2ed2382dddd883cafd33b2e8698f0b333";

    private static final String BOB_SCRIPT = "00147bf0b99dd05b4fdce93a8bf398153d647d20665b";
    private static final String POOL_SCRIPT = "0014895c9860f4c6aed92821d348e4da878b5bbe9bcf";
    private static final String SCHEME = "kind = \"PPLNS\"\nfee-bps = 133";
    private static final long FEE_BPS = 133;
    private static final BigInteger MSAT_IN_A_SAT = BigInteger.valueOf(1_000);
    private static final int TO_MATURITY = 100;
    private static final int BLOCKS_AT_ONCE = 10;

    @TempDir private Path directory;

    private record Mine(NodeControl node, PoolProcess pool, LedgerView ledger) {
        void awaitStates(String state, Hash... blocks) throws Exception {
            Await.until(
                    () -> {
                        var states = ledger.blockStates();
                        return Arrays.stream(blocks)
                                .allMatch(block -> state.equals(states.get(block.displayHex())));
                    },
                    () -> "blocks are " + state + "\n" + pool.log());
        }

        void awaitBalances(Map<String, BigInteger> expected) throws Exception {
            Await.until(
                    () -> ledger.balances().equals(expected),
                    () -> "the books hold " + expected + "\n" + pool.log());
        }
    }

    static Stream<LocalNode> nodes() {
        return Arrays.stream(LocalNode.values()).filter(LocalNode::isHere);
    }

    @ParameterizedTest
    @MethodSource("nodes")
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    void paysTheFinderOnChainAndOwesNothing(LocalNode kind) throws Exception {
        System.out.println("node: " + kind);
        var files = PoolFiles.in(directory);
        try (var node = kind.start();
                var database = TestDatabase.create()) {
            files.write(
                    PoolChoices.regtest(
                                    Databases.of(database.dataSource()),
                                    PoolChoices.Node.of(node.settings(), directory))
                            .withScheme(SCHEME)
                            .payingFinders());
            var ledger = new LedgerView(database.dataSource());
            try (var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort())) {
                var mine = new Mine(NodeControl.of(node.settings()), pool, ledger);
                long feeSats = mine(files, mine);
                if (kind != LocalNode.BTCD) {
                    // btcd makes no blocks for an address that is named to it.
                    mature(mine, feeSats);
                }
                ledger.assertSound();
                assertThat(pool.lines(" ERROR ")).as(pool.log()).isEmpty();
                assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
            }
        }
        var journal = new JournalTool(DirectoryStorage.at(files.journal()));
        assertThat(journal.verify(new ShareAudit()).damage()).isEmpty();
    }

    /// @return the fees of the two blocks found
    private static long mine(PoolFiles files, Mine mine) throws Exception {
        Hash first;
        Hash second;
        try (var alice = OneBlockMiner.connect(files, Miners.ALICE + ".rig");
                var bob = OneBlockMiner.connect(files, Miners.BOB + ".rig")) {
            first = alice.mineOn(mine.node.tip());
            second = bob.mineOn(first);
            mine.awaitStates("ACTIVE", first, second);
        }
        long aliceSats = assertPays(mine.node, first, ALICE_SCRIPT);
        long bobSats = assertPays(mine.node, second, BOB_SCRIPT);
        long feeSats =
                NodeBlock.of(mine.node, first).totalSats()
                        + NodeBlock.of(mine.node, second).totalSats()
                        - aliceSats
                        - bobSats;
        var immature =
                balances(
                        Map.of(
                                "A:IN_COINBASE",
                                aliceSats + bobSats,
                                "A:IMMATURE",
                                feeSats,
                                "L:MINER_IMMATURE:" + Miners.ALICE,
                                -aliceSats,
                                "L:MINER_IMMATURE:" + Miners.BOB,
                                -bobSats,
                                "I:POOL_FEE_IMMATURE",
                                -feeSats));
        mine.awaitBalances(immature);
        assertDistributions(mine.ledger, Map.of(first, aliceSats, second, bobSats));

        mine.node.invalidate(first);
        mine.awaitStates("ORPHANED", first, second);
        mine.awaitBalances(Map.of());
        mine.node.reconsider(first);
        mine.awaitStates("ACTIVE", first, second);
        mine.awaitBalances(immature);
        return feeSats;
    }

    private static void mature(Mine mine, long feeSats) throws Exception {
        for (int i = 0; i < TO_MATURITY; i += BLOCKS_AT_ONCE) {
            mine.node.generate(BLOCKS_AT_ONCE, PoolChoices.POOL_ADDRESS);
        }
        mine.awaitBalances(balances(Map.of("A:WALLET", feeSats, "I:POOL_FEE", -feeSats)));
    }

    /// The block pays its finder all but the fee, rounded in the finder's favour, and the pool the fee.
    private static long assertPays(NodeControl node, Hash block, String script) {
        var mined = NodeBlock.of(node, block);
        long fee = Math.floorDiv(mined.totalSats() * FEE_BPS, 10_000L);
        long finderSats = mined.totalSats() - fee;
        assertThat(mined.outputs().getFirst()).isEqualTo(new NodeBlock.Output(script, finderSats));
        assertThat(mined.outputs().get(1)).isEqualTo(new NodeBlock.Output(POOL_SCRIPT, fee));
        assertThat(mined.outputs().get(2).sats()).isZero();
        assertThat(mined.outputs()).hasSize(3);
        return finderSats;
    }

    private static void assertDistributions(LedgerView ledger, Map<Hash, Long> finderSats)
            throws Exception {
        var distributions = ledger.distributions();
        assertThat(distributions).hasSize(finderSats.size());
        for (var distribution : distributions) {
            assertThat(distribution.scheme()).isEqualTo("SOLO");
            long sats = Objects.requireNonNull(finderSats.get(distribution.block()));
            assertThat(distribution.lines().values()).containsExactly(sats * 1_000);
            assertThat(distribution.creditsMsat() + distribution.feeMsat())
                    .isEqualTo(distribution.blockRewardSats() * 1_000);
        }
    }

    private static Map<String, BigInteger> balances(Map<String, Long> sats) {
        var balances = new TreeMap<String, BigInteger>();
        sats.forEach((account, amount) ->
                balances.put(account, BigInteger.valueOf(amount).multiply(MSAT_IN_A_SAT)));
        return balances;
    }
}
