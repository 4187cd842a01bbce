package adit.server.settle;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import adit.ledger.journal.ShareClass;
import adit.ledger.postgres.FakeShareSource;
import adit.ledger.postgres.FrozenDistribution;
import adit.ledger.postgres.TestSeed;
import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;

import static adit.server.settle.SettledPool.block;
import static adit.server.settle.SettledPool.share;
import static adit.server.settle.SettledPool.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

class PpsIntervalsTest {
    private static final long SECOND = 1_000_000;

    private final long seed = TestSeed.next();
    private final Random random = new Random(seed);
    private final SettledPool pool = new SettledPool("2");

    @AfterEach
    void close() {
        pool.close();
    }

    private void work(int shares) {
        for (int i = 0; i < shares; i++) {
            var source = random.nextBoolean() ? pool.one : pool.two;
            source.later(random.nextInt(60) * SECOND);
            int account = 1 + random.nextInt(5);
            // Odd amounts and two networks leave fractions that never end.
            source.share(
                    account,
                    worker(account, random.nextInt(4) == 0 ? "PPLNS" : "PPS"),
                    1 + random.nextInt(2),
                    1 + random.nextInt(1 << 30),
                    random.nextInt(9) == 0 ? ShareClass.STALE : ShareClass.ACCEPTED);
        }
    }

    private Instant newest() {
        return Times.ofMicros(
                Math.max(
                        pool.one.lastPosition().timeMicros(),
                        pool.two.lastPosition().timeMicros()));
    }

    /// Where the last interval ended that everything before has passed.
    private Instant endOfIntervals(long seconds) {
        return Instant.ofEpochSecond(newest().getEpochSecond() / seconds * seconds);
    }

    private void assertPaidBefore(Instant end) throws Exception {
        assertThat(pool.balances())
                .as("seed %d", seed)
                .isEqualTo(
                        new ModelBooks()
                                .shares(pool.model().pps(Times.begin(end).timeMicros()))
                                .balances());
    }

    @Test
    void paysTheWholePartOfAllWorkHoweverManyIntervalsItTakes() throws Exception {
        for (int round = 0; round < 6; round++) {
            work(40);
            pool.passAndProject();
            pool.now = newest().plusSeconds(3600);
            pool.settle();
            assertPaidBefore(endOfIntervals(600));
        }
        assertThat(pool.transactions()).isGreaterThan(20);
    }

    @Test
    void buysWhatIsLateByOurFaultAtTheOperatorsExpense() throws Exception {
        share(pool.one, 1, "PPLNS", 1, 8);
        pool.one.share(2, worker(2, "OURS"), 1, 8 * SettledPool.ONE, ShareClass.OURS);
        share(pool.one, 3, "PPS", 1, 4);
        pool.one.later(3 * 600 * SECOND).tip();
        pool.passAndProject();
        pool.now = newest().plusSeconds(3600);
        pool.settle();
        pool.settle();

        // 8 of 64 and 4 of 64 of a subsidy of 312,500,000 satoshi; fees of 2 % and 1 %.
        assertThat(pool.balances())
                .containsOnly(
                        entry("X:OUR_LATENESS", 39_062_500_000L),
                        entry("L:MINER_AVAILABLE:a2", 38_281_250_000L),
                        entry("X:SHARE_COST", 19_531_250_000L),
                        entry("L:MINER_AVAILABLE:a3", 19_335_937_500L),
                        entry("I:POOL_FEE", 781_250_000L + 195_312_500L));
    }

    @Test
    void leavesTheWindowOfTheOthersAsLongAsItIsWithoutThem() throws Exception {
        share(pool.one, 1, "PPLNS", 1, 63);
        ours(pool.one, 3, 40);
        share(pool.two, 3, "PPLNS", 1, 62);
        ours(pool.two, 1, 50);
        ours(pool.one, 5, 11);
        pool.one.at(newest()).later(SECOND);
        block(pool.one, 5, "PPLNS");
        ours(pool.one, 2, 9);
        pool.one.later(3 * 600 * SECOND).tip();
        pool.passAndProject();
        var found = pool.model().blocks().getLast();
        pool.confirm(found, 1);
        pool.now = newest().plusSeconds(3600);
        pool.settle();

        // The window is 2 blocks of 64: all of 8 and 62, and 58 of 63.
        var distribution = pool.distribution(found);
        long net = distribution.rewardMsat() - distribution.feeMsat();
        assertThat(distribution.boundary()).isEqualTo(FrozenDistribution.Boundary.EXACT);
        assertThat(distribution.unattributedMsat()).isZero();
        assertThat(distribution.creditsMsat().values())
                .satisfiesExactly(
                        one -> assertThat(one).isBetween(net * 58 / 128, net * 58 / 128 + 1),
                        three -> assertThat(three).isBetween(net * 62 / 128, net * 62 / 128 + 1),
                        five -> assertThat(five).isBetween(net * 8 / 128, net * 8 / 128 + 1));
        // 110 of 64 in the four.
        assertThat(pool.balances())
                .containsEntry("X:OUR_LATENESS", SettledPool.SUBSIDY_SATS * 1000 * 110 / 64);
    }

    private void ours(FakeShareSource source, int account, long difficulty) {
        source.share(
                account, worker(account, "OURS"), 1, difficulty * SettledPool.ONE, ShareClass.OURS);
    }

    @Test
    void waitsUntilEveryServerHasPassedTheEnd() throws Exception {
        share(pool.one, 1, "PPS", 1, 3);
        pool.one.later(3 * 600 * SECOND).tip();
        pool.two.later(SECOND).tip();
        pool.project();
        pool.now = newest();
        pool.settle();
        assertThat(pool.balances()).isEmpty();

        share(pool.two, 2, "PPS", 1, 3);
        pool.two.later(600 * SECOND).tip();
        pool.project();
        pool.settle();
        assertPaidBefore(SettledPool.NOON.plusSeconds(580));
        assertThat(pool.balances()).containsKeys("L:MINER_AVAILABLE:a1", "L:MINER_AVAILABLE:a2");
    }

    /// Server two is an hour behind, and comes up with all of it between two questions of the settler.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesOutNoWorkThatIsStoredWhileItLooks(boolean hasWorkOfItsOwn) throws Exception {
        for (int statement = 1; statement <= 12; statement++) {
            try (var late = new SettledPool("2")) {
                if (hasWorkOfItsOwn) {
                    late.one.later(900 * SECOND);
                    share(late.one, 1, "PPS", 1, 3);
                }
                late.one.at(SettledPool.NOON.plusSeconds(3600)).tip();
                late.project();
                late.two.later(60 * SECOND);
                share(late.two, 2, "PPS", 1, 3);
                late.two.at(SettledPool.NOON.plusSeconds(3600)).tip();
                late.now = SettledPool.NOON.plusSeconds(3600);
                late.faulty.beforeStatement(statement, late::project);
                var intervals =
                        new PpsIntervals(
                                PpsIntervals.Paid.PPS, Duration.ofMinutes(10), () -> late.now);
                try (var connection = late.faulty.getConnection()) {
                    for (int i = 0; i < 6; i++) {
                        var _ = intervals.accrueNext(connection);
                        late.now = late.now.plusSeconds(600);
                    }
                }
                late.project();

                assertThat(late.balances())
                        .as("before statement %d", statement)
                        .containsKey("L:MINER_AVAILABLE:a2");
            }
        }
    }

    @Test
    void keepsACarryTooSmallToBePaid() throws Exception {
        // Difficulty units so small that one share is worth a fraction of a millisatoshi.
        for (int i = 0; i < 30; i++) {
            pool.one.share(1, worker(1, "PPS"), 1, 1).later(601 * SECOND);
        }
        pool.passAndProject();
        pool.now = newest().plusSeconds(1200);
        pool.settle();

        assertPaidBefore(endOfIntervals(600));
        assertThat(pool.balances()).containsKey("L:MINER_AVAILABLE:a1");
        assertThat(pool.transactions()).isGreaterThan(5);
    }

    @Test
    void goesOnWhereTheLastIntervalEndedWhenTheirLengthChanges() throws Exception {
        work(60);
        pool.passAndProject();
        pool.now = newest().plusSeconds(7200);
        pool.settle();
        pool.settler().close();
        work(60);
        pool.one.at(newest().plus(Duration.ofHours(2))).tip();
        pool.passAndProject();
        pool.now = newest();
        var hourly =
                new PoolConfig.Scheme(PoolConfig.Scheme.Kind.PPS, 100, new BigDecimal("2"), 60);
        try (var settler =
                new Settler(
                        pool.faulty, hourly, _ -> {}, new EventLog(), () -> pool.now, _ -> {})) {
            assertThat(settler.runOnce()).isTrue();
        }

        assertPaidBefore(endOfIntervals(3600));
    }

    @Test
    void paysNothingTwiceWhenItStartsAnew() throws Exception {
        work(50);
        pool.passAndProject();
        pool.now = newest().plusSeconds(1200);
        pool.settle();
        var paid = pool.balances();

        pool.settler().close();
        pool.settle();
        pool.settle();

        assertThat(pool.balances()).isEqualTo(paid);
    }
}
