package adit.server;

import java.io.PrintWriter;
import java.io.StringWriter;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/// A command that is written wrongly is answered in one line, which says where to read on.
final class AditTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nope | There is no command nope. See adit help.",
                "--nope | There is no command --nope. See adit help.",
                "run --take | Unknown option: '--take'. See adit help run.",
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
