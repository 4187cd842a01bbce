package adit.server.net;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import adit.server.config.Limits;
import adit.server.job.SampleJobs;

import static org.assertj.core.api.Assertions.assertThat;

/// What the pool says to a miner that nobody asked for: questions, messages, the call to connect again. Each goes
/// only to firmware that understands it.
final class FirmwareTalkTest {

    private static final String NAME = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4.rig1";
    private static final String CGMINER = "cgminer/4.11.1";
    private static final String ACCEPTED_LOGIN = "{\"id\":2,\"result\":true,\"error\":null}";
    private static final String WHO = "{\"id\":1,\"method\":\"client.get_version\",\"params\":[]}";
    private static final String RECONNECT =
            "{\"id\":null,\"method\":\"client.reconnect\",\"params\":[]}";
    private static final String WRONG = "{\"id\":3,\"method\":\"mining.nope\",\"params\":[]}";

    private PoolRig rig;
    private InetSocketAddress pool;
    private final List<Wire> wires = new ArrayList<>();

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new PoolRig(directory);
        rig.publish(SampleJobs.job(0x6f1, SampleJobs.TIP_A, SampleJobs.HARD));
        pool = rig.listen(TranscriptTest.EASY);
    }

    @AfterEach
    void close() {
        wires.forEach(Wire::close);
        rig.close();
    }

    @Test
    void asksWhatAMinerIsOnce() {
        var miner = connect();
        assertThat(logIn(miner, CGMINER)).endsWith(ACCEPTED_LOGIN, WHO);

        miner.send(authorize(NAME + "b"));

        assertThat(miner.linesBeforeProbe()).containsExactly(ACCEPTED_LOGIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "whatsminer/v1.1", "NerdMinerV2/V1.7.0", "Antminer S21/x"})
    void asksNobodyElse(String agent) {
        assertThat(logIn(connect(), agent)).endsWith(ACCEPTED_LOGIN);
    }

    @Test
    void servesAMinerFromThenOnAsWhatItAnswersThatItIs() {
        var miner = connect();
        logIn(miner, CGMINER);
        // What answers another question, what nobody knows, and what comes unasked changes nothing.
        miner.send(answer(7, "NiceHash/1.0.0"));
        assertThat(miner.linesBeforeProbe()).isEmpty();

        miner.send(answer(1, "NiceHash/1.0.0"));
        assertThat(miner.linesBeforeProbe())
                .satisfiesExactly(
                        line -> assertThat(line).contains("set_difficulty", "[500000]"),
                        line -> assertThat(line).contains("mining.notify", "000006f101"));

        miner.send(answer(1, "NerdQAxe++/BM1370"));
        assertThat(miner.linesBeforeProbe()).isEmpty();
    }

    @Test
    void takesNoAnswerFromWhoWasNotAsked() {
        var miner = connect();
        logIn(miner, "");
        miner.send(answer(1, "NiceHash/1.0.0"));

        assertThat(miner.linesBeforeProbe()).isEmpty();
    }

    @Test
    void stillKnowsWhoSubscribesAgainWithNothing() {
        var miner = connect();
        miner.send(subscribe("NerdQAxe++/BM1370/v1.0.30"));
        assertThat(miner.linesBeforeProbe().get(1)).contains("[1]");

        miner.send("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}");
        assertThat(miner.linesBeforeProbe().get(1)).contains("[1]");

        miner.send(subscribe("other/1.0"));
        assertThat(miner.linesBeforeProbe().get(1)).contains("[0.00000095367431640625]");
    }

    @Test
    void answersALateConfigureBeforeWhatItBrings() {
        var miner = connect();
        logIn(miner, "");
        miner.send(
                "{\"id\":5,\"method\":\"mining.configure\",\"params\":[[\"minimum-difficulty\"],{\"minimum-difficulty.value\":4}]}");

        assertThat(miner.linesBeforeProbe())
                .satisfiesExactly(
                        line -> assertThat(line).contains("{\"minimum-difficulty\":true}"),
                        line -> assertThat(line).contains("set_difficulty", "[4]"),
                        line -> assertThat(line).contains("mining.notify"));
    }

    @Test
    void sendsWorkBehindTheAnswerToASubscribeThatWaitsForAShare() {
        pool = rig.listen(PoolRig.ANY);
        var miner = connect();
        logIn(miner, "");
        rig.storage.stall();
        miner.send(
                "{\"id\":5,\"method\":\"mining.submit\",\"params\":[\"%s\",\"000006f100\",\"0000000000000000\",\"68a5c000\",\"00000001\"]}"
                        .formatted(NAME),
                subscribe(""));
        rig.await(() -> rig.journal.recordsInFlight() > 0, "the share is on its way to disk");

        rig.storage.goOn();

        assertThat(miner.line()).contains("{\"id\":5,\"result\":true,\"error\":null}");
        assertThat(miner.line().orElseThrow()).contains("mining.notify", "\"id\":1");
        assertThat(miner.line().orElseThrow()).contains("mining.set_difficulty");
        assertThat(miner.line().orElseThrow()).contains("000006f101", "true]");
    }

    @Test
    void saysWhyItLetsAMinerGoWhereThatIsShown() {
        var shows = connect();
        logIn(shows, CGMINER);
        var showsNothing = connect();
        logIn(showsNothing, "whatsminer/v1.1");
        var notLoggedIn = connect();
        notLoggedIn.send(subscribe(CGMINER));
        assertThat(notLoggedIn.linesBeforeProbe()).hasSize(3);
        for (int i = 0; i <= Limits.PROTOCOL_ERRORS_PER_MINUTE; i++) {
            shows.send(WRONG);
            showsNothing.send(WRONG);
            notLoggedIn.send(WRONG);
        }

        assertThat(shows.rest().lines())
                .last()
                .asString()
                .contains("client.show_message", "More than 30 wrong requests");
        assertThat(showsNothing.rest()).doesNotContain("client.show_message");
        assertThat(notLoggedIn.rest()).doesNotContain("client.show_message");
    }

    @Test
    void saysThatThereIsNoWorkAndThatNothingCanBeRecorded() {
        var one = connect();
        logIn(one, CGMINER);
        rig.onLoop(loop -> loop.letGo(1));
        assertThat(one.rest()).contains("client.show_message", "no work");

        var two = connect();
        logIn(two, "bitaxe/BM1370/v2.9.0");
        rig.onLoop(loop -> loop.letGo());
        assertThat(two.rest()).contains("client.show_message", "cannot record shares");
    }

    @Test
    void announcesARestartToWhoShowsMessagesAndCallsBackWhoFollows() {
        var cgminer = connect();
        logIn(cgminer, CGMINER);
        var cpuminer = connect();
        logIn(cpuminer, "cpuminer/2.5.1");
        var unknown = connect();
        logIn(unknown, "");
        var nerdMiner = connect();
        logIn(nerdMiner, "NerdMinerV2/V1.7.0");
        var silent = connect();
        silent.linesBeforeProbe();

        rig.onLoop(loop -> loop.drain(1));

        assertThat(cgminer.linesBeforeProbe())
                .satisfiesExactly(
                        line -> assertThat(line).contains("client.show_message", "restarted"),
                        line -> assertThat(line).isEqualTo(RECONNECT));
        assertThat(cpuminer.linesBeforeProbe())
                .singleElement()
                .asString()
                .contains("client.show_message", "restarted");
        assertThat(unknown.linesBeforeProbe()).containsExactly(RECONNECT);
        assertThat(nerdMiner.linesBeforeProbe()).isEmpty();
        assertThat(silent.linesBeforeProbe()).as("not subscribed").isEmpty();
    }

    private Wire connect() {
        var wire = new Wire(pool);
        wires.add(wire);
        return wire;
    }

    /// All that comes back.
    private static List<String> logIn(Wire wire, String agent) {
        wire.send(subscribe(agent), authorize(NAME));
        return wire.linesBeforeProbe();
    }

    private static String subscribe(String agent) {
        return "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"%s\"]}".formatted(agent);
    }

    private static String authorize(String name) {
        return "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"%s\",\"x\"]}"
                .formatted(name);
    }

    private static String answer(int id, String agent) {
        return "{\"id\": %d, \"result\": \"%s\", \"error\": null}".formatted(id, agent);
    }
}
