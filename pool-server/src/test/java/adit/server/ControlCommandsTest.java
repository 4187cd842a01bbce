package adit.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.control.ControlCommand;
import adit.server.control.ControlSocket;

import static org.assertj.core.api.Assertions.assertThat;

/// The commands to a running pool as they are typed; the pool is a control socket that repeats what it was asked.
final class ControlCommandsTest {

    @TempDir private Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();
    private Path data = Path.of("");
    private ControlSocket socket = new ControlSocket(data, Map.of(), (_, _) -> {});

    @BeforeEach
    void open() throws IOException {
        data = Files.createDirectory(directory.resolve("data"));
        socket =
                new ControlSocket(
                        data,
                        Map.of(
                                "trace", repeat("trace"),
                                "bans", repeat("bans"),
                                "drain", repeat("drain"),
                                "reload", repeat("reload")),
                        (_, defect) -> bugs.add(defect));
        socket.open();
    }

    @AfterEach
    void close() {
        socket.close();
        assertThat(bugs).isEmpty();
    }

    @Test
    void findsThePoolByAnOptionBeforeOrBehindASubcommand() {
        assertAsked("trace list", "trace list --data %s");
        assertAsked("trace list", "trace --data %s list");
        assertAsked("trace stop 3", "trace stop 3 --data %s");
        assertAsked("trace stop 3", "trace stop --data %s 3");
        assertAsked("trace stop 3", "trace --data %s stop 3");
        assertAsked("bans list", "bans --data %s");
        assertAsked("bans list", "bans --data %s list");
        assertAsked("bans list", "bans list --data %s");
        assertAsked("bans lift 192.0.2.1", "bans --data %s lift 192.0.2.1");
        assertAsked("bans lift 192.0.2.1", "bans lift 192.0.2.1 --data %s");
    }

    @Test
    void tracesOneSubject() {
        assertAsked("trace worker a.b 10", "trace --worker a.b --data %s");
        assertAsked("trace connection 7 5", "trace --connection 7 --for 5 --data %s");
        assertAsked("trace address 192.0.2.1 10", "trace --data %s --address 192.0.2.1");
    }

    @Test
    void saysWhomToTraceWhereNobodyIsNamed() {
        assertThat(run("trace --data " + data)).isEqualTo(2);
        assertThat(err.toString())
                .startsWith(
                        "adit: Say whom to trace: --worker, --connection or --address; or list, or stop. See adit help trace.");
        assertThat(run("trace --worker a --address 192.0.2.1 --data " + data)).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void findsThePoolInAConfigurationWhoseSecretsAreNotThere() throws IOException {
        var file =
                Files.writeString(
                        directory.resolve("pool.toml"),
                        """
                        [pool]
                        data-directory = "%s"
                        [database]
                        password = "${ADIT_NO_SUCH_VARIABLE}"
                        [[node]]
                        password-file = "/nonexistent/password"
                        """
                                .formatted(data));

        assertAsked("reload", "reload --config " + file);
        assertAsked("drain 120", "drain --config " + file);
        assertAsked("bans list", "bans --config " + file + " list");
        assertAsked("trace list", "trace list --config " + file);
    }

    @Test
    void tellsWhatIsWrongWithTheConfigurationItIsToFindThePoolBy() throws IOException {
        var file = Files.writeString(directory.resolve("pool.toml"), "[pool]\ndata-dir = \"d\"\n");

        assertThat(run("reload --config " + file)).isEqualTo(1);
        assertThat(err)
                .hasToString(
                        "adit: %s:2: unknown key \"data-dir\" in [pool]; did you mean \"data-directory\"?\n"
                                .formatted(file));
    }

    @Test
    void namesTheWholePathWhereNoPoolRuns() {
        assertThat(run("trace list --data nowhere")).isNotZero();
        assertThat(err.toString().strip())
                .isEqualTo(
                        "adit: No pool runs on %s.".formatted(Path.of("nowhere").toAbsolutePath()));
    }

    @Test
    void helpsWithACommandOfACommand() {
        assertThat(run("help trace list")).isZero();
        assertThat(out.toString()).startsWith("Usage: adit trace list");
        assertThat(run("help trace nope")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("adit: There is no command nope here; there are list, stop. See");
    }

    private static ControlCommand repeat(String word) {
        return (arguments, _) -> (word + " " + String.join(" ", arguments)).strip();
    }

    private void assertAsked(String asked, String typed) {
        out.getBuffer().setLength(0);
        assertThat(run(typed.formatted(data))).as("%s: %s", typed, err).isZero();
        assertThat(out.toString().strip()).as(typed).isEqualTo(asked);
    }

    private int run(String typed) {
        return Adit.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(typed.split(" "));
    }
}
