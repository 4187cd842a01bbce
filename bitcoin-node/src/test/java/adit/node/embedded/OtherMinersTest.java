package adit.node.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;

class OtherMinersTest {
    private static final int EASY_BLOCKS = 110;

    @TempDir Path directory;

    private final TestClock clock = new TestClock();

    @Test
    void movesTheTipPaysFeesAndOrphansABlockNowAndThen() {
        try (var thread = new ChainThread();
                var rig = new ChainRig(directory.resolve("chain.dat"))) {
            rig.mine(EASY_BLOCKS);
            var habits = new RestOfNetwork(Duration.ofSeconds(1), 5, 6);
            var miners = new OtherMiners(habits, thread, rig.node, clock, new Random(42));
            Set<Hash> tips = new HashSet<>();
            boolean paid = false;
            boolean chained = false;
            for (int turn = 0; turn < 40; turn++) {
                clock.advance(Duration.ofSeconds(1));
                miners.turn();
                tips.add(rig.chain().tip().hash());
                var block = rig.chain().block(rig.chain().tip());
                paid |= block.transactions().size() > 1;
                var made = block.transactions().stream().map(Transaction::txid).toList();
                chained |=
                        block.transactions().stream()
                                .flatMap(transaction -> transaction.inputs().stream())
                                .anyMatch(input -> made.contains(input.previous().txid()));
            }
            var orphans =
                    tips.stream()
                            .map(hash -> rig.chain().find(hash).orElseThrow())
                            .filter(entry -> !rig.chain().isActive(entry))
                            .toList();

            assertThat(tips).hasSize(40);
            assertThat(rig.chain().tip().height()).isEqualTo(EASY_BLOCKS + 40);
            assertThat(orphans).hasSizeBetween(3, 15);
            assertThat(paid).isTrue();
            assertThat(chained).isTrue();
            assertThat(rig.coins()).isEqualTo(rig.recountedCoins());
        }
    }

    @Test
    void keepsADemoChainAlive() throws Exception {
        var demo = EmbeddedChainSettings.demo(0x207fffff, 0, 0);
        var settings =
                new EmbeddedChainSettings(
                        demo.parameters(),
                        EASY_BLOCKS,
                        0,
                        0,
                        Duration.ofSeconds(1),
                        new RestOfNetwork(Duration.ofMillis(20), 6, 4));
        int height;
        try (var chain = EmbeddedChain.start(directory, settings, clock, new Random(7))) {
            var rpc = RpcClient.of(chain);
            boolean orphaned = false;
            boolean paying = false;
            Set<String> seen = new HashSet<>();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            var request = Map.of("rules", List.of("segwit"));
            var template = rpc.call("getblocktemplate", request);
            assertThat(template.path("height").intValue()).isGreaterThan(EASY_BLOCKS);
            while (!(orphaned && paying) && System.nanoTime() < deadline) {
                seen.add(template.path("previousblockhash").stringValue());
                paying |= !template.path("transactions").isEmpty();
                for (var hash : seen) {
                    var confirmations =
                            rpc.call("getblockheader", hash).path("confirmations").intValue();
                    orphaned |= confirmations == -1;
                }
                template =
                        rpc.call(
                                "getblocktemplate",
                                Map.of(
                                        "rules",
                                        List.of("segwit"),
                                        "longpollid",
                                        template.path("longpollid").stringValue()));
            }
            assertThat(orphaned).isTrue();
            assertThat(paying).isTrue();
            height = rpc.number("getblockcount");
        }
        try (var chain = EmbeddedChain.start(directory, settings, clock, new Random(8))) {
            assertThat(RpcClient.of(chain).number("getblockcount")).isGreaterThanOrEqualTo(height);
        }
    }
}
