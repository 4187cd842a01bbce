package adit.server.net;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.ShareClass;
import adit.server.channel.Journaled;
import adit.server.config.Limits;
import adit.server.job.SampleJobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// One connection: replies in their turn, deadlines, limits, and how it ends.
final class ConnectionTest {

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private static final String SUBSCRIBE =
            "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}";
    private static final String PING = "{\"id\":9,\"method\":\"mining.ping\",\"params\":[]}";
    private static final String PONG = "{\"id\":9,\"result\":\"pong\",\"error\":null}";

    private PoolRig rig;
    private Wire wire;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new PoolRig(directory);
        rig.publish(SampleJobs.job(0x6f1, SampleJobs.TIP_A, SampleJobs.HARD));
        wire = new Wire(rig.listen(PoolRig.ANY));
    }

    @AfterEach
    void close() {
        wire.close();
        rig.close();
    }

    @Test
    void answersARejectionAtOnceWhenNoShareIsBeingWritten() {
        logIn();
        rig.storage.stall();
        wire.send(submit(5, "000006f200", 1));

        assertThat(wire.line()).contains(error(5, 21, "Job not found"));
    }

    @Test
    void letsARejectionWaitForTheSharesBeforeItAndForNoOthers() {
        logIn();
        rig.storage.stall();
        wire.send(submit(5, "000006f100", 1), submit(6, "000006f200", 2), PING);
        try (var other = new Wire(rig.listen(PoolRig.ANY))) {
            other.send(PING);
            assertThat(other.line()).contains(PONG);
        }

        rig.storage.goOn();

        assertThat(lines(3)).containsExactly(accepted(5), error(6, 21, "Job not found"), PONG);
    }

    @Test
    void sendsJobsWhileSharesAreBeingWritten() {
        logIn();
        rig.storage.stall();
        sendAndAwait(submit(5, "000006f100", 1));
        rig.publish(SampleJobs.job(0x6f2, SampleJobs.TIP_B, SampleJobs.HARD));

        assertThat(wire.line().orElseThrow()).contains("mining.notify", "000006f200");

        rig.storage.goOn();
        assertThat(wire.line()).contains(accepted(5));
    }

    @Test
    void answersMoreSharesThanMayBeInFlightInOrder() {
        logIn();
        rig.storage.stall();
        var expected = new ArrayList<String>();
        for (int i = 0; i < 200; i++) {
            wire.send(submit(100 + i, "000006f100", i));
            expected.add(accepted(100 + i));
        }
        rig.storage.goOn();

        // Vardiff has its say between them.
        assertThat(wire.linesBeforeProbe())
                .filteredOn(line -> !line.contains("\"method\""))
                .isEqualTo(expected);
        assertThat(Journaled.credited(rig.journal)).hasSize(200);
    }

    @Test
    void acknowledgesNothingThatTheJournalCannotKeep() {
        logIn();
        rig.storage.stall();
        wire.send(submit(5, "000006f100", 1), submit(6, "000006f200", 2));
        rig.storage.breakDown();

        var unavailable = "Temporarily unavailable: share not recorded";
        assertThat(lines(2))
                .containsExactly(error(5, 20, unavailable), error(6, 21, "Job not found"));

        wire.send(submit(7, "000006f100", 3));
        assertThat(wire.line()).contains(error(7, 20, unavailable));
    }

    @Test
    void creditsAShareWhoseMinerHungUpBeforeTheAnswer() {
        logIn();
        rig.storage.stall();
        sendAndAwait(submit(5, "000006f100", 1));
        wire.close();
        rig.awaitConnections(0);

        rig.storage.goOn();
        rig.journal.tip(new byte[32], 1, 1);
        awaitDurable();

        assertThat(Journaled.credited(rig.journal)).hasSize(1);
    }

    @Test
    void sendsTheLastJobAgainAfterFortySecondsWithoutAnother() {
        logIn();
        rig.passMillis(39_999);
        assertThat(wire.linesBeforeProbe()).isEmpty();
        rig.withdraw();
        rig.passMillis(1);
        assertThat(wire.linesBeforeProbe())
                .singleElement()
                .asString()
                .contains("mining.notify", "\"000006f101\"", "false]");
        rig.passMillis(39_999);
        assertThat(wire.linesBeforeProbe()).isEmpty();
        rig.passMillis(1);
        assertThat(wire.linesBeforeProbe()).singleElement().asString().contains("\"000006f102\"");

        wire.send(submit(5, "000006f100", 1));
        assertThat(wire.line()).contains(accepted(5));
    }

    @Test
    void creditsForTwoSecondsWhatWasOnItsWayWhenAJobWasTakenBack() {
        logIn();
        rig.replace(SampleJobs.job(0x6f2, SampleJobs.TIP_A, SampleJobs.HARD));
        assertThat(wire.line().orElseThrow()).contains("\"000006f200\"", "true]");
        wire.send(submit(5, "000006f100", 1));
        assertThat(wire.line()).contains(accepted(5));
        rig.passMillis(2_000);
        wire.send(submit(6, "000006f100", 2), submit(7, "000006f200", 3));

        assertThat(lines(2)).containsExactly(error(6, 21, "Stale"), accepted(7));
        assertThat(Journaled.credited(rig.journal))
                .extracting(JournalRecord.Share::shareClass)
                .containsExactly(ShareClass.OURS, ShareClass.ACCEPTED);
    }

    @Test
    void closesWhoSaysNothingFor30Seconds() {
        rig.awaitConnections(1);
        rig.passMillis(30_000);
        assertThat(rig.connectionCount()).isEqualTo(1);

        rig.passMillis(1);

        assertThat(wire.line()).isEqualTo(Optional.empty());
    }

    @Test
    void doesNotTakeHalfALineForAMessage() {
        var half = SUBSCRIBE.substring(0, 20).getBytes(UTF_8);
        long received = rig.receivedBytes();
        wire.send(half, 0, half.length);
        rig.awaitReceived(received + half.length);
        rig.passMillis(30_001);

        assertThat(wire.line()).isEqualTo(Optional.empty());
    }

    @Test
    void closesWhoIsNotLoggedInAfterAMinute() {
        wire.send(SUBSCRIBE);
        assertThat(lines(3)).hasSize(3);
        rig.passMillis(60_000);
        assertThat(wire.linesBeforeProbe()).doesNotContain(Wire.CLOSED);

        rig.passMillis(1);

        assertThat(wire.line()).isEqualTo(Optional.empty());
    }

    @Test
    void closesWhoIsSilentFor15Minutes() {
        logIn();
        rig.passMillis(15 * 60_000);
        assertThat(wire.linesBeforeProbe()).doesNotContain(Wire.CLOSED);
        rig.passMillis(15 * 60_000);
        assertThat(wire.linesBeforeProbe()).doesNotContain(Wire.CLOSED);

        rig.passMillis(15 * 60_000 + 1);

        assertThat(wire.rest()).doesNotContain("error");
    }

    @Test
    void readsLinesUpToTheLimitBeforeAndAfterLogin() {
        wire.send(padded(PING, Limits.LINE_BYTES_BEFORE_AUTHORIZE));
        assertThat(wire.line()).contains(PONG);
        logIn();
        wire.send(padded(PING, Limits.LINE_BYTES));
        assertThat(wire.line()).contains(PONG);

        wire.send(padded(PING, Limits.LINE_BYTES + 1));

        assertThat(wire.line()).isEqualTo(Optional.empty());
    }

    @Test
    void closesOnALongerLineBeforeLoginAndBeforeItsEnd() {
        var tooLong = padded(PING, Limits.LINE_BYTES_BEFORE_AUTHORIZE + 1).getBytes(UTF_8);
        wire.send(tooLong, 0, tooLong.length);

        assertThat(wire.line()).isEqualTo(Optional.empty());
    }

    @Test
    void toleratesThirtyProtocolErrorsAMinute() {
        var wrong = "{\"id\":3,\"method\":\"mining.nope\",\"params\":[]}";
        for (int i = 0; i < Limits.PROTOCOL_ERRORS_PER_MINUTE; i++) {
            wire.send(wrong);
            assertThat(wire.line().orElseThrow()).contains("Method not found");
        }
        wire.send(wrong, PING);

        assertThat(wire.line().orElseThrow()).contains("Method not found");
        assertThat(wire.line()).isEqualTo(Optional.empty());
    }

    @Test
    void forgivesProtocolErrorsAfterAMinute() {
        logIn();
        var wrong = "{\"id\":3,\"method\":\"mining.nope\",\"params\":[]}";
        for (int minute = 0; minute < 3; minute++) {
            for (int i = 0; i < Limits.PROTOCOL_ERRORS_PER_MINUTE; i++) {
                wire.send(wrong);
            }
            assertThat(lines(30)).hasSize(30);
            rig.passMillis(60_001);
        }
    }

    @Test
    void takesTenSuggestionsAMinute() {
        logIn();
        for (int i = 1; i <= Limits.SUGGESTIONS_PER_MINUTE + 1; i++) {
            wire.send(suggestion(1 << i));
        }

        var lines = wire.linesBeforeProbe();

        assertThat(lines).filteredOn(line -> line.contains("set_difficulty")).hasSize(10);
        assertThat(lines).filteredOn(line -> line.contains("mining.notify")).hasSize(10);
    }

    @Test
    void holdsTenThousandNamesOnOneConnectionAndNoMore() {
        wire.send(SUBSCRIBE);
        assertThat(lines(3)).hasSize(3);
        for (int i = 0; i < PoolRig.MOST_WORKERS; i += 100) {
            for (int j = i; j < i + 100; j++) {
                wire.send(authorize(j, ADDRESS + ".w" + j));
            }
            assertThat(lines(100)).allMatch(line -> line.contains("\"result\":true"));
        }

        wire.send(authorize(4, ADDRESS + ".one-more"));

        assertThat(wire.line()).contains(error(4, 20, "Too many workers on one connection"));
        wire.send(authorize(5, ADDRESS + ".w0"));
        assertThat(wire.line().orElseThrow()).contains("\"result\":true");
    }

    @Test
    void givesThePrefixBackWhenTheConnectionEnds() {
        logIn();
        wire.close();
        rig.awaitConnections(0);
        rig.passMillis(Limits.PREFIX_REST_MILLIS);
        try (var next = new Wire(rig.listen(PoolRig.ANY))) {
            next.send(SUBSCRIBE);
            // The space goes on from where it was; what rests is taken only when it has gone round.
            assertThat(next.line().orElseThrow()).contains("a1b2c3d5");
        }
    }

    @Test
    void closesWhenTheMinerAsksForIt() {
        logIn();
        wire.send("{\"id\":3,\"method\":\"mining.term\",\"params\":[]}", PING);

        assertThat(wire.line()).isEqualTo(Optional.empty());
    }

    private void logIn() {
        wire.send(SUBSCRIBE, authorize(2, ADDRESS + ".rig1"));
        assertThat(lines(4).getLast()).isEqualTo(accepted(2));
    }

    /// Returns when the pool has taken the share and the journal has it.
    private void sendAndAwait(String share) {
        wire.send(share);
        rig.await(() -> rig.journal.recordsInFlight() > 0, "the journal has the share");
    }

    private List<String> lines(int count) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            lines.add(wire.line().orElse(Wire.CLOSED));
        }
        return lines;
    }

    private void awaitDurable() {
        rig.await(() -> rig.journal.recordsInFlight() == 0, "all is durable");
    }

    private static String authorize(int id, String name) {
        return "{\"id\":%d,\"method\":\"mining.authorize\",\"params\":[\"%s\",\"x\"]}"
                .formatted(id, name);
    }

    private static String suggestion(long difficulty) {
        return "{\"id\":7,\"method\":\"mining.suggest_difficulty\",\"params\":[%d]}"
                .formatted(difficulty);
    }

    private static String submit(int id, String job, int nonce) {
        return "{\"id\":%d,\"method\":\"mining.submit\",\"params\":[\"%s.rig1\",\"%s\",\"0000000000000000\",\"68a5c000\",\"%08x\"]}"
                .formatted(id, ADDRESS, job, nonce);
    }

    private static String accepted(int id) {
        return "{\"id\":%d,\"result\":true,\"error\":null}".formatted(id);
    }

    private static String error(int id, int code, String text) {
        return "{\"id\":%d,\"result\":null,\"error\":[%d,\"%s\",null]}".formatted(id, code, text);
    }

    private static String padded(String line, int bytes) {
        return line + " ".repeat(bytes - line.length());
    }
}
