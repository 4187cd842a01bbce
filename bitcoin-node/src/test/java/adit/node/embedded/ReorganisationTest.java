package adit.node.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ReorganisationTest {
    @TempDir Path directory;

    @Test
    void movesToTheBranchWithMoreWork() {
        try (var rig = rig()) {
            rig.mine(3);
            var fork = rig.chain().tip();
            var lost = rig.mine();
            var coinsBefore = rig.coins();
            var rival = rig.on(fork).mined();
            assertThat(rig.node.submit(rival)).contains("inconclusive");
            assertThat(rig.chain().tip()).isEqualTo(lost);
            assertThat(rig.coins()).isEqualTo(coinsBefore);

            var winner = rig.on(rig.entry(rival)).mined();
            assertThat(rig.node.submit(winner)).isEmpty();

            assertThat(rig.chain().tip().hash()).isEqualTo(winner.hash());
            assertThat(rig.chain().confirmations(lost)).isEqualTo(-1);
            assertThat(rig.chain().confirmations(rig.entry(rival))).isEqualTo(2);
            assertThat(rig.announced.getLast()).isEqualTo(winner.hash());
            assertThat(rig.coins()).isEqualTo(rig.recountedCoins());
        }
    }

    @Test
    void givesTransactionsOfLostBlocksBack() {
        try (var rig = ChainRig.aged(directory)) {
            var fork = rig.chain().tip();
            var parent = rig.pay(5_000);
            rig.mine();
            var child = rig.pay(6_000);
            rig.mine();
            assertThat(rig.waiting()).isEmpty();

            var one = rig.on(fork).mined();
            rig.node.submit(one);
            var two = rig.on(rig.entry(one)).mined();
            rig.node.submit(two);
            rig.node.submit(rig.on(rig.entry(two)).mined());

            assertThat(rig.waiting())
                    .containsExactlyInAnyOrder(parent.toString(), child.toString());
            rig.mine();
            assertThat(rig.waiting()).isEmpty();
        }
    }

    @Test
    void sendsAPaymentAgainWhenItIsPossibleAgain() {
        try (var rig = ChainRig.aged(directory)) {
            var tip = rig.chain().tip();
            var second = rig.chain().at(2).orElseThrow();
            var payment = rig.pay(5_000);

            rig.node.invalidate(second);
            assertThat(rig.waiting()).isEmpty();
            rig.node.reconsider(second);

            assertThat(rig.chain().tip()).isEqualTo(tip);
            assertThat(rig.waiting()).containsExactly(payment.toString());
            rig.mine();
            assertThat(rig.waiting()).isEmpty();
        }
    }

    @Test
    void leavesABranchThatTurnsOutInvalid() {
        try (var rig = rig()) {
            rig.mine(3);
            var fork = rig.chain().tip();
            var tip = rig.mine();
            var coinsBefore = rig.coins();
            var greedy = rig.on(fork).paying(60_0000_0000L).mined();
            assertThat(rig.node.submit(greedy)).contains("inconclusive");

            var onTop = rig.on(rig.entry(greedy)).mined();
            assertThat(rig.node.submit(onTop)).contains("inconclusive");

            assertThat(rig.chain().tip()).isEqualTo(tip);
            assertThat(rig.coins()).isEqualTo(coinsBefore);
            assertThat(rig.node.submit(greedy)).contains("duplicate-invalid");
            assertThat(rig.node.submit(onTop)).contains("duplicate-invalid");
        }
    }

    @Test
    void saysWhyTheBlockThatWouldWinIsRefused() {
        try (var rig = rig()) {
            rig.mine(3);
            var fork = rig.chain().tip();
            var tip = rig.mine();
            var rival = rig.on(fork).mined();
            rig.node.submit(rival);

            var greedy = rig.on(rig.entry(rival)).paying(60_0000_0000L).mined();

            assertThat(rig.node.submit(greedy)).contains("bad-cb-amount");
            assertThat(rig.chain().tip()).isEqualTo(tip);
            assertThat(rig.coins()).isEqualTo(rig.recountedCoins());
        }
    }

    @Test
    void invalidatesAndReconsiders() {
        try (var rig = rig()) {
            rig.mine(3);
            var coinsAtThree = rig.coins();
            var fourth = rig.mine();
            rig.mine(2);
            var sixth = rig.chain().tip();
            var coinsAtSix = rig.coins();

            rig.node.invalidate(fourth);
            assertThat(rig.chain().tip()).isEqualTo(fourth.parent());
            assertThat(rig.coins()).isEqualTo(coinsAtThree);
            assertThat(sixth.isFailed()).isTrue();
            rig.clock.advance(Duration.ofSeconds(1));
            var other = rig.mine();

            rig.node.reconsider(fourth);
            assertThat(rig.chain().tip()).isEqualTo(sixth);
            assertThat(rig.coins()).isEqualTo(coinsAtSix);
            assertThat(rig.chain().confirmations(other)).isEqualTo(-1);
            assertThat(rig.announced.getLast()).isEqualTo(sixth.hash());
        }
    }

    @Test
    void reconsidersADescendantWithItsAncestors() {
        try (var rig = rig()) {
            rig.mine(2);
            var third = rig.mine();
            var fourth = rig.mine();
            rig.node.invalidate(third);

            rig.node.reconsider(fourth);

            assertThat(rig.chain().tip()).isEqualTo(fourth);
        }
    }

    @Test
    void prefersTheBranchKnownEarlierWhenWorkIsEqual() {
        try (var rig = rig()) {
            rig.mine(2);
            var first = rig.mine();
            var second = rig.on(first.parent()).mined();
            rig.node.submit(second);
            rig.node.invalidate(first);
            assertThat(rig.chain().tip().hash()).isEqualTo(second.hash());

            rig.node.reconsider(first);

            assertThat(rig.chain().tip()).isEqualTo(first);
        }
    }

    @Test
    void goesBackAHundredAndFiftyBlocks() {
        try (var rig = rig()) {
            rig.mine(20);
            var coinsBefore = rig.coins();
            var first = rig.mine();
            rig.mine(149);
            var coinsAfter = rig.coins();

            rig.node.invalidate(first);
            assertThat(rig.coins()).isEqualTo(coinsBefore);
            rig.node.reconsider(first);

            assertThat(rig.coins()).isEqualTo(coinsAfter);
        }
    }

    /// After every step the coins must be those counted again from the blocks, and a restart must change nothing.
    @Test
    void keepsItsCoinsRightThroughAnyHistory() {
        for (long seed = 1; seed <= 6; seed++) {
            var file = directory.resolve("history-" + seed);
            var random = new Random(seed);
            var clock = new TestClock();
            var settings = EmbeddedChainSettings.regtest();
            List<ChainEntry> known = new ArrayList<>();
            AgedChain.copyTo(file);
            try (var rig = new ChainRig(file, settings, clock)) {
                known.add(rig.chain().tip());
                for (int step = 0; step < 60; step++) {
                    clock.advance(Duration.ofSeconds(1));
                    step(rig, random, known);
                    assertThat(rig.coins())
                            .as("seed %d step %d", seed, step)
                            .isEqualTo(rig.recountedCoins());
                    assertThat(rig.node.wallet().spendableSats()).isEqualTo(spendableSats(rig));
                    assertThat(known).noneMatch(entry -> better(entry, rig.chain().tip()));
                }
                try (var copy = copyOf(file, clock)) {
                    assertThat(copy.chain().tip().hash())
                            .as("seed %d", seed)
                            .isEqualTo(rig.chain().tip().hash());
                    assertThat(copy.coins()).isEqualTo(rig.coins());
                    assertThat(copy.waiting()).isEqualTo(rig.waiting());
                    assertThat(copy.recountedCoins()).isEqualTo(copy.coins());
                }
            }
        }
    }

    private static void step(ChainRig rig, Random random, List<ChainEntry> known) {
        var any = known.get(random.nextInt(known.size()));
        switch (random.nextInt(8)) {
            case 0, 1 -> known.add(rig.mine());
            case 2, 3, 4 -> {
                if (!any.isFailed()) {
                    var block = rig.on(any).mined();
                    rig.node.submit(block);
                    known.add(rig.entry(block));
                }
            }
            case 5 -> {
                if (random.nextInt(4) == 0) {
                    rig.node.invalidate(any);
                } else {
                    rig.node.reconsider(any);
                }
            }
            default -> {
                var change = rig.node.ownScript(random.nextInt(3));
                var payee = new Transaction.Output(1_000 + random.nextInt(100_000), change);
                rig.node.send(payee, change, 1, random.nextBoolean());
            }
        }
    }

    private static long spendableSats(ChainRig rig) {
        var own = new HashSet<String>();
        for (int i = 0; i < rig.node.wallet().addresses(); i++) {
            own.add(HexFormat.of().formatHex(rig.node.wallet().scriptAt(i)));
        }
        var sum = new AtomicLong();
        rig.chain()
                .coins()
                .forEach((outPoint, coin) -> {
                    boolean isOurs = own.contains(HexFormat.of().formatHex(coin.output().script()));
                    boolean isMature = coin.isMatureAt(rig.chain().tip().height());
                    if (isOurs && isMature && !rig.node.mempool().isSpent(outPoint)) {
                        sum.addAndGet(coin.sats());
                    }
                });
        return sum.get();
    }

    private static boolean better(ChainEntry entry, ChainEntry tip) {
        return !entry.isFailed() && entry.beats(tip);
    }

    private static ChainRig copyOf(Path file, TestClock clock) {
        return new ChainRig(ChainRig.copy(file), EmbeddedChainSettings.regtest(), clock);
    }

    private ChainRig rig() {
        return new ChainRig(directory.resolve("chain.dat"));
    }
}
