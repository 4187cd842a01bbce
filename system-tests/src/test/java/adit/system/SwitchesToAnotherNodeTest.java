package adit.system;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.node.NodeControl;
import adit.node.embedded.EmbeddedChain;
import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;

/// Promises 5 and 6 with two nodes of which one is always in trouble: miners get work from the other, each block
/// goes to both, and a node that came back is mined on only once it has the whole chain.
///
/// The two chains know nothing of each other: a block is on both because the pool sent it to both.
@Tag("slow")
class SwitchesToAnotherNodeTest {

    /// A look every five seconds, and thirty seconds before a preferred node is mined on again.
    private static final int LOOKS_UNTIL_IT_COULD_COME_BACK = 8;

    /// Until the next look, its deadline, and a moment of a busy machine.
    private static final Duration HANGING_AT_MOST = Duration.ofSeconds(14);

    @TempDir private Path directory;
    private PoolFiles files;

    @Test
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    void minesOnWhicheverNodeIsWell() throws Exception {
        files = PoolFiles.in(directory);
        try (var one = Site.open("one", directory);
                var two = Site.open("two", directory)) {
            files.write(
                    PoolChoices.regtest(
                            PoolChoices.Database.nowhere(), one.configured(), two.configured()));
            two.relay.become(Relay.Mode.REFUSES);
            try (var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort());
                    var miner = OneBlockMiner.connect(files, Miners.ALICE)) {
                pool.awaitLine("Status page and API");
                awaitMiningOn(pool, one);
                var tip = mineOnOneAlone(pool, one, two, miner, one.control.tip());
                bringBack(pool, two, one, tip);

                one.relay.become(Relay.Mode.RESETS);
                awaitMiningOn(pool, two);
                tip = mineOnOneAlone(pool, two, one, miner, tip);
                bringBack(pool, one, two, tip);

                // By the log: the status that the API tells is up to some seconds old.
                int switches = pool.lines("now mining on").size();
                two.relay.become(Relay.Mode.HANGS);
                long hangs = System.nanoTime();
                Await.until(
                        () -> pool.lines("now mining on").size() > switches,
                        () -> "the pool leaves node two\n" + pool.log());
                assertThat(Duration.ofNanos(System.nanoTime() - hangs))
                        .as("a look each five seconds, and a deadline of five\n%s", pool.log())
                        .isLessThan(HANGING_AT_MOST);
                assertThat(pool.lines("within 5 s")).as(pool.log()).isNotEmpty();
                awaitMiningOn(pool, one);
                tip = mineOnOneAlone(pool, one, two, miner, tip);
                bringBack(pool, two, one, tip);

                one.relay.become(Relay.Mode.REFUSES);
                awaitMiningOn(pool, two);
                var missed = mineOnOneAlone(pool, two, one, miner, tip);
                tip = comeBackBehind(pool, one, two, miner, missed);
                one.copyFrom(two, missed, tip);
                awaitMiningOn(pool, one);
                tip = miner.mineOn(tip);
                awaitTip(pool, tip, one);
                awaitTip(pool, tip, two);

                assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
            }
        }
    }

    /// Mines a block that only one node can hear of.
    private static Hash mineOnOneAlone(
            PoolProcess pool, Site there, Site away, OneBlockMiner miner, Hash tip)
            throws Exception {
        var found = miner.mineOn(tip);
        awaitTip(pool, found, there);
        assertThat(away.control.tip()).isEqualTo(tip);
        return found;
    }

    /// Lets a node catch up, then lets the pool reach it again.
    private void bringBack(PoolProcess pool, Site away, Site there, Hash missed) throws Exception {
        away.copyFrom(there, missed);
        becomeReady(pool, away);
        assertThat(nodeInUse()).as(pool.log()).isEqualTo(there.name);
    }

    /// Lets the pool reach a node that lacks a block, for long enough, and mines another meanwhile.
    private Hash comeBackBehind(
            PoolProcess pool, Site behind, Site there, OneBlockMiner miner, Hash missed)
            throws Exception {
        becomeReady(pool, behind);
        int looks = behind.relay.looks() + LOOKS_UNTIL_IT_COULD_COME_BACK;
        Await.until(
                () -> behind.relay.looks() >= looks,
                () -> "node " + behind.name + " is looked at\n" + pool.log());
        var found = miner.mineOn(missed);
        awaitTip(pool, found, there);
        assertThat(behind.control.tip()).isNotIn(missed, found);
        assertThat(nodeInUse()).as(pool.log()).isEqualTo(there.name);
        return found;
    }

    private static void becomeReady(PoolProcess pool, Site site) throws Exception {
        var ready = "node " + site.name + " is ready";
        int before = pool.lines(ready).size();
        site.relay.become(Relay.Mode.OPEN);
        Await.until(
                () -> pool.lines(ready).size() > before,
                () -> "node " + site.name + " is well again\n" + pool.log());
    }

    private void awaitMiningOn(PoolProcess pool, Site site) throws Exception {
        Await.until(
                () -> nodeInUse().equals(site.name),
                () -> "the pool mines on node " + site.name + "\n" + pool.log());
    }

    private String nodeInUse() throws Exception {
        for (var node : WebSide.json(files.webPort(), "/api/v1/pool").path("nodes")) {
            if (node.path("inUse").asBoolean()) {
                return node.path("name").asString();
            }
        }
        return "none";
    }

    private static void awaitTip(PoolProcess pool, Hash block, Site site) throws Exception {
        Await.until(
                () -> site.control.tip().equals(block),
                () -> "node " + site.name + " has " + block + "\n" + pool.log());
    }

    /// A chain, the stretch of network before it, and a way around that for the test.
    private record Site(String name, EmbeddedChain chain, Relay relay, NodeControl control)
            implements AutoCloseable {

        static Site open(String name, Path directory) throws IOException {
            var chain = Chains.regtest(directory.resolve(name));
            return new Site(name, chain, Relay.before(chain.rpc()), Chains.control(chain));
        }

        PoolChoices.Node configured() {
            return PoolChoices.Node.of(chain).through(name, relay.uri());
        }

        void copyFrom(Site other, Hash... blocks) {
            for (var block : blocks) {
                var hex = other.control.call("getblock", block.displayHex(), 0).asString("");
                control.call("submitblock", hex);
                assertThat(control.tip()).isEqualTo(block);
            }
        }

        @Override
        public void close() throws IOException {
            relay.close();
            chain.close();
        }
    }
}
