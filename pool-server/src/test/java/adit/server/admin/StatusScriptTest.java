package adit.server.admin;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/// What the status page writes, by Node.js where it is installed.
final class StatusScriptTest {

    /// What an expression of the page is, as text.
    private record Written(String expression, String text) {}

    private final AdminFixture admin = new AdminFixture();
    @TempDir private Path directory;

    @BeforeEach
    void starts() {
        admin.server.start();
    }

    @AfterEach
    void stops() {
        admin.close();
    }

    @Test
    void writesNumbersAsPeopleReadThem() throws Exception {
        assertWrites(
                new Written("bitcoin('312500000')", "3.12500000"),
                new Written("bitcoin(satsOf('999'))", "0.00000000"),
                new Written("bitcoin(satsOf('2100000000000000999'))", "21000000.00000000"),
                new Written("hashrate(999)", "999 H/s"),
                new Written("hashrate(1234000000000)", "1.23 TH/s"),
                new Written("difficulty('0.001953125')", "0.001953"),
                new Written("difficulty('1048576')", "1.05 M"),
                new Written("span(1)", "1 s"),
                new Written("span(60)", "1 minute"),
                new Written("span(7199)", "120 minutes"),
                new Written("span(7200)", "2 hours"),
                new Written("span(Infinity)", "never"),
                new Written("brief(-5)", "0 s"),
                new Written("brief(90000)", "25 h"),
                new Written("percent(1, 1000000)", "< 0.01 %"),
                new Written("sentence('no peers')", "No peers."),
                new Written("sentence('Stop it!')", "Stop it!"));
    }

    @Test
    void counts() throws Exception {
        var shown = "show(pool), at('parts').textContent";
        assertWrites(
                new Written(
                        "pool.database = {reachable: true, trouble: '', waitingRecords: 1}; 0",
                        "0"),
                new Written(shown + ".includes('One record waits to be stored.')", "true"),
                new Written("pool.database.waitingRecords = 1234", "1234"),
                new Written(shown + ".includes('1,234 records wait to be stored.')", "true"),
                new Written("pool.database.waitingRecords = null", "null"),
                new Written("(" + shown + ").includes('stored')", "false"));
    }

    private void assertWrites(Written... wanted) throws Exception {
        var node = onPath("node");
        if (node.isEmpty()) {
            System.out.println("no Node.js here: what the status page writes is not tested");
            return;
        }
        var command = new ArrayList<String>();
        command.add(node.get().toString());
        command.add(resource("/page/page.js").toString());
        command.add(resource("/adit/server/admin/status.js").toString());
        var answer =
                Files.writeString(directory.resolve("pool.json"), admin.get("/api/v1/pool").body());
        command.add(answer.toString());
        Arrays.stream(wanted).map(Written::expression).forEach(command::add);

        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> written;
        try (var out = process.inputReader()) {
            written = out.lines().toList();
        }

        assertThat(process.waitFor()).as(String.join("\n", written)).isZero();
        assertThat(written)
                .containsExactlyElementsOf(Arrays.stream(wanted).map(Written::text).toList());
    }

    private Path resource(String name) throws IOException {
        var file = directory.resolve(name.substring(name.lastIndexOf('/') + 1));
        try (var in = StatusScriptTest.class.getResourceAsStream(name)) {
            Files.write(file, Objects.requireNonNull(in, name).readAllBytes());
        }
        return file;
    }

    private static Optional<Path> onPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
