package adit.system;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import adit.ledger.postgres.TestDatabase;
import adit.miner.ScriptBroken;
import adit.node.LocalNode;
import adit.node.NodeControl;
import adit.node.NodeUnderTest;
import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;

/// Promises 2 and 5 on the embedded chain and on every real node of this machine: a block found through our
/// port is the node's, pays what the books say, and leaves no trace in them when the chain turns away from it.
@Tag("slow")
class MinesOnARealNodeTest {

    /// The program of [PoolChoices#POOL_ADDRESS].
    private static final String POOL_SCRIPT = "0014895c9860f4c6aed92821d348e4da878b5bbe9bcf";

    private static final String ACTIVE = "ACTIVE";
    private static final String ORPHANED = "ORPHANED";
    private static final long MSAT_IN_A_SAT = 1_000;

    @TempDir private Path directory;

    static Stream<LocalNode> nodes() {
        return Arrays.stream(LocalNode.values()).filter(LocalNode::isHere);
    }

    @Test
    void findsARealNodeWhereItMust() {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(nodes()).hasSizeGreaterThan(1);
        }
    }

    @ParameterizedTest
    @MethodSource("nodes")
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    void paysWhatTheBooksSayAndFollowsTheChain(LocalNode kind) throws Exception {
        var files = PoolFiles.in(directory);
        try (var node = kind.start();
                var database = TestDatabase.create()) {
            boolean hasFees = node.pays();
            files.write(
                    PoolChoices.regtest(
                            Databases.of(database.dataSource()),
                            PoolChoices.Node.of(node.settings(), directory)));
            var ledger = new LedgerView(database.dataSource());
            try (var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort())) {
                try {
                    mineAndTurn(new Mine(files, node, pool, ledger), hasFees);
                } catch (ScriptBroken broken) {
                    throw new AssertionError(pool.story() + closings(files), broken);
                }
                ledger.assertSound();
                assertThat(pool.lines(" ERROR ")).as(pool.log()).isEmpty();
                assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
            }
        }
    }

    /// For what reasons the pool has closed connections, as long as it can be asked.
    private static String closings(PoolFiles files) throws InterruptedException {
        try {
            return WebSide.text(files.webPort(), "/metrics")
                    .lines()
                    .filter(line -> line.startsWith("adit_connections_closed_total"))
                    .collect(Collectors.joining("\n", "\n", ""));
        } catch (IOException away) {
            return "\n" + away;
        }
    }

    private static void mineAndTurn(Mine mine, boolean hasFees) throws Exception {
        try (var alice = OneBlockMiner.connect(mine.files, Miners.ALICE + ".rig");
                var bob = OneBlockMiner.connect(mine.files, Miners.BOB + ".rig")) {
            var node = NodeControl.of(mine.node.settings());
            var first = hasFees ? alice.minePayingOn(node.tip()) : alice.mineOn(node.tip());
            var second = bob.mineOn(first);
            mine.awaitStates(ACTIVE, first, second);
            mine.awaitCredited(2);
            var before = mine.ledger.balances();

            var third = alice.mineOn(second);
            var fourth = bob.mineOn(third);
            mine.awaitStates(ACTIVE, third, fourth);
            mine.awaitCredited(4);
            var after = mine.ledger.balances();
            assertThat(node.tip()).isEqualTo(fourth);
            assertThat(after).isNotEqualTo(before);
            assertBlocksPayWhatTheLedgerSays(mine, node, hasFees);

            node.invalidate(third);
            mine.awaitStates(ORPHANED, third, fourth);
            Await.until(
                    () -> mine.ledger.balances().equals(before),
                    () -> "the books are as before\n" + mine.pool.log());

            node.reconsider(third);
            mine.awaitStates(ACTIVE, third, fourth);
            Await.until(
                    () -> mine.ledger.balances().equals(after),
                    () -> "the books are as they were with the blocks\n" + mine.pool.log());
            mine.awaitStates(ACTIVE, first, second, third, fourth);
        }
    }

    private static void assertBlocksPayWhatTheLedgerSays(
            Mine mine, NodeControl node, boolean hasFees) throws Exception {
        var blocks = mine.ledger.distributions();
        assertThat(blocks).hasSize(4);
        for (var block : blocks) {
            var mined = NodeBlock.of(node, Objects.requireNonNull(block.block()));
            assertThat(mined.outputs().getFirst())
                    .isEqualTo(new NodeBlock.Output(POOL_SCRIPT, block.blockRewardSats()));
            assertThat(mined.totalSats()).isEqualTo(block.blockRewardSats());
            assertThat(block.rewardMsat()).isEqualTo(block.blockRewardSats() * MSAT_IN_A_SAT);
            assertThat(block.linesMsat()).isEqualTo(block.creditsMsat()).isPositive();
            assertThat(
                            block.creditsMsat()
                                    + block.feeMsat()
                                    + block.unattributedMsat()
                                    + block.operatorMsat())
                    .isEqualTo(block.rewardMsat());
        }
        if (hasFees) {
            assertThat(blocks.getFirst().blockRewardSats())
                    .isGreaterThan(blocks.get(1).blockRewardSats());
        }
    }

    /// What one run of the test works with.
    private record Mine(PoolFiles files, NodeUnderTest node, PoolProcess pool, LedgerView ledger) {

        void awaitStates(String state, Hash... blocks) throws Exception {
            Await.until(
                    () -> {
                        var states = ledger.blockStates();
                        return Arrays.stream(blocks)
                                .allMatch(block -> state.equals(states.get(block.displayHex())));
                    },
                    () -> "blocks are " + state + "\n" + pool.log());
        }

        void awaitCredited(int blocks) throws Exception {
            Await.until(
                    () -> ledger.distributions().size() == blocks,
                    () -> blocks + " blocks are credited\n" + pool.log());
        }
    }
}
