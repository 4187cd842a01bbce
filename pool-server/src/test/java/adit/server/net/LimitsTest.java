package adit.server.net;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.channel.ChannelSettings;
import adit.server.config.Limits;
import adit.server.job.SampleJobs;
import adit.server.source.CloseReason;
import adit.server.source.LoadLevel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/// What a connection, and a source, may cost the pool: each limit from both of its sides, over real sockets
/// from an address that is a source like others.
final class LimitsTest {

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private static final String SUBSCRIBE =
            "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}";
    private static final String PING = "{\"id\":9,\"method\":\"mining.ping\",\"params\":[]}";
    private static final String PONG = "{\"id\":9,\"result\":\"pong\",\"error\":null}";
    private static final int SECOND = 1000;
    private static final ChannelSettings HARD =
            new ChannelSettings(1L << 60, 1, 1L << 62, false, 15, false, 0);

    private PoolRig rig;
    private InetSocketAddress pool;
    private final List<Wire> wires = new ArrayList<>();
    private int nonce;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new PoolRig(directory, true);
        rig.publish(SampleJobs.job(0x6f1, SampleJobs.TIP_A, SampleJobs.HARD));
        pool = rig.listen(PoolRig.ANY);
    }

    @AfterEach
    void close() {
        wires.forEach(Wire::close);
        rig.close();
    }

    @Test
    void takesTwoHundredConnectionsOfASourceWithoutWorkAndNoMore() {
        for (int i = 0; i < Limits.CONNECTIONS_WITHOUT_WORK; i++) {
            assertIsServed(connect(pool));
        }

        assertThat(connect(pool).line()).isEqualTo(Optional.empty());
        assertThat(rig.connectionCount()).isEqualTo(Limits.CONNECTIONS_WITHOUT_WORK);
    }

    @Test
    void takesTwoThousandConnectionsAtOnceOfASourceThatDeliveredWork() {
        var miner = connect(pool);
        logIn(miner);
        deliverWork(miner);
        for (int i = 0; i < 2000; i++) {
            connect(pool).send(SUBSCRIBE, authorize(2, ADDRESS + ".rig" + i));
        }

        for (var wire : wires.subList(1, wires.size())) {
            assertThat(lines(wire, 4).getLast()).isEqualTo(accepted(2));
        }
        assertThat(rig.connectionCount()).isEqualTo(2001);
    }

    @Test
    void logsFiveThousandNamesInAtOnceOnOneConnectionWithoutWork() {
        var proxy = connect(pool);
        proxy.send(SUBSCRIBE);
        assertThat(lines(proxy, 3)).hasSize(3);
        var names = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            names.append(authorize(i, ADDRESS + ".w" + i)).append('\n');
        }
        Thread.ofVirtual().start(() -> proxy.send(names.toString().strip()));

        for (int i = 0; i < 5000; i++) {
            assertThat(proxy.line()).contains(accepted(i));
        }
        assertIsServed(proxy);
    }

    @Test
    void pausesWhoDeliversNoWorkAfterFiveHundredMessagesAndGoesOnWhenHalfIsEarnedBack() {
        var idler = connect(pool);
        logIn(idler);
        // Subscribe and the login: one of the two counts.
        send(idler, PING, Limits.MESSAGES_BURST_WITHOUT_WORK);
        assertThat(lines(idler, 500)).containsOnly(PONG);

        long before = rig.receivedBytes();
        idler.send(PING);
        rig.onLoop(_ -> {});
        rig.passMillis(SECOND);
        assertThat(rig.receivedBytes()).isEqualTo(before);

        rig.passMillis(5 * SECOND);
        assertThat(idler.line()).contains(PONG);
        assertThat(closed(CloseReason.MESSAGES)).isZero();
    }

    @Test
    void closesWhoHasBeenPausedThreeTimesWithoutWork() {
        var flooder = connect(pool);
        logIn(flooder);
        for (int pause = 0; pause < Limits.PAUSES_WITHOUT_WORK; pause++) {
            send(flooder, PING, 600);
            assertThat(lines(flooder, 600)).containsOnly(PONG);
            rig.passMillis(60 * SECOND);
        }
        send(flooder, PING, 600);

        assertThat(lines(flooder, 601)).contains(Wire.CLOSED);
        assertThat(closed(CloseReason.MESSAGES)).isOne();
        assertThat(rig.sources.penalties(InstantSource.system())).isEmpty();
    }

    @Test
    void neverLimitsTheRateOfWhoDeliversWork() {
        var proxy = connect(pool);
        logIn(proxy);
        for (int i = 0; i < 20; i++) {
            deliverWork(proxy);
            send(proxy, PING, 400);
            assertThat(proxy.linesBeforeProbe().stream().filter(PONG::equals)).hasSize(400);
        }
    }

    @Test
    void keepsASourceOutForAMinuteAfterTooManyErrorsAndTakesItWhenLifted() {
        err(connect(pool));
        assertThat(connect(pool).line()).isEqualTo(Optional.empty());
        assertThat(closed(CloseReason.PROTOCOL_ERRORS)).isOne();

        rig.passMillis(59_999);
        assertThat(connect(pool).line()).isEqualTo(Optional.empty());
        rig.passMillis(1);
        assertIsServed(connect(pool));

        err(connect(pool));
        rig.passMillis(119_999);
        assertThat(connect(pool).line()).isEqualTo(Optional.empty());
        rig.liftPenalties();
        assertIsServed(connect(pool));
    }

    @Test
    void keepsNoSourceOutThatHasDeliveredWork() {
        var miner = connect(pool);
        logIn(miner);
        deliverWork(miner);
        err(connect(pool));

        assertIsServed(connect(pool));
        assertIsServed(miner);
    }

    @Test
    void closesOnTheTenthFailedLoginOfAMinuteAndKeepsTheSourceOut() {
        var wrong = connect(pool);
        for (int i = 1; i < Limits.FAILED_AUTHORIZES_PER_MINUTE; i++) {
            wrong.send(authorize(i, "not-an-address"));
            assertThat(wrong.line().orElseThrow()).contains("24");
        }
        assertIsServed(wrong);
        wrong.send(authorize(10, "not-an-address"));
        assertThat(wrong.line().orElseThrow()).contains("24");

        assertThat(wrong.line()).isEqualTo(Optional.empty());
        assertThat(connect(pool).line()).isEqualTo(Optional.empty());
        assertThat(closed(CloseReason.FAILED_LOGINS)).isOne();
    }

    @Test
    void sendsWorkAgainAfterAMinuteOfRefusalsAndLetsGoAfterThree() {
        var miner = connect(pool);
        logIn(miner);
        submitRefused(miner, Limits.REFUSED_IN_A_ROW);
        rig.passMillis(59_999);
        assertThat(miner.linesBeforeProbe()).noneMatch(line -> isWork(line) && !isKeptAlive(line));

        rig.passMillis(5 * SECOND);
        assertThat(miner.linesBeforeProbe())
                .anyMatch(line -> line.contains("mining.set_difficulty"))
                .anyMatch(line -> line.contains("mining.notify") && line.endsWith("true]}"));
        rig.passMillis(100 * SECOND);
        assertThat(miner.linesBeforeProbe()).doesNotContain(Wire.CLOSED);

        rig.passMillis(20 * SECOND);

        assertThat(miner.linesBeforeProbe()).contains(Wire.CLOSED);
        assertThat(closed(CloseReason.INVALID_SHARES)).isOne();
        assertThat(connect(pool).line()).isEqualTo(Optional.empty());
    }

    @Test
    void forgivesRefusalsWithOneGoodShare() {
        var miner = connect(pool);
        logIn(miner);
        submitRefused(miner, 100);
        deliverWork(miner);
        rig.passMillis(300 * SECOND);
        submitRefused(miner, Limits.REFUSED_IN_A_ROW - 1);
        rig.passMillis(300 * SECOND);

        assertThat(miner.linesBeforeProbe()).doesNotContain(Wire.CLOSED);
    }

    @Test
    void doesNotCountSharesBelowTheirDifficultyForHalfAMinuteAfterItWasLowered() {
        var hard = rig.listen(HARD);
        var miner = connect(hard);
        logIn(miner);
        rig.passMillis(40 * SECOND);
        assertThat(miner.linesBeforeProbe()).anyMatch(line -> line.contains("set_difficulty"));
        submitWeak(miner, 2 * Limits.REFUSED_IN_A_ROW);
        // Vardiff has lowered it again meanwhile, so the clock moves on to where it can no more.
        rig.passMillis(200 * SECOND);

        assertThat(miner.linesBeforeProbe()).doesNotContain(Wire.CLOSED);
        assertThat(closed(CloseReason.INVALID_SHARES)).isZero();
    }

    @Test
    void makesWorkHarderForWhoSubmitsFiveTimesTooOftenWhateverItWished() {
        var miner = connect(pool);
        miner.send(SUBSCRIBE, authorize(2, ADDRESS + ".rig1").replace("\"x\"", "\"d=0.000001\""));
        assertThat(miner.linesBeforeProbe()).contains(accepted(2));
        // Half a minute at fifteen a minute, five times over, is 37.
        submitRefused(miner, 37);
        rig.passMillis(30 * SECOND);
        assertThat(miner.linesBeforeProbe()).noneMatch(line -> line.contains("set_difficulty"));
        submitRefused(miner, 38);
        rig.passMillis(30 * SECOND);

        assertThat(miner.linesBeforeProbe()).anyMatch(line -> line.contains("set_difficulty"));
    }

    @Test
    void writesNothingForSharesBelowTheirDifficulty() {
        var miner = connect(rig.listen(HARD));
        logIn(miner);
        long before = rig.journal.durableSequence();
        submitWeak(miner, 300);

        assertThat(rig.journal.recordsInFlight()).isZero();
        assertThat(rig.journal.durableSequence()).isEqualTo(before);
    }

    @Test
    void asksASilentPeerWhetherItIsThere() {
        connect(pool);
        rig.awaitConnections(1);

        assertThat(rig.keepalives()).containsExactly(List.of(60, 20, 3, 60_000));
    }

    @Test
    void letsGoAfterTwoHoursWithoutASubmission() {
        var sleeper = connect(pool);
        logIn(sleeper);
        var worker = connect(pool);
        logIn(worker);
        for (int minutes = 0; minutes < 120; minutes += 10) {
            rig.passMillis(600 * SECOND);
            deliverWork(worker);
            assertThat(sleeper.linesBeforeProbe()).doesNotContain(Wire.CLOSED);
        }

        rig.passMillis(5 * SECOND);

        assertThat(sleeper.linesBeforeProbe()).contains(Wire.CLOSED);
        assertThat(worker.linesBeforeProbe()).doesNotContain(Wire.CLOSED);
        assertThat(closed(CloseReason.NO_SHARES)).isOne();
    }

    @Test
    void closesWhoLeavesTooMuchUnread() {
        var deaf = connect(pool, 4096);
        logIn(deaf);
        var large = largeConfigure();
        boolean open = true;
        for (int i = 0; i < 490 && open; i++) {
            open = deaf.send(large, 0, large.length);
        }
        rig.awaitConnections(0);

        assertThat(closed(CloseReason.UNREAD)).isOne();
    }

    @Test
    void sendsOnlyTheNewestJobToWhoReadsAgainAndKeepsOthersInTime() {
        var slow = connect(pool, 4096);
        logIn(slow);
        var quick = connect(pool);
        logIn(quick);
        fill(slow);
        assertThat(rig.anyUnwritable()).isTrue();
        for (int i = 1; i <= 5; i++) {
            rig.publish(SampleJobs.job(0x6f1 + i, SampleJobs.TIP_B, SampleJobs.HARD));
            assertThat(quick.line().orElseThrow()).contains("%08x".formatted(0x6f1 + i));
        }

        var job = slow.line().orElseThrow();
        while (!isWork(job)) {
            job = slow.line().orElseThrow();
        }

        assertThat(job).contains("000006f6").endsWith("true]}");
        assertThat(slow.linesBeforeProbe()).noneMatch(LimitsTest::isWork);
    }

    @Test
    void closesWhoReadsNothingForAMinute() {
        var slow = connect(pool, 4096);
        logIn(slow);
        fill(slow);
        rig.passMillis(60 * SECOND);
        assertThat(rig.connectionCount()).isOne();

        rig.passMillis(5 * SECOND);

        rig.awaitConnections(0);
        assertThat(closed(CloseReason.UNREAD)).isOne();
    }

    @Test
    void refusesNewConnectionsAndReadsInTurnAtTheThirdLevelOfLoad() {
        var one = connect(pool);
        logIn(one);
        var two = connect(pool);
        logIn(two);
        rig.overloaded.set(true);
        rig.onLoop(loop -> loop.load(LoadLevel.CLOSED));
        assertThat(connect(pool).line()).isEqualTo(Optional.empty());

        long before = rig.receivedBytes();
        one.send(PING);
        two.send(PING);
        int turns = 0;
        long deadline = System.nanoTime() + SECONDS.toNanos(20);
        while (rig.receivedBytes() < before + 2L * (PING.length() + 1)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            turns++;
            rig.passMillis(1);
        }
        assertThat(turns).isPositive();

        rig.overloaded.set(false);
        rig.onLoop(loop -> loop.load(LoadLevel.NORMAL));
        // The pool's clock went as fast as the loop could turn: a job may have come meanwhile.
        assertThat(one.linesBeforeProbe()).contains(PONG).doesNotContain(Wire.CLOSED);
        assertThat(two.linesBeforeProbe()).contains(PONG).doesNotContain(Wire.CLOSED);
        assertIsServed(connect(pool));
    }

    @Test
    void pausesOnlyWhoCostsMoreThanItsPartAtTheSecondLevelOfLoad() {
        var greedy = connect(pool);
        logIn(greedy);
        var modest = connect(pool);
        logIn(modest);
        submitRefused(greedy, 30);
        rig.onLoop(loop -> loop.load(LoadLevel.SELECTIVE));
        long before = rig.receivedBytes();
        greedy.send(PING);
        assertIsServed(modest);
        assertThat(rig.receivedBytes() - before).isEqualTo(PING.length() + 1);

        rig.onLoop(loop -> loop.load(LoadLevel.EASED));

        assertThat(greedy.line()).contains(PONG);
    }

    private Wire connect(InetSocketAddress to) {
        return connect(to, 0);
    }

    private Wire connect(InetSocketAddress to, int receiveBytes) {
        var wire = new Wire(to, receiveBytes);
        wires.add(wire);
        return wire;
    }

    private void logIn(Wire wire) {
        wire.send(SUBSCRIBE, authorize(2, ADDRESS + ".rig1"));
        assertThat(lines(wire, 4).getLast()).isEqualTo(accepted(2));
    }

    private void deliverWork(Wire wire) {
        wire.send(submit(77, "000006f100", nonce++));
        var line = wire.line().orElseThrow();
        while (isWork(line)) {
            line = wire.line().orElseThrow();
        }
        assertThat(line).isEqualTo(accepted(77));
    }

    private void err(Wire wire) {
        var wrong = "{\"id\":3,\"method\":\"mining.nope\",\"params\":[]}";
        send(wire, wrong, Limits.PROTOCOL_ERRORS_PER_MINUTE + 1);
        assertThat(lines(wire, Limits.PROTOCOL_ERRORS_PER_MINUTE + 2)).endsWith(Wire.CLOSED);
    }

    /// Asks until the answers no longer fit.
    private void fill(Wire deaf) {
        var large = largeConfigure();
        for (int i = 0; i < 400 && !rig.anyUnwritable(); i++) {
            long before = rig.receivedBytes();
            deaf.send(large, 0, large.length);
            rig.awaitReceived(before + large.length);
        }
    }

    private static void submitRefused(Wire wire, int times) {
        send(wire, submit(5, "000006ff00", 1), times);
        assertThat(lines(wire, times)).allMatch(line -> line.contains("Job not found"));
    }

    private static void submitWeak(Wire wire, int times) {
        for (int i = 0; i < times; i++) {
            wire.send(submit(5, "000006f100", i));
            assertThat(wire.line().orElseThrow()).contains("23");
        }
    }

    private static void assertIsServed(Wire wire) {
        wire.send(PING);
        assertThat(wire.line()).contains(PONG);
    }

    private double closed(CloseReason reason) {
        return rig.meters.counter("adit.connections.closed", "reason", reason.label()).count();
    }

    private static boolean isWork(String line) {
        return line.contains("mining.notify") || line.contains("mining.set_difficulty");
    }

    private static void send(Wire wire, String line, int times) {
        var bytes = (line + "\n").repeat(times).getBytes(UTF_8);
        wire.send(bytes, 0, bytes.length);
    }

    /// The job again, which comes with time so that the miner's own timeout does not run out.
    private static boolean isKeptAlive(String line) {
        return line.contains("mining.notify") && line.endsWith("false]}");
    }

    private static List<String> lines(Wire wire, int count) {
        return Stream.generate(() -> wire.line().orElse(Wire.CLOSED))
                .filter(line -> !isKeptAlive(line))
                .limit(count)
                .toList();
    }

    /// A request with an answer of the same size, some 13 KB.
    private static byte[] largeConfigure() {
        var names = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            names.append(i == 0 ? "" : ",").append("\"%060d\"".formatted(i));
        }
        return ("{\"id\":4,\"method\":\"mining.configure\",\"params\":[[" + names + "],{}]}\n")
                .getBytes(UTF_8);
    }

    private static String authorize(int id, String name) {
        return "{\"id\":%d,\"method\":\"mining.authorize\",\"params\":[\"%s\",\"x\"]}"
                .formatted(id, name);
    }

    private static String submit(int id, String job, int nonce) {
        return "{\"id\":%d,\"method\":\"mining.submit\",\"params\":[\"%s.rig1\",\"%s\",\"0000000000000000\",\"68a5c000\",\"%08x\"]}"
                .formatted(id, ADDRESS, job, nonce);
    }

    private static String accepted(int id) {
        return "{\"id\":%d,\"result\":true,\"error\":null}".formatted(id);
    }
}
