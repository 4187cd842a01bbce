package adit.server.settle;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.ShareClass;
import adit.ledger.postgres.BlockState;
import adit.ledger.postgres.FakeShareSource;
import adit.ledger.postgres.FrozenDistribution.Boundary;
import adit.ledger.postgres.Position;
import adit.node.Confirmations;
import adit.pow.Hash;

import static adit.server.settle.SettledPool.D64;
import static adit.server.settle.SettledPool.ONE;
import static adit.server.settle.SettledPool.SUBSIDY_SATS;
import static adit.server.settle.SettledPool.block;
import static adit.server.settle.SettledPool.share;
import static adit.server.settle.SettledPool.worker;
import static org.assertj.core.api.Assertions.assertThat;

class SettlerTest {
    private static final long SECOND = 1_000_000;
    private static final long SUBSIDY_SATS_AND_FEES = SUBSIDY_SATS + 7;

    private final SettledPool pool = new SettledPool("1.5");

    @AfterEach
    void close() {
        pool.close();
    }

    /// Work of all accounts on both servers, over some minutes, across a retarget, in the order of time.
    private void work(String scheme, int shares) {
        for (int i = 0; i < shares; i++) {
            var source = i % 3 == 0 ? pool.two : pool.one;
            source.at(Times.ofMicros(newestMicros())).later(i % 4 * (7 * SECOND));
            share(source, 1 + i * 7 % 5, scheme, 1 + i / 20 % 2, 1 + i % 6);
        }
    }

    private void findBlock(FakeShareSource source, int account, String scheme) {
        source.at(Times.ofMicros(newestMicros())).later(SECOND);
        block(source, account, scheme);
    }

    private long newestMicros() {
        return Math.max(pool.one.lastPosition().timeMicros(), pool.two.lastPosition().timeMicros());
    }

    private ShareModel.Block last() {
        return pool.model().blocks().getLast();
    }

    private void settleAt(ShareModel.Block block, int confirmations) throws Exception {
        pool.confirm(block, confirmations);
        pool.settle();
    }

    @Test
    void creditsAPplnsBlockOverItsWindowAndReleasesItWhenMature() throws Exception {
        work("PPLNS", 90);
        work("SOLO", 5);
        findBlock(pool.one, 2, "PPLNS");
        work("PPLNS", 10);
        pool.passAndProject();
        var model = pool.model();
        var split = model.pplns(last(), 3, 2);

        settleAt(last(), 1);
        assertThat(pool.balances()).isEqualTo(new ModelBooks().pending(split).balances());
        assertThat(split.credits()).hasSizeGreaterThan(3);
        assertThat(pool.distribution(last()).boundary()).isEqualTo(Boundary.EXACT);

        settleAt(last(), 100);
        assertThat(pool.balances()).isEqualTo(new ModelBooks().pending(split).balances());

        settleAt(last(), 101);
        assertThat(pool.state(last())).isEqualTo(BlockState.MATURE);
        assertThat(pool.balances()).isEqualTo(new ModelBooks().released(split).balances());
    }

    @Test
    void endsAPplnsWindowInsideAShare() throws Exception {
        // 60 + 30 + 8 units of work of 64 a block, all in one minute: the window of 96 takes 58 of
        // 60.
        share(pool.one, 1, "PPLNS", 1, 60);
        share(pool.two, 3, "PPLNS", 1, 30);
        findBlock(pool.one, 5, "PPLNS");
        pool.passAndProject();

        settleAt(last(), 1);

        var split = pool.distribution(last());
        assertThat(split.creditsMsat().values())
                .containsExactly(
                        SUBSIDY_SATS_AND_FEES * 1000 * 99 / 100 * 58 / 96 + 1,
                        SUBSIDY_SATS_AND_FEES * 1000 * 99 / 100 * 30 / 96 + 1,
                        SUBSIDY_SATS_AND_FEES * 1000 * 99 / 100 * 8 / 96);
        assertThat(split.oldest().sequence()).isEqualTo(first(pool.one).sequence());
    }

    private static JournalRecord first(FakeShareSource source) {
        return source.records(1).stream()
                .filter(JournalRecord.Share.class::isInstance)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void takesTheOldestMinuteProRataWhereItsSharesAreGone() throws Exception {
        pool.one.at(SettledPool.NOON.minus(Duration.ofDays(3)));
        pool.one.beginEpoch();
        pool.one.account(1, "a1").worker(worker(1, "PPLNS"), 1, "rig", "PPLNS", 100);
        pool.one.account(3, "a3").worker(worker(3, "PPLNS"), 3, "rig", "PPLNS", 100);
        pool.one.job(1, D64, SUBSIDY_SATS);
        share(pool.one, 1, "PPLNS", 1, 60);
        share(pool.one, 3, "PPLNS", 1, 60);
        pool.project();
        SettledPool.begin(pool.one, SettledPool.NOON);
        findBlock(pool.one, 5, "PPLNS");
        pool.passAndProject();
        pool.execute("SELECT pool.drop_shares_before(date '2026-11-20')");

        settleAt(last(), 1);

        var split = pool.distribution(last());
        assertThat(split.boundary()).isEqualTo(Boundary.PRO_RATA);
        // 88 of the window's 96 are half and half, though a3's share is the newer one.
        long net = split.rewardMsat() - split.feeMsat();
        assertThat(split.creditsMsat().values().stream().sorted().toList())
                .containsExactly(net * 8 / 96 + 1, net * 44 / 96, net * 44 / 96);
    }

    @Test
    void paysASoloBlockToItsFinder() throws Exception {
        work("PPLNS", 10);
        findBlock(pool.two, 4, "SOLO");
        pool.passAndProject();
        var split = pool.model().solo(last());

        settleAt(last(), 1);
        assertThat(pool.balances()).isEqualTo(new ModelBooks().pending(split).balances());

        settleAt(last(), 101);
        assertThat(pool.balances()).isEqualTo(new ModelBooks().released(split).balances());
    }

    /// On chain there are only whole satoshi, rounded in the finder's favour: 312,500,007 less 2 % is 306,250,007.
    private static final long FINDER_SATS = 306_250_007;

    private void findPayingBlock(long directSats) {
        pool.two.at(Times.ofMicros(newestMicros())).later(SECOND);
        pool.two.coinbase(4L << 32 | 1, 1);
        pool.two.share(4, worker(4, "SOLO"), 4L << 32 | 1, 8 * ONE);
        pool.two.block(4, worker(4, "SOLO"), 4L << 32 | 1, D64, SUBSIDY_SATS, directSats);
    }

    @Test
    void owesNothingThatTheCoinbaseHasPaidAndBooksTheFeeAlone() throws Exception {
        work("PPLNS", 10);
        findPayingBlock(FINDER_SATS);
        pool.passAndProject();
        var split = pool.model().paidDirectly(last());
        assertThat(split.feeMsat()).isEqualTo((SUBSIDY_SATS_AND_FEES - FINDER_SATS) * 1000);

        settleAt(last(), 1);
        assertThat(pool.balances()).isEqualTo(new ModelBooks().pending(split).balances());
        var stored = pool.distribution(last());
        assertThat(stored.creditsMsat().values()).containsExactly(FINDER_SATS * 1000);
        assertThat(stored.directMsat()).isEqualTo(stored.creditsMsat());
        assertThat(stored.parametersJson())
                .contains("\"directSats\":\"306250007\"", "\"finderFeeBps\":\"200\"");

        settleAt(last(), 101);
        assertThat(pool.balances()).isEqualTo(new ModelBooks().released(split).balances());
        assertThat(pool.balances())
                .isEqualTo(
                        new TreeMap<>(
                                Map.of(
                                        "A:WALLET", split.feeMsat(),
                                        "I:POOL_FEE", split.feeMsat())));
    }

    @Test
    void booksNothingAtMaturityWhereTheCoinbasePaidTheFinderEverything() throws Exception {
        findPayingBlock(SUBSIDY_SATS_AND_FEES);
        pool.passAndProject();
        var split = pool.model().paidDirectly(last());
        assertThat(split.feeMsat()).isZero();

        settleAt(last(), 1);
        assertThat(pool.balances()).isEqualTo(new ModelBooks().pending(split).balances());
        settleAt(last(), 101);
        assertThat(pool.balances()).isEmpty();
        long booked = pool.transactions();

        pool.settle();
        pool.orphan(last());
        pool.settle();
        assertThat(pool.state(last())).isEqualTo(BlockState.ORPHANED);
        assertThat(pool.balances()).isEmpty();
        assertThat(pool.transactions()).isEqualTo(booked + 1);
        settleAt(last(), 102);
        settleAt(last(), 103);
        assertThat(pool.balances()).isEmpty();
    }

    @Test
    void owesWhatACoinbaseThatPaidTooLittleLeftOut() throws Exception {
        findPayingBlock(FINDER_SATS - 1_000_000);
        pool.passAndProject();
        var earned = pool.model().solo(last());

        settleAt(last(), 101);
        settleAt(last(), 101);

        assertThat(pool.balances())
                .isEqualTo(
                        new TreeMap<>(
                                Map.of(
                                        "A:WALLET",
                                        (SUBSIDY_SATS_AND_FEES - FINDER_SATS + 1_000_000) * 1000,
                                        "I:POOL_FEE",
                                        earned.feeMsat(),
                                        "L:MINER_AVAILABLE:a4",
                                        earned.credits().getOrDefault("a4", 0L)
                                                - (FINDER_SATS - 1_000_000) * 1000)));
    }

    @Test
    void reversesADirectlyPaidOrphanExactlyAndLeavesALossToItsFinder() throws Exception {
        findPayingBlock(FINDER_SATS);
        var block = last();
        pool.passAndProject();
        var split = pool.model().paidDirectly(block);
        settleAt(block, 1);
        for (int departure = 1; departure <= 2; departure++) {
            pool.orphan(block);
            pool.settle();
            assertThat(pool.balances()).isEmpty();
            settleAt(block, departure);
            assertThat(pool.balances()).isEqualTo(new ModelBooks().pending(split).balances());
        }
        settleAt(block, 101);
        pool.orphan(block);
        pool.settle();
        assertThat(pool.balances()).isEqualTo(new ModelBooks().lost(split).balances());
        assertThat(pool.balances()).containsEntry("X:ORPHAN_LOSS", split.feeMsat());

        settleAt(block, 102);
        settleAt(block, 103);
        assertThat(pool.balances()).isEqualTo(new ModelBooks().released(split).balances());
    }

    @Test
    void sharesARoundOutOverTheWorkSinceTheBlockBeforeIt() throws Exception {
        work("PROP", 30);
        findBlock(pool.one, 1, "PROP");
        var one = last();
        work("PROP", 25);
        findBlock(pool.one, 2, "SOLO");
        work("PROP", 10);
        findBlock(pool.two, 3, "PROP");
        var two = last();
        pool.passAndProject();
        pool.confirm(one, 5);
        pool.confirm(two, 1);
        pool.orphan(pool.model().blocks().get(1));

        pool.settle();

        var model = pool.model();
        assertThat(pool.balances())
                .isEqualTo(
                        new ModelBooks()
                                .pending(model.round(one, Position.START))
                                .pending(model.round(two, one.position()))
                                .balances());
        assertThat(pool.distribution(two).boundary()).isEqualTo(Boundary.EXACT);
    }

    @Test
    void mergesTheRoundOfAnOrphanIntoTheNext() throws Exception {
        work("PROP", 30);
        findBlock(pool.one, 1, "PROP");
        var one = last();
        pool.passAndProject();
        settleAt(one, 1);
        assertThat(pool.balances()).isNotEmpty();

        pool.orphan(one);
        pool.settle();
        assertThat(pool.balances()).isEmpty();

        work("PROP", 12);
        findBlock(pool.two, 3, "PROP");
        var two = last();
        pool.passAndProject();
        settleAt(two, 1);
        assertThat(pool.balances())
                .isEqualTo(
                        new ModelBooks()
                                .pending(pool.model().round(two, Position.START))
                                .balances());
    }

    @Test
    void creditsNoRoundBeforeItIsKnownWhereItBegan() throws Exception {
        work("PROP", 8);
        findBlock(pool.one, 1, "PROP");
        var one = last();
        work("PROP", 8);
        findBlock(pool.two, 3, "PROP");
        var two = last();
        pool.passAndProject();

        settleAt(two, 1);
        assertThat(pool.balances()).isEmpty();

        settleAt(one, 2);
        assertThat(pool.balances())
                .isEqualTo(
                        new ModelBooks()
                                .pending(pool.model().round(one, Position.START))
                                .pending(pool.model().round(two, one.position()))
                                .balances());
    }

    @Test
    void givesAPpsBlockToTheOperator() throws Exception {
        findBlock(pool.one, 3, "PPS");
        pool.passAndProject();
        var split = pool.model().operator(last());

        settleAt(last(), 1);
        assertThat(pool.balances()).isEqualTo(new ModelBooks().pending(split).balances());

        settleAt(last(), 101);
        assertThat(pool.balances()).isEqualTo(new ModelBooks().released(split).balances());
    }

    @Test
    void keepsARewardNobodyWorkedForUntilAPersonDecides() throws Exception {
        pool.one.share(1, worker(1, "PPLNS"), 1, ONE, ShareClass.STALE);
        pool.one.block(1, worker(1, "PPLNS"), 1, D64, SUBSIDY_SATS);
        pool.passAndProject();

        settleAt(last(), 1);
        assertThat(pool.balances())
                .isEqualTo(
                        new TreeMap<>(
                                Map.of(
                                        "A:IMMATURE", SUBSIDY_SATS_AND_FEES * 1000,
                                        "L:UNATTRIBUTED", SUBSIDY_SATS_AND_FEES * 1000)));
        settleAt(last(), 101);
        assertThat(pool.balances()).containsKeys("A:WALLET", "L:UNATTRIBUTED").hasSize(2);
    }

    @Test
    void reversesAnOrphanExactlyAtEveryStageAndBringsItBack() throws Exception {
        for (var scheme : List.of("PPLNS", "PROP", "SOLO", "PPS")) {
            var before = pool.balances();
            work(scheme, 20);
            pool.now = pool.now.plusSeconds(60);
            findBlock(pool.one, 2, scheme);
            var block = last();
            pool.passAndProject();

            pool.orphan(block);
            pool.settle();
            assertThat(withoutShares(pool.balances())).as(scheme).isEqualTo(withoutShares(before));

            settleAt(block, 1);
            var credited = pool.balances();
            assertThat(credited).isNotEqualTo(before);

            for (int departure = 1; departure <= 3; departure++) {
                pool.orphan(block);
                pool.settle();
                assertThat(pool.state(block)).isEqualTo(BlockState.ORPHANED);
                assertThat(withoutShares(pool.balances()))
                        .as(scheme + " " + departure)
                        .isEqualTo(withoutShares(before));

                settleAt(block, departure);
                assertThat(pool.balances()).as(scheme + " " + departure).isEqualTo(credited);
            }
            pool.orphan(block);
            pool.settle();
        }
    }

    private static Map<String, Long> withoutShares(Map<String, Long> balances) {
        var others = new TreeMap<>(balances);
        others.keySet().removeIf(account -> account.equals("X:SHARE_COST"));
        return others;
    }

    @Test
    void booksAReorganisationDeeperThanMaturityAsTheOperatorsLoss() throws Exception {
        work("PPLNS", 40);
        findBlock(pool.one, 2, "PPLNS");
        var block = last();
        pool.passAndProject();
        var split = pool.model().pplns(block, 3, 2);
        settleAt(block, 1);
        pool.orphan(block);
        pool.settle();
        settleAt(block, 90);
        settleAt(block, 101);
        assertThat(pool.balances()).isEqualTo(new ModelBooks().released(split).balances());

        for (int departure = 1; departure <= 2; departure++) {
            pool.orphan(block);
            pool.settle();
            assertThat(pool.balances()).isEqualTo(new ModelBooks().lost(split).balances());

            settleAt(block, 102);
            settleAt(block, 103);
            assertThat(pool.state(block)).isEqualTo(BlockState.MATURE);
            assertThat(pool.balances()).isEqualTo(new ModelBooks().released(split).balances());
        }
    }

    @Test
    void creditsABlockThatIsMatureBeforeItsSharesAreHere() throws Exception {
        work("PPLNS", 20);
        findBlock(pool.one, 2, "PPLNS");
        pool.project();
        settleAt(last(), 101);
        pool.settle();
        assertThat(pool.state(last())).isEqualTo(BlockState.MATURE);
        assertThat(pool.balances()).isEmpty();

        // Server two was behind and had work from before the block.
        pool.two.at(Times.ofMicros(last().position().timeMicros() - 1));
        share(pool.two, 5, "PPLNS", 1, 7);
        pool.passAndProject();
        pool.settle();
        assertThat(pool.balances())
                .isEqualTo(new ModelBooks().released(pool.model().pplns(last(), 3, 2)).balances());
    }

    @Test
    void leavesABlockOfAnUnknownSchemeAloneAndSettlesTheOthers() throws Exception {
        pool.one.worker(99, 1, "rig", "SLICE", 100).share(1, 99, 1, ONE);
        pool.one.block(1, 99, 1, D64, SUBSIDY_SATS);
        var strange = last();
        findBlock(pool.one, 2, "SOLO");
        pool.passAndProject();
        pool.confirm(strange, 2);

        settleAt(last(), 1);
        pool.settle();

        assertThat(pool.balances())
                .isEqualTo(new ModelBooks().pending(pool.model().solo(last())).balances());
    }

    @Test
    void doesNothingWhileNoNodeCanBeAsked() throws Exception {
        findBlock(pool.one, 2, "SOLO");
        pool.passAndProject();
        settleAt(last(), 1);
        var credited = pool.balances();

        pool.chain.reachable(false);
        pool.orphan(last());
        pool.settle();

        assertThat(pool.balances()).isEqualTo(credited);
        assertThat(pool.state(last())).isEqualTo(BlockState.ACTIVE);
    }

    @Test
    void leadsOnOneServerOnlyAndHandsOverWhenThatOneStops() throws Exception {
        findBlock(pool.one, 2, "SOLO");
        pool.passAndProject();
        pool.chain.put(Hash.of(last().hash()), new Confirmations.Active(1));
        var other = pool.newSettler();
        assertThat(other.runOnce()).isTrue();
        assertThat(pool.settler().runOnce()).isFalse();
        assertThat(pool.settler().isLeader()).isFalse();

        other.close();
        assertThat(pool.settler().runOnce()).isTrue();
        assertThat(other.runOnce()).isFalse();
        assertThat(pool.transactions()).isEqualTo(1);
    }
}
