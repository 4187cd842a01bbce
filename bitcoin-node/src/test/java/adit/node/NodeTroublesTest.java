package adit.node;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/// What the operator is told of a node that is not well.
final class NodeTroublesTest {
    private final FakeTemplateListener listener = new FakeTemplateListener();
    private FakeNode node;

    @BeforeEach
    void open() throws IOException {
        node = new FakeNode();
    }

    @AfterEach
    void close() throws IOException {
        node.close();
    }

    record Trouble(NodeHealth health, String sentence, NodeTimings timings, Change change) {
        interface Change {
            void make(FakeNode node) throws IOException;
        }

        Trouble(NodeHealth health, String sentence, Change change) {
            this(health, sentence, NodeSetTest.TIMINGS, change);
        }

        static Trouble ofSilence(String method) {
            return new Trouble(
                    NodeHealth.UNREACHABLE,
                    "did not answer " + method + " within 2 s",
                    NodeSetTest.HASTY,
                    node -> node.hang(method));
        }

        @Override
        public String toString() {
            return sentence;
        }
    }

    static Stream<Trouble> troubles() {
        return Stream.of(
                new Trouble(
                        NodeHealth.WRONG_NETWORK,
                        "is on 'test', the pool is on regtest",
                        node -> node.chain = "test"),
                new Trouble(
                        NodeHealth.WRONG_NETWORK,
                        "has another first block (" + "00".repeat(32) + ") than regtest",
                        node -> node.genesis = "00".repeat(32)),
                new Trouble(
                        NodeHealth.SYNCING,
                        "is downloading the chain: block 100 of 100",
                        node -> node.initialDownload = true),
                new Trouble(
                        NodeHealth.NO_PEERS,
                        "has no peers to hear of new blocks from",
                        node -> node.connections = 0),
                new Trouble(
                        NodeHealth.STALE_TIP,
                        "has heard of no block for 180 minutes: is it cut off?",
                        node -> node.tipTime = FakeNode.TIP_TIME - 10_800),
                new Trouble(
                        NodeHealth.AUTH_FAILED,
                        "does not accept our RPC user and password",
                        node -> node.password = "other"),
                new Trouble(NodeHealth.UNREACHABLE, "refuses connections", FakeNode::die),
                Trouble.ofSilence("getblockchaininfo"),
                new Trouble(
                        NodeHealth.UNREACHABLE,
                        "says it is too busy (HTTP 503)",
                        node -> node.status("getblockchaininfo", 503)),
                new Trouble(
                        NodeHealth.STARTING,
                        "is starting (Verifying blocks…)",
                        node -> node.error("getblockchaininfo", -28, "Verifying blocks…")),
                new Trouble(
                        NodeHealth.SYNCING,
                        "offers no template yet: downloading blocks",
                        node -> node.error("getblocktemplate", -10, "downloading blocks")),
                new Trouble(
                        NodeHealth.NO_PEERS,
                        "offers no template: not connected!",
                        node -> node.error("getblocktemplate", -9, "not connected!")),
                Trouble.ofSilence("getblocktemplate"),
                new Trouble(
                        NodeHealth.BAD_TEMPLATE,
                        "gives no good template: the template has no list of transactions",
                        node -> node.result("getblocktemplate", Map.of("height", 1))));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void tellsTheOperatorWhatIsWrong(Trouble trouble) throws Exception {
        var clock = InstantSource.fixed(Instant.ofEpochSecond(node.tipTime));
        trouble.change.make(node);

        try (var set = start(trouble.timings, clock)) {
            assertThat(listener.nothing()).isEqualTo("first " + trouble.sentence);
            assertThat(set.status().getFirst().health()).isEqualTo(trouble.health);
            assertThat(set.status().getFirst().inUse()).isFalse();
        }
    }

    /// The pool itself breaks off what it asked last, which is no news.
    @Test
    void saysNothingOfANodeThatIsLeftAlone() throws Exception {
        var asked = new CountDownLatch(1);
        var brokenOff = new CountDownLatch(1);
        var told = new CountDownLatch(1);
        node.on(
                "getblockchaininfo",
                (_, _, socket) -> {
                    asked.countDown();
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                    brokenOff.countDown();
                });
        var client =
                new NodeClient(
                        node.settings("first"),
                        NodeSetTest.publicChain(),
                        NodeSetTest.TIMINGS,
                        new AtomicLong(),
                        InstantSource.system(),
                        told::countDown,
                        _ -> {});
        client.start();
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

        client.close();

        assertThat(brokenOff.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(told.await(300, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(client.view()).isEqualTo(NodeView.UNKNOWN);
    }

    private NodeSet start(NodeTimings timings, InstantSource clock) {
        var set =
                new NodeSet(
                        NodeSetTest.publicChain(),
                        List.of(node.settings("first")),
                        timings,
                        listener,
                        ChainFloor.NONE,
                        clock);
        set.start();
        return set;
    }
}
