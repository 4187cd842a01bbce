package adit.server.source;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import adit.server.config.Limits;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;

import static org.assertj.core.api.Assertions.assertThat;

/// The accounting of sources, on a clock that the test moves.
@NullUnmarked // a test fails on null by itself
final class SourcesTest {

    private static final int MOST = 20_000;
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final long SECOND = 1_000_000_000;
    private static final long PRICE = 1 << 20;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Integer> closed = new ArrayList<>();
    private long nanos = Long.MAX_VALUE - 5 * SECOND; // it may wrap, and does so in these tests
    private boolean overloaded;
    private long blockUnits = PRICE;
    private final Sources sources = sources(MOST, Limits.REMEMBERED_SOURCES);

    @Test
    void letsASourceWithoutWorkHaveTwoHundredConnections() {
        var visits = enter("203.0.113.7", Limits.CONNECTIONS_WITHOUT_WORK);
        assertThat(visits).doesNotContainNull();
        pass(60);

        assertThat(enter("203.0.113.7")).isNull();
        assertThat(refused("source-full")).isOne();
        assertThat(enter("203.0.113.8")).isNotNull();
        visits.getFirst().leave();
        assertThat(enter("203.0.113.7")).isNotNull();
    }

    @Test
    void letsASourceWithoutWorkConnectFiftyTimesASecondAndTwoHundredTimesAtOnce() {
        for (int i = 0; i < Limits.NEW_CONNECTIONS_BURST_WITHOUT_WORK; i++) {
            enter("203.0.113.7").leave();
        }
        assertThat(enter("203.0.113.7")).isNull();
        assertThat(refused("source-rate")).isOne();
        pass(1);
        for (int i = 0; i < Limits.NEW_CONNECTIONS_PER_SECOND_WITHOUT_WORK; i++) {
            enter("203.0.113.7").leave();
        }

        assertThat(enter("203.0.113.7")).isNull();
    }

    @Test
    void countsAWholeIpv6SubnetAsOneSource() {
        for (int i = 0; i < Limits.CONNECTIONS_WITHOUT_WORK; i++) {
            assertThat(enter("2001:db8:1:2::" + Integer.toHexString(i))).isNotNull();
        }

        assertThat(enter("2001:db8:1:2:ffff::1")).isNull();
        assertThat(enter("2001:db8:1:3::1")).isNotNull();
    }

    @Test
    void letsASourceThatDeliveredWorkHaveAllThatThePoolHas() {
        enter("203.0.113.7").delivered(PRICE);

        assertThat(enter("203.0.113.7", MOST - 1)).doesNotContainNull();
        assertThat(enter("203.0.113.7")).isNull();
        assertThat(refused("full")).isOne();
        assertThat(sources.open()).isEqualTo(MOST);
    }

    @Test
    void givesCreditForSevenDaysEachTimeThePriceIsDelivered() {
        var miner = enter("203.0.113.7");
        assertThat(miner.delivered(PRICE)).isTrue();
        pass(6 * 86_400);
        miner.delivered(PRICE);
        miner.leave();
        pass(7 * 86_400);
        assertThat(enter("203.0.113.7", 1000)).doesNotContainNull();

        pass(1);
        assertThat(enter("203.0.113.7")).isNull();
    }

    @Test
    void givesNoCreditForLessWorkThanItCostsHoweverManySharesItComesIn() {
        var miner = enter("203.0.113.7");
        for (int i = 0; i < 1000; i++) {
            assertThat(miner.delivered(1)).isFalse();
        }
        assertThat(miner.delivered(PRICE - 1001)).isFalse();
        enter("203.0.113.7", Limits.CONNECTIONS_WITHOUT_WORK - 1);
        assertThat(enter("203.0.113.7")).isNull();

        assertThat(miner.delivered(1)).isTrue();

        assertThat(enter("203.0.113.7")).isNotNull();
    }

    @Test
    void addsUpTheWorkOfASourceOverItsConnections() {
        for (var miner : enter("203.0.113.7", 3)) {
            assertThat(miner.delivered(PRICE / 4)).isFalse();
            miner.leave();
        }

        assertThat(enter("203.0.113.7").delivered(PRICE / 4)).isTrue();
    }

    @Test
    void asksNoMoreThanABlockAndNoMoreThanItsOwnPrice() {
        blockUnits = 5;
        assertThat(enter("203.0.113.7").delivered(4)).isFalse();
        assertThat(enter("203.0.113.8").delivered(5)).isTrue();

        blockUnits = Long.MAX_VALUE;
        assertThat(enter("203.0.113.9").delivered(Limits.CREDIT_UNITS - 1)).isFalse();
        assertThat(enter("203.0.113.10").delivered(Limits.CREDIT_UNITS)).isTrue();
    }

    @Test
    void refusesEverybodyAboveItsOwnLimitAndUnderLoad() {
        var small = sources(3, 10);
        for (int i = 0; i < 3; i++) {
            assertThat(small.enter(address("203.0.113." + i), () -> {})).isNotNull();
        }
        assertThat(small.enter(address("203.0.113.9"), () -> {})).isNull();
        assertThat(small.enterFromProxy(() -> {})).isNull();
        assertThat(small.open()).isEqualTo(3);

        overloaded = true;
        assertThat(enter("203.0.113.7")).isNull();
        assertThat(refused("load")).isOne();
        assertThat(sources.open()).isZero();
    }

    @Test
    void closesTheOldestOfThoseWhoAwaitTheirLoginAtATenthOfAll() {
        var small = sources(100, 100);
        enter(small, 1, "198.51.100.1").delivered(PRICE);
        enter(small, 2, "198.51.100.1");
        enter(small, 3, "203.0.113.1").loggedIn();
        enter(small, 4, "203.0.113.2").leave();
        for (int i = 0; i < 10; i++) {
            enter(small, 10 + i, "203.0.113." + i);
        }
        assertThat(closed).isEmpty();

        enter(small, 20, "203.0.113.9");
        enter(small, 21, "203.0.113.9");

        assertThat(closed).containsExactly(10, 11);
    }

    @Test
    void sparesTheWaitingConnectionsOfASourceThatHasEarnedCreditMeanwhile() {
        var small = sources(20, 100);
        enter(small, 1, "203.0.113.1");
        enter(small, 2, "203.0.113.1").delivered(PRICE);
        enter(small, 3, "203.0.113.2");
        enter(small, 4, "203.0.113.3");

        assertThat(closed).isEmpty();
        enter(small, 5, "203.0.113.4");

        assertThat(closed).containsExactly(3);
    }

    @Test
    void doublesThePenaltyUpToTenMinutesAndForgetsItAfterAnHour() {
        var seconds = List.of(60, 120, 240, 480, 600, 600);
        for (int i = 0; i < seconds.size(); i++) {
            enter("203.0.113.7").closedFor(CloseReason.PROTOCOL_ERRORS);
            assertThat(sources.penalties(() -> NOON))
                    .containsExactly(
                            new Penalty(
                                    "203.0.113.7",
                                    CloseReason.PROTOCOL_ERRORS,
                                    NOON,
                                    NOON.plusSeconds(seconds.get(i)),
                                    i + 1));
            pass(seconds.get(i) - 1);
            assertThat(enter("203.0.113.7")).isNull();
            pass(1);
        }
        assertThat(sources.penalties(() -> NOON)).isEmpty();
        pass(3600);

        enter("203.0.113.7").closedFor(CloseReason.FAILED_LOGINS);

        assertThat(sources.penalties(() -> NOON).getFirst().count()).isEqualTo(1);
    }

    @Test
    void beginsOnePenaltyForAllOffencesThatAreUnderWay() {
        var visits = enter("203.0.113.7", 100);
        visits.forEach(v -> v.closedFor(CloseReason.PROTOCOL_ERRORS));

        assertThat(sources.penalties(() -> NOON).getFirst().count()).isEqualTo(1);
        assertThat(meters.counter("adit.penalties", "reason", "protocol-errors").count()).isOne();
    }

    @Test
    void punishesNobodyWithCreditAndNothingThatIsNoOffence() {
        var miner = enter("203.0.113.7");
        miner.delivered(PRICE);
        miner.closedFor(CloseReason.INVALID_SHARES);
        enter("203.0.113.8").closedFor(CloseReason.SILENT);

        assertThat(sources.penalties(() -> NOON)).isEmpty();
    }

    @Test
    void endsAPenaltyWhenAConnectionThatWasThereEarnsCredit() {
        var miner = enter("203.0.113.7");
        enter("203.0.113.7").closedFor(CloseReason.PROTOCOL_ERRORS);
        miner.delivered(PRICE - 1);
        assertThat(enter("203.0.113.7")).isNull();

        miner.delivered(1);

        assertThat(enter("203.0.113.7")).isNotNull();
        assertThat(sources.penalties(() -> NOON)).isEmpty();
    }

    @Test
    void liftsAPenalty() {
        enter("203.0.113.7").closedFor(CloseReason.PROTOCOL_ERRORS);
        var source = SourceAddress.parse("203.0.113.7").orElseThrow();

        assertThat(sources.lift(source)).isTrue();

        assertThat(enter("203.0.113.7")).isNotNull();
        assertThat(sources.lift(source)).isFalse();
        assertThat(sources.lift(SourceAddress.parse("203.0.113.8").orElseThrow())).isFalse();
    }

    @Test
    void exemptsThisMachineUnlessToldOtherwise() {
        var exempting =
                new Sources(
                        Sources.Bounds.of(MOST, false),
                        () -> false,
                        () -> PRICE,
                        metrics(),
                        new EventLog(),
                        () -> nanos);
        for (int i = 0; i < 1000; i++) {
            var visit = exempting.enter(InetAddress.getLoopbackAddress(), () -> {});
            assertThat(visit).isNotNull();
            visit.closedFor(CloseReason.PROTOCOL_ERRORS);
        }

        assertThat(enter("127.0.0.1", 201).getLast()).isNull();
    }

    @Test
    void countsAProxysConnectionsByTheAddressTheyComeFrom() {
        for (int i = 0; i < Limits.CONNECTIONS_WITHOUT_WORK; i++) {
            var visit = sources.enterFromProxy(() -> {});
            assertThat(visit.comesFrom(address("203.0.113.7"))).isTrue();
        }
        var refused = sources.enterFromProxy(() -> {});
        assertThat(refused.comesFrom(address("203.0.113.7"))).isFalse();
        refused.leave();
        var other = sources.enterFromProxy(() -> {});
        assertThat(other.comesFrom(address("203.0.113.8"))).isTrue();

        assertThat(sources.open()).isEqualTo(Limits.CONNECTIONS_WITHOUT_WORK + 1);
        assertThat(enter("203.0.113.7")).isNull();
    }

    @Test
    void forgetsWhoIsWorthLeastFirstAndNeverWhoIsConnected() {
        var small = sources(10, 8);
        var connected = small.enter(address("198.51.100.1"), () -> {});
        var credited = small.enter(address("198.51.100.2"), () -> {});
        credited.delivered(PRICE);
        credited.leave();
        var punished = small.enter(address("198.51.100.3"), () -> {});
        punished.closedFor(CloseReason.FAILED_LOGINS);
        punished.leave();
        for (int i = 0; i < 10_000; i++) {
            small.enter(address("10.0.%d.%d".formatted(i / 250, i % 250)), () -> {}).leave();
            assertThat(small.known()).isLessThanOrEqualTo(10 + 8);
        }

        assertThat(small.penalties(() -> NOON)).hasSize(1);
        for (int i = 0; i < 8; i++) {
            assertThat(small.enter(address("198.51.100.2"), () -> {})).isNotNull();
        }
        connected.leave();
        assertThat(small.open()).isEqualTo(8);
    }

    /// Whatever happens, below the pool's own limit a source with credit is let in, and the counts agree
    /// with those of a model.
    @Test
    void neverRefusesASourceWithCreditBelowThePoolsLimit() {
        long seed = 20_261_124;
        for (int run = 0; run < 200; run++) {
            var random = new Random(seed + run);
            var model = sources(60, 12);
            var live = new ArrayList<Visit>();
            var farm = model.enter(address("198.51.100.1"), () -> {});
            farm.delivered(PRICE);
            farm.leave();
            for (int step = 0; step < 400; step++) {
                var at = "seed %d, step %d".formatted(seed + run, step);
                int source = random.nextInt(30);
                switch (random.nextInt(7)) {
                    case 0, 1 -> {
                        var visit = model.enter(address("203.0.113." + source), () -> {});
                        if (visit != null) {
                            live.add(visit);
                        }
                    }
                    case 2 -> {
                        var visit = model.enter(address("198.51.100.1"), () -> {});
                        assertThat(visit != null).as(at).isEqualTo(live.size() < 60);
                        if (visit != null) {
                            live.add(visit);
                        }
                    }
                    case 3 -> {
                        if (!live.isEmpty()) {
                            live.remove(random.nextInt(live.size())).leave();
                        }
                    }
                    case 4 -> {
                        if (!live.isEmpty()) {
                            var reasons = CloseReason.values();
                            live.get(random.nextInt(live.size()))
                                    .closedFor(reasons[random.nextInt(reasons.length)]);
                        }
                    }
                    case 5 -> pass(random.nextInt(100));
                    default -> {
                        if (!live.isEmpty()) {
                            live.get(random.nextInt(live.size())).loggedIn();
                        }
                    }
                }
                assertThat(model.open()).as(at).isEqualTo(live.size());
                assertThat(model.known()).as(at).isLessThanOrEqualTo(60 + 12);
            }
            live.forEach(Visit::leave);
            live.forEach(Visit::leave);
            assertThat(model.open()).isZero();
        }
    }

    private Sources sources(int most, int remembered) {
        return new Sources(
                new Sources.Bounds(most, remembered, true),
                () -> overloaded,
                () -> blockUnits,
                metrics(),
                new EventLog(),
                () -> nanos);
    }

    private PoolMetrics metrics() {
        return new PoolMetrics(meters);
    }

    private Visit enter(String from) {
        return sources.enter(address(from), () -> {});
    }

    private List<Visit> enter(String from, int times) {
        var visits = new ArrayList<Visit>();
        for (int i = 0; i < times; i++) {
            visits.add(enter(from));
        }
        return visits;
    }

    private Visit enter(Sources into, int name, String from) {
        return into.enter(address(from), () -> closed.add(name));
    }

    private void pass(long seconds) {
        nanos += seconds * SECOND;
    }

    private double refused(String reason) {
        return meters.counter("adit.connections.refused", "reason", reason).count();
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException no) {
            throw new AssertionError(no);
        }
    }
}
