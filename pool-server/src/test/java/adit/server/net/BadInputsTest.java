package adit.server.net;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

import adit.ledger.postgres.TestSeed;
import adit.pow.Difficulty;
import adit.pow.Job;
import adit.server.account.Vectors;
import adit.server.channel.ChannelSettings;
import adit.server.channel.Journaled;
import adit.server.job.SampleJobs;

import static org.assertj.core.api.Assertions.assertThat;

/// The whole corpus of bad inputs over real sockets: whole, byte by byte, and in random pieces. A long input goes byte
/// by byte at its beginning and its end.
///
/// "Any hash is good enough" is the difficulty of one unit, "no hash is" the greatest; the corpus' 65536 is
/// the difficulty its port begins with. Cases left to a later issue: none.
final class BadInputsTest {

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private static final long DEADLINE_MILLIS = 31_000;
    private static final int READ_EVERY_CASES = 20;
    private static final int CORPUS_CASES = 291;
    private static final int SINGLE_BYTES_AT_EITHER_END = 1_000;

    /// A request that never ends is answered when the deadline of the first message has passed.
    private static final Set<String> UNTIL_THE_DEADLINE = Set.of("http-get", "http-post");

    private enum Delivery {
        WHOLE,
        BYTE_BY_BYTE,
        IN_PIECES
    }

    private final Job stale = SampleJobs.job(0x5aa, SampleJobs.TIP_A, SampleJobs.HARD);
    private final Job older = SampleJobs.job(0x6f0, SampleJobs.TIP_B, SampleJobs.HARD);
    private final Job current = SampleJobs.job(0x6f1, SampleJobs.TIP_B, SampleJobs.HARD);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Map<String, Wire> holders = new HashMap<>();
    private final Random random = new Random(TestSeed.next());
    private PoolRig rig;
    private int accepted;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new PoolRig(directory);
        rig.rememberNothing();
        LeakTest.tellEarlierLeaks();
        logged.start();
        root().addAppender(logged);
    }

    @AfterEach
    void close() {
        root().detachAppender(logged);
        rig.close();
    }

    @Test
    void answersEveryCaseAsTheCorpusSays() {
        var any = rig.listen(PoolRig.ANY);
        var hard =
                rig.listen(
                        new ChannelSettings(
                                1L << 50, 1, Difficulty.MAX_UNITS, false, 15, false, 0));
        int cases = 0;
        try (var liveClient = new Wire(any)) {
            bring(liveClient, "authorized");
            for (var delivery : Delivery.values()) {
                for (var input : BadInput.all()) {
                    try (var wire = new Wire(input.isWeak() ? hard : any)) {
                        run(input, delivery, wire);
                    }
                    if (++cases % READ_EVERY_CASES == 0) {
                        assertThat(liveClient.linesBeforeProbe()).doesNotContain(Wire.CLOSED);
                    }
                }
            }
            assertThat(liveClient.linesBeforeProbe()).doesNotContain(Wire.CLOSED);
        }
        assertThat(cases).isEqualTo(Delivery.values().length * CORPUS_CASES);
        assertThat(Journaled.credited(rig.journal))
                .hasSize(accepted)
                .allSatisfy(share -> assertThat(share.difficultyUnits()).isEqualTo(1));
        assertThat(rig.blocks).isEmpty();
        assertThat(logged())
                .allSatisfy(event -> {
                    assertThat(event.getThrowableProxy()).isNull();
                    assertThat(event.getFormattedMessage()).matches("\\P{Cntrl}*");
                });
    }

    private List<ILoggingEvent> logged() {
        synchronized (logged) {
            return List.copyOf(logged.list);
        }
    }

    private void run(BadInput input, Delivery delivery, Wire wire) {
        var name = input.id() + " " + delivery;
        bring(wire, input.state());
        for (var line : input.before()) {
            wire.send(line);
        }
        int acceptedBefore =
                input.before().isEmpty() ? 0 : acceptedIn(wire.linesBeforeProbe(), input.before());
        long received = rig.receivedBytes();
        deliver(input.input(), delivery, wire);
        boolean isHttp = UNTIL_THE_DEADLINE.contains(input.id());
        if (isHttp || input.thenIdleSeconds() > 0) {
            rig.awaitReceived(received + input.input().length);
            assertThat(rig.connectionCount()).as(name).isEqualTo(2);
            rig.passMillis(isHttp ? DEADLINE_MILLIS : input.thenIdleSeconds() * 1000);
        }
        if (input.expectation().equals("disconnect")) {
            expectClosed(name, input, wire);
            return;
        }
        assertThat(input.staysOpen()).as(name).isTrue();
        var lines = wire.linesBeforeProbe();
        assertThat(lines).as(name).doesNotContain(Wire.CLOSED).allMatch(BadInputsTest::isClean);
        switch (input.expectation()) {
            case "ignore" -> assertThat(lines).as(name).isEmpty();
            case "silent" ->
                    assertThat(lines).as(name).noneMatch(line -> isReplyTo(line, input.lastId()));
            case "accept" -> expectAccepted(name, input, wire, lines);
            case "error-code" -> expectError(name, input, lines);
            case String other -> throw new IllegalArgumentException(other);
        }
        accepted += acceptedBefore + acceptedIn(lines, input.lines());
    }

    /// Brings a connection into a state of the corpus, with all its jobs.
    private void bring(Wire wire, String state) {
        rig.publish(stale);
        if (state.equals("new")) {
            rig.publish(older);
            rig.publish(current);
            return;
        }
        wire.send("{\"id\":901,\"method\":\"mining.subscribe\",\"params\":[]}");
        if (state.equals("authorized+vr")) {
            wire.send(
                    "{\"id\":900,\"method\":\"mining.configure\",\"params\":[[\"version-rolling\"],"
                            + "{\"version-rolling.mask\":\"1fffe000\"}]}");
        }
        if (state.startsWith("authorized")) {
            wire.send(
                    "{\"id\":902,\"method\":\"mining.authorize\",\"params\":[\"%s.rig1\",\"x\"]}"
                            .formatted(ADDRESS));
        }
        wire.linesBeforeProbe().forEach(line -> notePrefix(wire, line));
        rig.publish(older);
        rig.publish(current);
        wire.linesBeforeProbe();
    }

    private void deliver(byte[] input, Delivery delivery, Wire wire) {
        int sent = 0;
        while (sent < input.length) {
            int length =
                    switch (delivery) {
                        case WHOLE -> input.length;
                        case BYTE_BY_BYTE -> {
                            int toTheEnd = input.length - SINGLE_BYTES_AT_EITHER_END;
                            boolean isInside =
                                    sent >= SINGLE_BYTES_AT_EITHER_END && sent < toTheEnd;
                            yield isInside ? toTheEnd - sent : 1;
                        }
                        case IN_PIECES ->
                                Math.min(input.length - sent, 1 + random.nextInt(input.length));
                    };
            if (!wire.send(input, sent, length)) {
                return;
            }
            sent += length;
        }
    }

    private void expectClosed(String name, BadInput input, Wire wire) {
        var said = wire.rest();
        boolean isHttp = UNTIL_THE_DEADLINE.contains(input.id());
        assertThat(said.startsWith("HTTP/1.1 200 OK\r\n")).as(name).isEqualTo(isHttp);
        if (!isHttp && !input.id().startsWith("flood")) {
            assertThat(said.lines().count()).as(name).isLessThanOrEqualTo(1);
        }
        assertThat(input.staysOpen()).as(name).isFalse();
    }

    private void expectAccepted(String name, BadInput input, Wire wire, List<String> lines) {
        var replies = repliesTo(lines, input.lastId());
        assertThat(replies).as(name).hasSize(1);
        var reply = replies.getFirst();
        assertThat(reply.get("error").isNull()).as(name).isTrue();
        assertThat(reply.get("result").isNull()).as(name).isFalse();
        assertThat(reply.get("result").toString()).as(name).isNotEqualTo("false");
        lines.forEach(line -> notePrefix(wire, line));
    }

    private static void expectError(String name, BadInput input, List<String> lines) {
        var replies = repliesTo(lines, input.lastId());
        assertThat(replies).as(name).hasSize(1);
        var reply = replies.getFirst();
        assertThat(reply.get("result").toString()).as(name).isIn("null", "false");
        var error = reply.get("error");
        assertThat(error.size()).as(name).isEqualTo(3);
        assertThat(input.codes()).as(name).contains(error.get(0).asInt());
        assertThat(error.get(1).asString()).as(name).isNotBlank().doesNotContain("<b>");
        assertThat(error.get(2).isNull()).as(name).isTrue();
    }

    /// No prefix is ever given to a second connection, whatever session it asks for.
    private void notePrefix(Wire wire, String line) {
        var result = line.equals(Wire.CLOSED) ? null : Vectors.parse(line).get("result");
        if (result != null && result.isArray() && result.size() == 3) {
            var holder = holders.putIfAbsent(result.get(1).asString(), wire);
            assertThat(holder).as(line).isIn(null, wire);
            assertThat(result.get(2).asInt()).isEqualTo(8);
        }
    }

    /// How many of these requests were submissions that were answered with true, in order.
    private static int acceptedIn(List<String> lines, List<String> requests) {
        var submissions =
                requests.stream().filter(line -> line.contains("mining.submit\"")).toList();
        if (submissions.isEmpty()) {
            return 0;
        }
        return (int)
                submissions.stream()
                        .map(line -> Vectors.parse(line).get("id").toString())
                        .distinct()
                        .flatMap(id -> repliesTo(lines, id).stream())
                        .filter(reply -> reply.get("result").toString().equals("true"))
                        .count();
    }

    private static List<JsonNode> repliesTo(List<String> lines, String id) {
        var replies = new ArrayList<JsonNode>();
        for (var line : lines) {
            if (isReplyTo(line, id)) {
                replies.add(Vectors.parse(line));
            }
        }
        return replies;
    }

    /// Ids are echoed byte for byte, hence compared as text.
    private static boolean isReplyTo(String line, String id) {
        var json = Vectors.parse(line);
        return !json.has("method") && json.get("id").toString().equals(id);
    }

    private static boolean isClean(String line) {
        return line.chars().noneMatch(c -> c < ' ' || c == 0x7f);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
}
