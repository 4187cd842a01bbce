package adit.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import adit.ledger.journal.JournalRecord;
import adit.ledger.postgres.TestDatabase;
import adit.node.NodeControl;
import adit.node.NodeSettings;
import adit.node.RpcCredentials;
import adit.node.embedded.EmbeddedChain;
import adit.node.embedded.EmbeddedChainSettings;
import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;

/// Promise 5: kill -9 at each step of a found block's way. What was acknowledged, written or taken by a node is in the
/// chain after a restart, and paid once, for the work of an earlier block at least: a share that nobody acknowledged
/// may be lost.
///
/// Two names of the pool's configuration lead to the same node, through one relay each.
@Tag("slow")
class KeepsAFoundBlockTest {

    private static final long MSAT_IN_A_SAT = 1_000;

    /// Where the pool is when it is killed.
    enum Step {
        /// The share is on the wire, or judged.
        HANDED_IN,
        /// The block is on disk, and on its way to the first node.
        SENT_TO_ONE,
        /// The block is on disk, and on its way to both.
        SENT_TO_ALL,
        /// The node has it, the pool does not know.
        TAKEN,
        /// The pool knows from the first node, the second name hangs.
        ANSWERED,
        /// The miner has read true.
        ACKNOWLEDGED,
        /// The miner has read true, and no node has got the block: it is on disk or lost.
        ACKNOWLEDGED_ALONE,
        /// The file is among those delivered.
        DELIVERED,
        /// PostgreSQL knows the block.
        STORED,
        /// It is credited.
        CREDITED
    }

    @TempDir private Path directory;
    private PoolFiles files;
    private LedgerView ledger;

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void isInTheChainAndPaidOnce(Step step) throws Exception {
        files = PoolFiles.in(directory);
        try (var database = TestDatabase.create();
                var chain =
                        EmbeddedChain.start(
                                directory.resolve("chain"),
                                EmbeddedChainSettings.regtest(),
                                InstantSource.system(),
                                new SplittableRandom(1));
                var one = Relay.before(chain.rpc());
                var two = Relay.before(chain.rpc())) {
            ledger = new LedgerView(database.dataSource());
            var node = PoolChoices.Node.of(chain);
            files.write(
                    PoolChoices.regtest(
                            Databases.of(database.dataSource()),
                            node.through("one", one.uri()),
                            node.through("two", two.uri())));
            var control = control(chain);
            var killed = findAndKill(step, one, two, control.tip());
            assertGoesOn(step, killed, control);
        }
    }

    private record Killed(Hash block, boolean isAcknowledged) {}

    private Killed findAndKill(Step step, Relay one, Relay two, Hash tip) throws Exception {
        try (var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort())) {
            pool.awaitLine("This server settles");
            try (var miner = OneBlockMiner.connect(files, Miners.ALICE)) {
                var earlier = miner.mineOn(tip);
                Await.until(
                        () -> count("delivered") == 1,
                        () -> "an earlier block is delivered\n" + pool.log());
                var isThere = new CountDownLatch(1);
                killAtTheNodes(step, pool, one, two, isThere);
                var sent = miner.send(earlier);
                switch (step) {
                    case HANDED_IN -> pool.kill();
                    case SENT_TO_ONE, SENT_TO_ALL, TAKEN, ANSWERED ->
                            assertThat(isThere.await(30, TimeUnit.SECONDS))
                                    .as("%s\n%s", step, pool.log())
                                    .isTrue();
                    case ACKNOWLEDGED, ACKNOWLEDGED_ALONE ->
                            assertThat(miner.isAcknowledged(sent)).isTrue();
                    case DELIVERED -> Await.until(() -> count("delivered") == 2, () -> pool.log());
                    case STORED ->
                            Await.until(() -> ledger.blockStates().size() == 2, () -> pool.log());
                    case CREDITED ->
                            Await.until(() -> ledger.distributions().size() == 2, () -> pool.log());
                }
                pool.kill();
                pool.awaitKilled();
                one.atBlock(() -> {});
                one.atAnswer(() -> {});
                two.atBlock(() -> {});
                return new Killed(sent.hash(), miner.isAcknowledged(sent));
            }
        }
    }

    /// What is on its way to a node when the pool dies never comes there.
    private void killAtTheNodes(
            Step step, PoolProcess pool, Relay one, Relay two, CountDownLatch isThere) {
        var never = new CountDownLatch(1);
        Runnable hold = () -> awaitQuietly(never);
        Runnable killAndHold =
                () -> {
                    awaitPending();
                    pool.kill();
                    isThere.countDown();
                    awaitQuietly(never);
                };
        switch (step) {
            case SENT_TO_ONE -> {
                two.atBlock(hold);
                one.atBlock(killAndHold);
            }
            case SENT_TO_ALL -> {
                var both = new CountDownLatch(2);
                Runnable atBoth =
                        () -> {
                            both.countDown();
                            awaitQuietly(both);
                            killAndHold.run();
                        };
                one.atBlock(atBoth);
                two.atBlock(atBoth);
            }
            case TAKEN -> {
                two.atBlock(hold);
                one.atAnswer(killAndHold);
            }
            case ANSWERED -> {
                two.atBlock(hold);
                one.atAnswer(() -> {
                    awaitPending();
                    isThere.countDown();
                });
            }
            case ACKNOWLEDGED_ALONE -> {
                one.atBlock(hold);
                two.atBlock(hold);
            }
            case HANDED_IN, ACKNOWLEDGED, DELIVERED, STORED, CREDITED -> {}
        }
    }

    private void assertGoesOn(Step step, Killed killed, NodeControl control) throws Exception {
        var hash = killed.block.displayHex();
        try (var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort())) {
            pool.awaitLine("This server settles");
            boolean isKept = step != Step.HANDED_IN || killed.isAcknowledged;
            if (isKept) {
                Await.until(() -> isInTheChain(control, hash), () -> "in the chain\n" + pool.log());
            }
            try (var miner = OneBlockMiner.connect(files, Miners.ALICE)) {
                var next = miner.mineOn(control.tip());
                Await.until(() -> control.tip().equals(next), () -> "mines on\n" + pool.log());
            }
            boolean isPaid = isInTheChain(control, hash) && isRecorded(killed.block);
            Await.until(
                    () -> ledger.distributions().size() == (isPaid ? 3 : 2),
                    () -> "blocks are credited\n" + pool.log());
            assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
            assertThat(isPaid || !isKept).as("%s: %s", step, pool.log()).isTrue();
        }
        assertThat(ledger.distributions())
                .allSatisfy(paid ->
                        assertThat(paid.linesMsat() + paid.feeMsat())
                                .isEqualTo(paid.blockRewardSats() * MSAT_IN_A_SAT))
                .extracting(LedgerView.Distribution::block)
                .doesNotHaveDuplicates();
        assertThat(count("pending")).isZero();
        ledger.assertSound();
    }

    private boolean isRecorded(Hash block) {
        return RecordedShares.epochs(files.journal(), files.serverId()).values().stream()
                .flatMap(List::stream)
                .filter(JournalRecord.BlockFound.class::isInstance)
                .map(record -> Hash.of(((JournalRecord.BlockFound) record).hash()))
                .anyMatch(block::equals);
    }

    private static boolean isInTheChain(NodeControl control, String hash) {
        int tip = control.call("getblockchaininfo").path("blocks").asInt();
        return IntStream.rangeClosed(1, tip)
                .anyMatch(height -> control.call("getblockhash", height).asString("").equals(hash));
    }

    private long count(String state) throws IOException {
        try (var blocks = Files.list(files.data().resolve("blocks").resolve(state))) {
            return blocks.filter(file -> file.toString().endsWith(".block")).count();
        }
    }

    private void awaitPending() {
        try {
            Await.until(() -> count("pending") == 1, () -> "the block is on disk");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static NodeControl control(EmbeddedChain chain) {
        var login = new RpcCredentials.CookieFile(chain.cookieFile());
        return NodeControl.of(new NodeSettings("chain", chain.rpc(), login, null));
    }
}
