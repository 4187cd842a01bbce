package adit.server;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.channel.DifficultyMemory;
import adit.server.config.Limits;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;
import adit.server.source.CloseReason;
import adit.server.source.Sources;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

/// Processes that follow each other on one data directory.
final class RememberedTest {

    private static final String FARM = "203.0.113.7";
    private static final String LATER = "203.0.113.8";

    @TempDir private Path data;
    private final List<Run> runs = new ArrayList<>();

    @AfterEach
    void close() {
        runs.forEach(run -> run.remembered.close());
    }

    @Test
    void handsOverWhatItKnowsAndWritesNoMore() throws IOException {
        var old = new Run();
        old.remembered.recall();
        old.learn(FARM, "rig", 1 << 10);
        old.remembered.handOver();
        old.learn(LATER, "later", 1 << 12);
        old.remembered.keep();

        var next = new Run();
        next.remembered.recall();

        assertThat(next.knows(FARM)).isTrue();
        assertThat(next.difficulties.recall("rig", "agent")).isEqualTo(1 << 10);
        assertThat(next.knows(LATER)).as("learnt after the end").isFalse();
        assertThat(next.difficulties.recall("later", "agent")).isZero();
    }

    @Test
    void handsPenaltiesOver() throws IOException {
        var old = new Run();
        old.remembered.recall();
        old.offend(FARM);
        old.remembered.handOver();

        var next = new Run();
        next.remembered.recall();

        assertThat(next.sources.enter(InetAddress.ofLiteral(FARM), () -> {})).isNull();
        assertThat(next.sources.enter(InetAddress.ofLiteral(LATER), () -> {})).isNotNull();
    }

    @Test
    void writesWhatIsNewOfSourcesAndThatAlone() throws IOException {
        var killed = new Run();
        killed.remembered.recall();
        killed.remembered.keepNews();
        assertThat(data.resolve("sources")).doesNotExist();
        killed.offend(FARM);
        killed.remembered.keepNews();
        assertThat(data.resolve("difficulties")).doesNotExist();

        var next = new Run();
        next.remembered.recall();

        assertThat(next.sources.enter(InetAddress.ofLiteral(FARM), () -> {})).isNull();
    }

    @Test
    void writesAgainWhenNobodyFollowsAnyMore() throws IOException {
        var old = new Run();
        old.remembered.recall();
        old.remembered.handOver();
        old.learn(LATER, "later", 1 << 12);
        old.remembered.takeBack();
        old.remembered.keep();

        var next = new Run();
        next.remembered.recall();

        assertThat(next.knows(LATER)).isTrue();
        assertThat(next.difficulties.recall("later", "agent")).isEqualTo(1 << 12);
    }

    @Test
    void writesNothingBeforeItServes() throws IOException {
        new Run().remembered.keep();

        try (var files = Files.list(data)) {
            assertThat(files).isEmpty();
        }
    }

    private final class Run {
        private final Sources sources =
                new Sources(
                        Sources.Bounds.of(Limits.CONNECTIONS_WITHOUT_WORK + 2, true),
                        () -> false,
                        () -> 1,
                        new PoolMetrics(new SimpleMeterRegistry()),
                        new EventLog(),
                        System::nanoTime);
        private final DifficultyMemory difficulties = new DifficultyMemory(() -> 20_000);
        private final Remembered remembered =
                new Remembered(data, sources, difficulties, () -> {}, new EventLog());

        Run() {
            runs.add(this);
        }

        void learn(String source, String worker, long units) throws IOException {
            var visit = requireNonNull(sources.enter(InetAddress.ofLiteral(source), () -> {}));
            assertThat(visit.delivered(1)).isTrue();
            visit.leave();
            difficulties.remember(worker, "agent", units);
        }

        void offend(String source) throws IOException {
            var visit = requireNonNull(sources.enter(InetAddress.ofLiteral(source), () -> {}));
            visit.closedFor(CloseReason.PROTOCOL_ERRORS);
            visit.leave();
        }

        /// Whether it lets more in from there than from a stranger.
        boolean knows(String source) throws IOException {
            var address = InetAddress.ofLiteral(source);
            int entered = 0;
            for (int i = 0; i <= Limits.CONNECTIONS_WITHOUT_WORK; i++) {
                var visit = sources.enter(address, () -> {});
                if (visit != null) {
                    visit.loggedIn();
                    entered++;
                }
            }
            return entered > Limits.CONNECTIONS_WITHOUT_WORK;
        }
    }
}
