package adit.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.control.ControlClient;
import adit.server.control.ControlClient.Answer;
import adit.server.control.ControlSocket;
import adit.server.metrics.EventLog;
import adit.server.metrics.LoggedLines;
import adit.server.trace.WireTraces;

import static org.assertj.core.api.Assertions.assertThat;

/// Traces over the control socket of a pool that has had seven connections.
final class TraceControlTest {

    @TempDir private Path data;
    private final Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();
    private final LoggedLines logged = new LoggedLines(Level.INFO);
    private WireTraces traces = new WireTraces(Path.of(""), InstantSource.system());
    private ControlSocket control = new ControlSocket(Path.of(""), Map.of(), (_, _) -> {});

    @BeforeEach
    void open() {
        traces = new WireTraces(data.resolve("traces"), InstantSource.system());
        control =
                new ControlSocket(
                        data,
                        Map.of("trace", new TraceControl(traces, () -> 7, new EventLog())),
                        (_, bug) -> bugs.add(bug));
        control.open();
    }

    @AfterEach
    void close() {
        logged.close();
        control.close();
        traces.end("the test is over");
        assertThat(bugs).isEmpty();
    }

    @Test
    void leavesALineOfATraceThatWasBegunAndOfOneThatWasStopped() {
        var begun = ask("worker", "alice.rig", "5");
        assertThat(begun.isDone()).isTrue();
        assertThat(begun.lines()).singleElement().asString().startsWith("1  worker alice.rig, ");
        assertThat(ask("stop", "1").isDone()).isTrue();

        assertThat(logged.saying("Trace "))
                .containsExactly("Trace " + begun.lines().getFirst(), "Trace 1 was stopped");
    }

    @Test
    void refusesAConnectionThatNeverWas() {
        assertThat(ask("connection", "7", "5").isDone()).isTrue();
        assertThat(refused("connection", "8", "5"))
                .isEqualTo("There has been no connection 8: the newest is 7.");
        assertThat(refused("connection", "0", "5")).contains("'0' must be 1 to");
        assertThat(traces.shown()).hasSize(1);
    }

    @Test
    void refusesATimeThatIsNoneInItsOwnWords() {
        assertThat(refused("worker", "a", "0"))
                .isEqualTo("A trace runs for 1 to 1440 minutes, not for 0.");
        assertThat(refused("worker", "a", "1441"))
                .isEqualTo("A trace runs for 1 to 1440 minutes, not for 1441.");
        assertThat(refused("worker", "a", "soon")).isEqualTo("'soon' is no number of minutes.");
        assertThat(ask("worker", "a", "1440").isDone()).isTrue();
        assertThat(Files.exists(data.resolve("traces"))).isTrue();
    }

    private String refused(String... words) {
        var answer = ask(words);
        assertThat(answer.isDone()).isFalse();
        return String.join("\n", answer.lines());
    }

    private Answer ask(String... words) {
        var all = new ArrayList<>(List.of("trace"));
        all.addAll(List.of(words));
        return ControlClient.ask(data, all).orElseThrow();
    }
}
