package adit.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/// A command that is written wrongly is answered in one line, which says where to read on.
final class AditTest {

    /// `./adit help` is the launcher's own page: what it names must be what `adit help nope` does.
    @Test
    void listsEveryCommandThatTheLauncherKnows() throws IOException {
        var err = new StringWriter();
        Adit.commandLine().setErr(new PrintWriter(err, true)).execute("help", "nope");
        var named =
                Pattern.compile("^  \\./adit ([a-z-]+)", Pattern.MULTILINE)
                        .matcher(Files.readString(Path.of("..", "adit")))
                        .results()
                        .map(line -> line.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).contains("run", "fuzz", "test");
        assertThat(err.toString())
                .isEqualTo(
                        "adit: There is no command nope here; there are %s. See adit help.\n"
                                .formatted(String.join(", ", named)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nope | There is no command nope. See adit help.",
                "--nope | There is no command --nope. See adit help.",
                "run --take | Unknown option: '--take'. See adit help run.",
                "help fuzz | What fuzz takes is a line of adit help itself. See adit help.",
                "run --over 601 | --over takes 0 to 600 seconds, not 601. See adit help run.",
                "run --over -1 | --over takes 0 to 600 seconds, not -1. See adit help run.",
                "trace stop 1 2 | Unmatched argument at index 3: '2'. See adit help trace stop.",
                "miner | Missing required parameter: 'URL'. See adit help miner.",
            })
    void saysInOneLineWhatIsWrongWithACommand(String written, String told) {
        var err = new StringWriter();

        int code =
                Adit.commandLine().setErr(new PrintWriter(err, true)).execute(written.split(" "));

        assertThat(err.toString().strip()).isEqualTo("adit: " + told);
        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    }
}
