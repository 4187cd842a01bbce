package adit.server.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.ShareClass;
import adit.pow.Difficulty;
import adit.server.channel.ChannelSettings;
import adit.server.channel.Journaled;
import adit.server.config.Cidr;
import adit.server.config.PoolConfig.Entry;
import adit.server.config.PoolConfig.Protocol;
import adit.server.config.PoolConfig.Transport;
import adit.server.job.SampleJobs;
import adit.server.metrics.EventLog;
import adit.server.session.v1.ParkedChannel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// A miner that comes back for its channel, on two event loops between which connections go by turns.
final class ResumeTest {

    private static final String NAME = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4.rig1";
    private static final String AGENT = "miner/1.0";

    /// A difficulty that every hash but one meets.
    private static final String ONE_UNIT = "0.0000000002329";

    /// A difficulty that every second hash meets.
    private static final String TWO_UNITS = "0.00000000046566128730773926";

    private static final long TEN_MINUTES_MILLIS = 600_000;
    private static final Cidr OURSELVES = Cidr.parse("127.0.0.0/8").orElseThrow();

    /// What a subscribe reply tells.
    private record Session(String id, String prefix) {
        boolean isOnOtherLoopThan(Session other) {
            return ((HexFormat.fromHexDigits(prefix) ^ HexFormat.fromHexDigits(other.prefix)) & 1)
                    == 1;
        }
    }

    /// How a miner comes.
    enum Way {
        PLAIN,
        TLS,
        BEHIND_A_PROXY,
        TLS_BEHIND_A_PROXY;

        boolean isTls() {
            return this == TLS || this == TLS_BEHIND_A_PROXY;
        }

        boolean isBehindAProxy() {
            return this == BEHIND_A_PROXY || this == TLS_BEHIND_A_PROXY;
        }
    }

    private PoolRig rig;
    private TestCertificates files;
    private Certificates certificates;
    private InetSocketAddress port;
    private Way way = Way.PLAIN;
    private final List<Wire> wires = new ArrayList<>();

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new PoolRig(directory.resolve("journal"), 2);
        rig.publish(SampleJobs.job(0x6f1, SampleJobs.TIP_A, SampleJobs.HARD));
        port = rig.listen(PoolRig.ANY);
        files = new TestCertificates(directory);
        certificates =
                new Certificates(files.files(), new EventLog(), InstantSource.fixed(files.now));
    }

    @AfterEach
    void close() {
        wires.forEach(Wire::close);
        certificates.close();
        rig.close();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void givesTheSameChannelBackOnWhicheverLoopTheConnectionLands(Way comes) {
        way = comes;
        port =
                rig.listen(
                        new Entry(
                                Transport.AUTO,
                                Protocol.V1,
                                comes.isBehindAProxy() ? List.of(OURSELVES) : List.of()),
                        certificates);
        for (int turn = 0; turn < 4; turn++) {
            if (turn % 2 == 1) {
                // One more in between, so that the next comes to the other loop.
                logIn(connect(), "");
            }
            var before = connect();
            var session = logIn(before, "");
            int nonce = 100 * turn;
            before.send(submit(5, "000006f100", nonce));
            assertThat(before.line()).contains(accepted(5));
            hangUp(before);

            var after = connect();
            after.send(
                    "{\"id\":0,\"method\":\"mining.configure\",\"params\":[[\"version-rolling\"],{}]}",
                    subscribe(session.id()),
                    authorize(),
                    submit(6, "000006f100", nonce),
                    submit(7, "000006f100", nonce + 1));

            assertThat(after.line().orElseThrow()).contains("version-rolling");
            assertThat(session(after.line().orElseThrow())).isEqualTo(session);
            assertThat(after.line().orElseThrow()).contains("mining.set_difficulty");
            assertThat(after.line().orElseThrow()).contains("\"000006f101\"", "true]");
            assertThat(after.line()).contains(accepted(2));
            assertThat(after.line().orElseThrow()).contains("mining.set_version_mask");
            assertThat(after.line().orElseThrow()).contains("[22,\"Duplicate share\",null]");
            assertThat(after.line()).contains(accepted(7));
            hangUp(after);
        }
        assertThat(Journaled.credited(rig.journal)).hasSize(8);
    }

    @Test
    void landsOnBothLoopsByTurns() {
        var one = logIn(connect(), "");

        assertThat(logIn(connect(), "").isOnOtherLoopThan(one)).isTrue();
    }

    @Test
    void readsWhatFollowsOnTheOtherLoopHoweverItIsCut() {
        var first = connect();
        var session = logIn(first, "");
        hangUp(first);
        for (int cut = 1; cut < 100; cut += 7) {
            var wire = connect();
            var bytes = (subscribe(session.id()) + "\n" + authorize() + "\n").getBytes(UTF_8);
            wire.send(bytes, 0, cut);
            wire.send(bytes, cut, bytes.length - cut);
            assertThat(session(wire.line().orElseThrow())).as("cut %d", cut).isEqualTo(session);
            assertThat(wire.line().orElseThrow()).contains("set_difficulty");
            assertThat(wire.line().orElseThrow()).contains("mining.notify");
            assertThat(wire.line()).as("cut %d", cut).contains(accepted(2));
            hangUp(wire);
        }
    }

    @Test
    void givesTheChannelToNobodyElse() {
        var first = connect();
        var session = logIn(first, "");
        var whileItLives = logIn(connect(), session.id());
        assertThat(whileItLives.prefix()).isNotEqualTo(session.prefix());
        hangUp(first);

        var otherAgent = connect();
        otherAgent.send(subscribe(session.id()).replace(AGENT, "other/1.0"));
        assertThat(session(otherAgent.line().orElseThrow()).prefix())
                .isNotEqualTo(session.prefix());
        var otherSecret = "1" + session.id().substring(1);
        assertThat(logIn(connect(), otherSecret).prefix()).isNotEqualTo(session.prefix());
        var otherPort = new Wire(rig.listen(at(Difficulty.ONE)));
        wires.add(otherPort);
        assertThat(logIn(otherPort, session.id()).prefix()).isNotEqualTo(session.prefix());

        assertThat(logIn(connect(), session.id())).isEqualTo(session);
        assertThat(logIn(connect(), session.id()).prefix()).isNotEqualTo(session.prefix());
    }

    @Test
    void comesBackThoughItHasSaidMeanwhileThatItIsAnother() {
        var cgminer = "cgminer/4.11.1";
        var first = connect();
        first.send(subscribe("").replace(AGENT, cgminer), authorize());
        var session = session(first.line().orElseThrow());
        assertThat(first.linesBeforeProbe()).hasSize(4).last().asString().contains("get_version");
        first.send("{\"id\":1,\"result\":\"NiceHash/1.0.0\",\"error\":null}");
        assertThat(first.linesBeforeProbe().getFirst()).contains("[500000]");
        hangUp(first);

        var second = connect();
        second.send(subscribe(session.id()).replace(AGENT, cgminer));

        assertThat(session(second.line().orElseThrow())).isEqualTo(session);
    }

    @Test
    void keepsNothingForWhoNeverLoggedIn() {
        var wire = connect();
        wire.send(subscribe(""));
        var session = session(wire.line().orElseThrow());
        hangUp(wire);

        assertThat(logIn(connect(), session.id()).prefix()).isNotEqualTo(session.prefix());
    }

    @Test
    void keepsItForTenMinutes() {
        var first = connect();
        var session = logIn(first, "");
        hangUp(first);
        rig.passMillis(TEN_MINUTES_MILLIS - 1);
        var second = connect();
        assertThat(logIn(second, session.id())).isEqualTo(session);
        hangUp(second);
        rig.passMillis(TEN_MINUTES_MILLIS);

        assertThat(logIn(connect(), session.id()).prefix()).isNotEqualTo(session.prefix());
    }

    @Test
    void takesNoShareOfATipThatTurnedWhileTheMinerWasAway() {
        var first = connect();
        var session = logIn(first, "");
        hangUp(first);
        rig.publish(SampleJobs.job(0x6f2, SampleJobs.TIP_B, SampleJobs.HARD));
        rig.withdraw();
        var second = connect();
        second.send(subscribe(session.id()), authorize());
        assertThat(session(second.line().orElseThrow())).isEqualTo(session);
        assertThat(second.line()).contains(accepted(2));
        rig.publish(SampleJobs.job(0x6f3, SampleJobs.TIP_B, SampleJobs.HARD));
        assertThat(second.line().orElseThrow()).contains("set_difficulty");
        assertThat(second.line().orElseThrow()).contains("000006f300", "true]");

        second.send(submit(5, "000006f100", 1));

        assertThat(second.line().orElseThrow()).contains("[21,\"Stale\",null]");
    }

    @Test
    void takesNoMoreThanFromOthersOfAJobThatWasTakenBackWhileTheMinerWasAway() {
        var first = connect();
        var session = logIn(first, "");
        hangUp(first);
        rig.replace(SampleJobs.job(0x6f2, SampleJobs.TIP_A, SampleJobs.HARD));
        rig.passMillis(1_999);
        var second = connect();
        second.send(subscribe(session.id()), authorize());
        assertThat(session(second.line().orElseThrow())).isEqualTo(session);
        assertThat(second.line().orElseThrow()).contains("set_difficulty");
        assertThat(second.line().orElseThrow()).contains("\"000006f201\"", "true]");
        assertThat(second.line()).contains(accepted(2));

        second.send(submit(5, "000006f100", 1));
        assertThat(second.line()).contains(accepted(5));
        rig.passMillis(1);
        second.send(submit(6, "000006f100", 2), submit(7, "000006f201", 3));
        assertThat(second.line().orElseThrow()).contains("[21,\"Stale\",null]");
        assertThat(second.line()).contains(accepted(7));

        assertThat(Journaled.credited(rig.journal))
                .extracting(JournalRecord.Share::shareClass)
                .containsExactly(ShareClass.OURS, ShareClass.ACCEPTED);
    }

    @Test
    void keepsTheDifficultyThoughPasswordAndSuggestionAreSaidAgain() {
        var first = connect();
        var session = logIn(first, "");
        first.send(suggest("4096"));
        assertThat(first.line().orElseThrow()).contains("[4096]");
        assertThat(first.line().orElseThrow()).contains("mining.notify");
        hangUp(first);

        var second = connect();
        second.send(
                subscribe(session.id()),
                authorize().replace("\"x\"", "\"d=512\""),
                suggest("1024"));
        assertThat(session(second.line().orElseThrow())).isEqualTo(session);
        assertThat(second.line().orElseThrow()).contains("[4096]");
        assertThat(difficulties(second)).isEmpty();
    }

    @Test
    void remembersNoDifficultyAtWhichTheWorkerHasBroughtNoShare() {
        var first = connect();
        logIn(first, "");
        first.send(suggest("4096"));
        assertThat(first.line().orElseThrow()).contains("[4096]");
        hangUp(first);

        var second = connect();
        logIn(second, "");
        assertThat(second.linesBeforeProbe()).isEmpty();
    }

    @Test
    void beginsWhereTheWorkerWasFoundToBelongButNotBelowThePortAndNotAgainstAWish() {
        bringShareAtTwoUnits();

        var second = connect();
        logIn(second, "");
        assertThat(difficulties(second)).singleElement().asString().contains("[" + TWO_UNITS + "]");
        var wishing = connect();
        wishing.send(subscribe(""), authorize().replace("\"x\"", "\"d=512\""));
        assertThat(difficulties(wishing)).last().asString().contains("[512]");
        long rentalUnits = 8192 * Difficulty.ONE;
        port =
                rig.listen(
                        new ChannelSettings(
                                rentalUnits,
                                rentalUnits,
                                Difficulty.MAX_UNITS,
                                false,
                                15,
                                true,
                                0));
        var rental = connect();
        logIn(rental, "");
        assertThat(rental.linesBeforeProbe()).isEmpty();
    }

    /// Firmware suggests the same each time it comes, and cannot know what was found since.
    @Test
    void takesTheFirstSuggestionAfterWhatItRemembersForAFloorAlone() {
        bringShareAtTwoUnits();
        var second = connect();
        logIn(second, "");
        second.send(suggest(ONE_UNIT));
        assertThat(difficulties(second)).singleElement().asString().contains("[" + TWO_UNITS + "]");
        second.send(suggest("8"), suggest(ONE_UNIT));
        assertThat(difficulties(second)).hasSize(2).first().asString().contains("[8]");

        var third = connect();
        logIn(third, "");
        third.send(suggest("8"));
        assertThat(difficulties(third)).last().asString().contains("[8]");
    }

    @Test
    void handsChannelsOverToAnotherProcessAndNobodyGetsThem(@TempDir Path other) {
        var live = connect();
        var liveSession = logIn(live, "");
        live.send(suggest("8"));
        assertThat(live.line().orElseThrow()).contains("[8]");
        var gone = connect();
        var goneSession = logIn(gone, "");
        hangUp(gone);
        var exported = new ArrayList<ParkedChannel>();
        rig.onLoop(loop -> {
            synchronized (exported) {
                loop.exportChannels(exported);
            }
        });
        assertThat(exported)
                .extracting(ParkedChannel::sessionId)
                .containsExactlyInAnyOrder(liveSession.id(), goneSession.id());

        try (var next = new PoolRig(other, 1)) {
            next.publish(SampleJobs.job(0x7f1, SampleJobs.TIP_A, SampleJobs.HARD));
            var channels =
                    exported.stream()
                            .map(channel -> ParkedChannel.parse(channel.line()).orElseThrow())
                            .toList();
            assertThat(channels).isEqualTo(exported);
            next.onLoop(loop -> loop.expectChannels(channels));
            port = next.listen(PoolRig.ANY);
            for (int i = 0; i < 4; i++) {
                assertThat(logIn(connect(), "").prefix())
                        .isNotIn(liveSession.prefix(), goneSession.prefix());
            }
            var back = connect();
            back.send(subscribe(liveSession.id()), authorize(), submit(5, "000006f100", 1));
            assertThat(session(back.line().orElseThrow())).isEqualTo(liveSession);
            assertThat(back.line().orElseThrow()).contains("[8]");
            assertThat(back.line().orElseThrow()).contains("000007f100");
            assertThat(back.line()).contains(accepted(2));
            assertThat(back.line().orElseThrow()).contains("Job not found");
            assertThat(logIn(connect(), goneSession.id())).isEqualTo(goneSession);
        }
    }

    private static ChannelSettings at(long firstUnits) {
        return new ChannelSettings(firstUnits, 1, Difficulty.MAX_UNITS, false, 15, true, 0);
    }

    private Wire connect() {
        var socket = Wire.connected(port);
        try {
            if (way.isBehindAProxy()) {
                socket.getOutputStream()
                        .write("PROXY TCP4 192.0.2.7 198.51.100.9 56324 3333\r\n".getBytes(UTF_8));
            }
            if (way.isTls()) {
                socket =
                        files.client()
                                .getSocketFactory()
                                .createSocket(socket, "localhost", port.getPort(), true);
            }
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
        var wire = new Wire(socket);
        wires.add(wire);
        return wire;
    }

    private void hangUp(Wire wire) {
        int before = rig.connectionCount();
        wire.close();
        rig.awaitConnections(before - 1);
        // The count falls when the socket closes; the channel is parked a task later.
        rig.onLoop(_ -> {});
        rig.onLoop(_ -> {});
    }

    /// What it is told of its difficulty from here on.
    private static List<String> difficulties(Wire wire) {
        return wire.linesBeforeProbe().stream()
                .filter(line -> line.contains("set_difficulty"))
                .toList();
    }

    private static Session logIn(Wire wire, String sessionId) {
        wire.send(subscribe(sessionId), authorize());
        var session = session(wire.line().orElseThrow());
        assertThat(wire.line().orElseThrow()).contains("mining.set_difficulty");
        assertThat(wire.line().orElseThrow()).contains("mining.notify");
        assertThat(wire.line()).contains(accepted(2));
        return session;
    }

    /// From then on this worker is known to belong at two units.
    private void bringShareAtTwoUnits() {
        var wire = connect();
        logIn(wire, "");
        wire.send(suggest(TWO_UNITS));
        assertThat(wire.line().orElseThrow()).contains("[" + TWO_UNITS + "]");
        assertThat(wire.line().orElseThrow()).contains("\"000006f101\"");
        bringShare(wire, "000006f101");
        hangUp(wire);
    }

    /// Tries until it finds one.
    private static void bringShare(Wire wire, String job) {
        for (int nonce = 1; ; nonce++) {
            wire.send(submit(nonce, job, nonce));
            if (wire.line().orElseThrow().equals(accepted(nonce))) {
                return;
            }
        }
    }

    private static Session session(String reply) {
        var strings = reply.split("\"", -1);
        // {"id":1,"result":[[["mining.set_difficulty","S"],["mining.notify","S"]],"P",8],…
        assertThat(strings[7]).isEqualTo(strings[11]);
        return new Session(strings[7], strings[13]);
    }

    private static String subscribe(String sessionId) {
        return "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"%s\",\"%s\"]}"
                .formatted(AGENT, sessionId);
    }

    private static String authorize() {
        return "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"%s\",\"x\"]}"
                .formatted(NAME);
    }

    private static String suggest(String difficulty) {
        return "{\"id\":9,\"method\":\"mining.suggest_difficulty\",\"params\":[%s]}"
                .formatted(difficulty);
    }

    private static String submit(int id, String job, int nonce) {
        return "{\"id\":%d,\"method\":\"mining.submit\",\"params\":[\"%s\",\"%s\",\"0000000000000000\",\"%08x\",\"%08x\"]}"
                .formatted(id, NAME, job, SampleJobs.NTIME, nonce);
    }

    private static String accepted(int id) {
        return "{\"id\":%d,\"result\":true,\"error\":null}".formatted(id);
    }
}
