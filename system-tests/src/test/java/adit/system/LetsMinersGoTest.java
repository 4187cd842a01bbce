package adit.system;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.miner.ScriptBroken;
import adit.node.embedded.EmbeddedChain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Promise 6: when no node has a valid template the pool says so and lets miners turn to their other pools, and it
/// takes them again when there is work.
@Tag("slow")
class LetsMinersGoTest {

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final int PATIENCE_SECONDS = 15;
    private static final int LONG_DRAIN_SECONDS = 600;

    @TempDir private Path directory;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void closesThePortWithoutATemplateAndOpensItAgain() throws Exception {
        var files = PoolFiles.in(directory);
        try (var chain = Chains.regtest(directory.resolve("chain"));
                var relay = Relay.before(chain.rpc())) {
            var control = Chains.control(chain);
            files.write(impatient(chain, relay));
            try (var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort())) {
                pool.awaitLine("New tip");
                try (var miner = OneBlockMiner.connect(files, Miners.ALICE)) {
                    var tip = miner.mineOn(control.tip());
                    Await.until(() -> control.tip().equals(tip), () -> "the block is taken");

                    assertThat(health(files)).isEqualTo(OK);

                    relay.become(Relay.Mode.RESETS);
                    pool.awaitLine("No node has a valid template");
                    assertThat(health(files)).isEqualTo(OK);
                    assertThat(PoolProcess.listens(files.stratumPort())).isTrue();

                    pool.awaitLine("the ports close");
                    Await.until(
                            () -> !PoolProcess.listens(files.stratumPort()),
                            () -> "the port is closed");
                    assertThat(health(files)).isEqualTo(UNAVAILABLE);
                    assertThatThrownBy(() -> miner.mineOn(tip)).isInstanceOf(ScriptBroken.class);
                }

                relay.become(Relay.Mode.OPEN);
                pool.awaitLine("the ports for miners are open");
                pool.awaitPort(files.stratumPort());
                Await.until(() -> health(files) == OK, () -> "the pool is well");
                try (var miner = OneBlockMiner.connect(files, Miners.ALICE)) {
                    var found = miner.mineOn(control.tip());
                    Await.until(() -> control.tip().equals(found), () -> "the block is taken");
                }
                assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
            }
        }
    }

    /// The old process still holds its descriptors of the listening sockets then.
    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void closesThePortWhileAnotherProcessDrains() throws Exception {
        var files = PoolFiles.in(directory);
        try (var chain = Chains.regtest(directory.resolve("chain"));
                var relay = Relay.before(chain.rpc())) {
            files.write(impatient(chain, relay));
            try (var old = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort());
                    var next = PoolProcess.follow(files, LONG_DRAIN_SECONDS);
                    var onTheOld = OneBlockMiner.connect(files, Miners.ALICE)) {
                old.awaitLine("Draining");
                try (var onTheNew = OneBlockMiner.connect(files, Miners.BOB)) {
                    relay.become(Relay.Mode.RESETS);
                    next.awaitLine("the ports close");
                    Await.until(
                            () -> !PoolProcess.listens(files.stratumPort()),
                            () -> "the port is closed\n" + next.log());
                    onTheNew.awaitEnd();
                    onTheOld.awaitEnd();
                }
                relay.become(Relay.Mode.OPEN);
                next.awaitLine("the ports for miners are open");
                next.awaitPort(files.stratumPort());
                assertThat(old.awaitEnd()).as(old.log()).isZero();
                assertThat(PoolProcess.listens(files.stratumPort())).isTrue();
                assertThat(next.stop()).as(next.log()).isEqualTo(143);
            }
        }
    }

    private static PoolChoices impatient(EmbeddedChain chain, Relay relay) {
        return PoolChoices.regtest(
                        PoolChoices.Database.nowhere(),
                        PoolChoices.Node.of(chain).through("node", relay.uri()))
                .lettingGoAfter(PATIENCE_SECONDS);
    }

    private static int health(PoolFiles files) throws Exception {
        return WebSide.status(files.webPort(), "/api/v1/health");
    }
}
