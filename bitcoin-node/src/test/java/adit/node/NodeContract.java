package adit.node;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

import org.junit.jupiter.api.Test;

import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;

/// What the pool relies on in a node, as tests that any node on a fresh regtest chain must pass.
///
/// Implement [#startNode] in a test class to hold one to it.
public interface NodeContract {
    /// Starts a node whose chain is one or more blocks high at most by its own doing.
    NodeUnderTest startNode() throws Exception;

    @Test
    default void offersATemplateOnItsTip() throws Exception {
        try (var pool = PoolSide.of(startNode())) {
            var template = pool.listener().template(_ -> true);

            assertThat(template.height()).isPositive();
            assertThat(template.subsidySats())
                    .isEqualTo(pool.node().chain().subsidySats(template.height()));
            assertThat(template.coinbaseValueSats()).isEqualTo(template.subsidySats());
            assertThat(pool.set().status())
                    .singleElement()
                    .satisfies(status -> {
                        assertThat(status.health()).isEqualTo(NodeHealth.READY);
                        assertThat(status.height()).isEqualTo(template.height() - 1);
                        assertThat(status.inUse()).isTrue();
                    });
        }
    }

    @Test
    default void takesABlockAndOffersTheNextTemplate() throws Exception {
        try (var pool = PoolSide.of(startNode())) {
            var template = pool.listener().template(_ -> true);
            var block = MinedBlock.of(template, 1);

            assertThat(pool.submit(block)).isEqualTo(SubmitOutcome.ACCEPTED);

            var next = pool.listener().template(one -> one.previousHash().equals(block.hash()));
            assertThat(next.height()).isEqualTo(template.height() + 1);
            assertThat(pool.set().confirmations(block.hash()))
                    .isEqualTo(new Confirmations.Active(1));
        }
    }

    @Test
    default void minesAChainOfItsOwnTemplates() throws Exception {
        try (var pool = PoolSide.of(startNode())) {
            var template = pool.listener().template(_ -> true);
            var first = MinedBlock.of(template, 1);
            var block = first;
            for (int i = 0; i < 5; i++) {
                assertThat(pool.submit(block)).isEqualTo(SubmitOutcome.ACCEPTED);
                var onTop = block.hash();
                var next = pool.listener().template(one -> one.previousHash().equals(onTop));
                block = MinedBlock.of(next, 1);
            }

            assertThat(pool.set().confirmations(first.hash()))
                    .isEqualTo(new Confirmations.Active(5));
        }
    }

    @Test
    default void takesABlockTwice() throws Exception {
        try (var pool = PoolSide.of(startNode())) {
            var block = MinedBlock.of(pool.listener().template(_ -> true), 1);
            pool.submit(block);

            assertThat(pool.submit(block)).isEqualTo(SubmitOutcome.ACCEPTED);
        }
    }

    @Test
    default void keepsTheSecondBlockOfAHeightAsAFork() throws Exception {
        try (var pool = PoolSide.of(startNode())) {
            var template = pool.listener().template(_ -> true);
            pool.submit(MinedBlock.of(template, 1));
            var second = MinedBlock.of(template, 2);

            assertThat(pool.submit(second)).isEqualTo(SubmitOutcome.FORK);
            assertThat(pool.set().confirmations(second.hash()))
                    .isEqualTo(new Confirmations.NotActive());
        }
    }

    @Test
    default void followsTheLongerChain() throws Exception {
        try (var pool = PoolSide.of(startNode())) {
            var template = pool.listener().template(_ -> true);
            var left = MinedBlock.of(template, 1);
            pool.submit(left);
            var right = MinedBlock.of(template, 2);
            pool.submit(right);
            var onLeft = pool.listener().template(one -> one.previousHash().equals(left.hash()));
            var onRight =
                    MinedBlock.of(MinedBlock.changed(onLeft, right.hash(), onLeft.height(), 0), 3);

            assertThat(pool.submit(onRight)).isEqualTo(SubmitOutcome.ACCEPTED);

            pool.listener().template(one -> one.previousHash().equals(onRight.hash()));
            assertThat(pool.set().confirmations(left.hash()))
                    .isEqualTo(new Confirmations.NotActive());
            assertThat(pool.set().confirmations(right.hash()))
                    .isEqualTo(new Confirmations.Active(2));
        }
    }

    @Test
    default void doesNotDecideOnABlockWhoseParentItLacks() throws Exception {
        try (var pool = PoolSide.of(startNode())) {
            var template = pool.listener().template(_ -> true);
            var unknown = Hash.ofContent(new byte[] {1});
            var block =
                    MinedBlock.of(
                            MinedBlock.changed(template, unknown, template.height() + 1, 0), 1);

            assertThat(pool.submit(block)).isEqualTo(SubmitOutcome.UNDECIDED);
            assertThat(pool.set().confirmations(block.hash()))
                    .isEqualTo(new Confirmations.Unknown());
        }
    }

    @Test
    default void refusesABlockThatPaysTooMuch() throws Exception {
        try (var pool = PoolSide.of(startNode())) {
            var template = pool.listener().template(_ -> true);
            var greedy =
                    MinedBlock.changed(template, template.previousHash(), template.height(), 1);

            assertThat(pool.submit(MinedBlock.of(greedy, 1))).isEqualTo(SubmitOutcome.REFUSED);
        }
    }

    @Test
    default void refusesABlockWithoutWork() throws Exception {
        try (var pool = PoolSide.of(startNode())) {
            var template = pool.listener().template(_ -> true);

            assertThat(pool.submit(MinedBlock.withoutWork(template, 1)))
                    .isEqualTo(SubmitOutcome.REFUSED);
        }
    }

    @Test
    default void refusesBytesThatAreNoBlock() throws Exception {
        try (var pool = PoolSide.of(startNode())) {
            pool.listener().template(_ -> true);
            var noise = new MinedBlock(new byte[] {1, 2, 3}, Hash.ofContent(new byte[] {2}));

            assertThat(pool.submit(noise)).isEqualTo(SubmitOutcome.REFUSED);
        }
    }

    @Test
    default void judgesProposals() throws Exception {
        try (var pool = PoolSide.of(startNode())) {
            var template = pool.listener().template(_ -> true);
            var greedy =
                    MinedBlock.changed(template, template.previousHash(), template.height(), 1);

            assertThat(pool.propose(MinedBlock.withoutWork(template, 1)))
                    .isEqualTo(new Proposal.Valid());
            assertThat(pool.propose(MinedBlock.withoutWork(greedy, 1)))
                    .isInstanceOf(Proposal.Invalid.class);

            var block = MinedBlock.of(template, 1);
            pool.submit(block);
            pool.listener().template(one -> one.previousHash().equals(block.hash()));
            assertThat(pool.propose(MinedBlock.withoutWork(template, 2)))
                    .isEqualTo(new Proposal.Outdated());
        }
    }

    @Test
    default void tellsUnknownBlocks() throws Exception {
        try (var pool = PoolSide.of(startNode())) {
            pool.listener().template(_ -> true);

            assertThat(pool.set().confirmations(Hash.ofContent(new byte[] {3})))
                    .isEqualTo(new Confirmations.Unknown());
        }
    }

    @Test
    default void paysFeesToTheCoinbase() throws Exception {
        try (var pool = PoolSide.of(startNode())) {
            var template = pool.listener().template(_ -> true);
            if (!pool.node().pays()) {
                assertThat(template.isEmpty()).isTrue();
                return;
            }
            var paying = pool.listener().template(one -> !one.isEmpty());
            var block = MinedBlock.of(paying, 1);

            assertThat(paying.coinbaseValueSats()).isGreaterThan(paying.subsidySats());
            assertThat(pool.propose(block)).isEqualTo(new Proposal.Valid());
            assertThat(pool.submit(block)).isEqualTo(SubmitOutcome.ACCEPTED);
            if (pool.node().hasBlockStats()) {
                assertThat(pool.set().blockStats(block.hash()))
                        .contains(
                                new BlockStats(
                                        block.hash(),
                                        paying.height(),
                                        paying.subsidySats(),
                                        paying.coinbaseValueSats() - paying.subsidySats()));
            }
        }
    }

    /// The pool's side of one node: a node set with nothing but it.
    record PoolSide(NodeUnderTest node, NodeSet set, FakeTemplateListener listener)
            implements AutoCloseable {
        private static final Duration PATIENCE = Duration.ofSeconds(20);

        static PoolSide of(NodeUnderTest node) {
            var listener = new FakeTemplateListener();
            var timings =
                    new NodeTimings(
                            Duration.ofSeconds(20),
                            Duration.ofSeconds(20),
                            Duration.ofMinutes(5),
                            Duration.ofMillis(500),
                            Duration.ofSeconds(1),
                            Duration.ofHours(2),
                            Duration.ofSeconds(1));
            var set =
                    new NodeSet(
                            node.chain(),
                            List.of(node.settings()),
                            timings,
                            listener,
                            ChainFloor.NONE,
                            InstantSource.system());
            set.start();
            return new PoolSide(node, set, listener);
        }

        SubmitOutcome submit(MinedBlock block) throws InterruptedException {
            var submission = set.submit(block.bytes(), block.hash(), _ -> {});
            assertThat(submission.await(PATIENCE)).isTrue();
            return submission.outcome();
        }

        Proposal propose(MinedBlock block) {
            return set.propose(block.bytes(), node.settings().name());
        }

        @Override
        public void close() {
            set.close();
            node.close();
        }
    }
}
