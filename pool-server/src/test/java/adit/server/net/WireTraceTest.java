package adit.server.net;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.config.Limits;
import adit.server.trace.Subject;

import static org.assertj.core.api.Assertions.assertThat;

/// What traces hold of real conversations.
final class WireTraceTest {

    private static final String ALICE = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT";
    private static final Duration MINUTES = Duration.ofMinutes(3);
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir private Path directory;
    private PoolRig pool;

    @BeforeEach
    void open() {
        pool = new PoolRig(directory.resolve("journal"));
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void holdsBothDirectionsOfAnAddress() throws Exception {
        begin(new Subject.Address(InetAddress.getLoopbackAddress()));
        try (var miner = new Wire(pool.listen(PoolRig.ANY))) {
            miner.send("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"probe/1\"]}");
            miner.send(
                    "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\""
                            + ALICE
                            + ".r\",\"s3cret\"]}");
            var answered = miner.linesBeforeProbe();

            var lines = awaitLine(line -> line.contains("pong"));
            assertThat(lines.getFirst()).startsWith("-- trace of address 127.0.0.1, until ");
            assertThat(lines)
                    .contains(
                            "2026-01-01T12:00:00Z #1 > {\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"probe/1\"]}",
                            "2026-01-01T12:00:00Z #1 > {\"id\":2,\"method\":\"mining.authorize\",\"params\":[\""
                                    + ALICE
                                    + ".r\",\"***\"]}");
            answered.forEach(
                    line -> assertThat(lines).contains("2026-01-01T12:00:00Z #1 < " + line));
        }
        awaitLine(line -> line.endsWith("#1 closed"));
        assertThat(Files.readString(file())).doesNotContain("s3cret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void beginsWithWhatAWorkersConnectionSaidBeforeItsLogin() throws Exception {
        begin(new Subject.Worker(ALICE + ".r"));
        var port = pool.listen(PoolRig.ANY);
        try (var other = new Wire(port);
                var miner = new Wire(port)) {
            other.send("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"other\"]}");
            other.send(login(ALICE + ".s"));
            other.linesBeforeProbe();
            miner.send("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"before\"]}");
            var subscribed = miner.linesBeforeProbe();
            miner.send(login("wrong"));
            miner.linesBeforeProbe();
            miner.send(login(ALICE + ".r"));
            var answered = miner.linesBeforeProbe();

            var lines = awaitLine(line -> line.contains("< {\"id\":2,\"result\":true"));
            assertThat(lines)
                    .containsSubsequence(
                            "2026-01-01T12:00:00Z #2 > {\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"before\"]}",
                            "2026-01-01T12:00:00Z #2 < " + subscribed.getFirst(),
                            "2026-01-01T12:00:00Z #2 > " + login("wrong").replace("s3cret", "***"),
                            "2026-01-01T12:00:00Z #2 > "
                                    + login(ALICE + ".r").replace("s3cret", "***"),
                            "2026-01-01T12:00:00Z #2 < " + answered.getFirst());
            assertThat(lines).noneMatch(line -> line.contains("#1 "));
        }
        assertThat(Files.readString(file())).doesNotContain("s3cret");
    }

    private static String login(String name) {
        return "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"%s\",\"s3cret\"]}"
                .formatted(name);
    }

    @Test
    void takesUpAConnectionThatIsThere() throws Exception {
        try (var miner = new Wire(pool.listen(PoolRig.ANY));
                var other = new Wire(pool.listen(PoolRig.ANY))) {
            miner.linesBeforeProbe();
            other.linesBeforeProbe();
            begin(new Subject.Connection(2));
            pool.onLoop(_ -> {});
            other.send("{\"id\":7,\"method\":\"mining.ping\",\"params\":[]}");
            miner.send("{\"id\":8,\"method\":\"mining.ping\",\"params\":[]}");
            miner.linesBeforeProbe();
            other.linesBeforeProbe();

            var lines = awaitLine(line -> line.contains("\"probe\""));
            assertThat(lines).anyMatch(line -> line.contains("\"id\":7"));
            assertThat(lines).noneMatch(line -> line.contains("\"id\":8"));
        }
    }

    @Test
    void endsWhenItIsStoppedAndSaysSo() throws Exception {
        begin(new Subject.Connection(1));
        assertThat(pool.traces.shown()).hasSize(1);
        assertThat(pool.traces.stop(1)).isTrue();

        assertThat(awaitLine(line -> line.startsWith("-- ends")))
                .last()
                .isEqualTo("-- ends: it was stopped");
        pool.await(pool.traces::isIdle, "nothing is traced");
        assertThat(pool.traces.stop(1)).isFalse();
    }

    @Test
    void runsNoMoreAtOnceThanItMay() throws Exception {
        for (int i = 0; i < Limits.TRACES; i++) {
            begin(new Subject.Connection(1));
        }
        assertThat(pool.traces.start(new Subject.Connection(1), MINUTES)).isNull();
    }

    private void begin(Subject subject) throws IOException {
        assertThat(pool.traces.start(subject, MINUTES)).isNotNull();
    }

    private Path file() throws IOException {
        try (var files = Files.list(directory.resolve("journal").resolve("traces"))) {
            return files.findFirst().orElseThrow();
        }
    }

    private List<String> awaitLine(Predicate<String> wanted) throws IOException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            var lines = Files.readAllLines(file());
            if (lines.stream().anyMatch(wanted)) {
                return lines;
            }
            assertThat(System.nanoTime()).as("in time; so far: %s", lines).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
