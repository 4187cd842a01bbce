package adit.server.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import adit.ledger.journal.DirectoryStorage;
import adit.ledger.journal.JournalSettings;
import adit.ledger.journal.ShareJournal;

import static org.assertj.core.api.Assertions.assertThat;

/// `adit journal` as an auditor meets it, who may name the wrong directory.
class JournalCommandTest {
    private static final String FIRST_SEGMENT = "0-1-1.jnl";

    @TempDir private Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void callsAJournalSound() {
        writeJournal();

        assertThat(run("verify", "--rehash")).isZero();
        assertThat(out).hasToString("1 segment, 2 records, 0 shares: sound\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void endsWithOneWhereAJournalIsDamaged() throws Exception {
        writeJournal();
        Files.writeString(
                directory.resolve(FIRST_SEGMENT), "behind its end", StandardOpenOption.APPEND);

        assertThat(run("verify")).isEqualTo(1);
        assertThat(out.toString()).startsWith("DAMAGE " + FIRST_SEGMENT).endsWith(": damaged\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"describe", "verify", "export"})
    void findsNothingSoundInAnEmptyDirectory(String command) {
        assertThat(run(command)).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains(directory.toString(), "no segment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"describe", "verify", "export"})
    void makesNoDirectoryOfAMistypedName(String command) {
        var mistyped = directory.resolve("jurnal");

        assertThat(run(mistyped, command)).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains(mistyped.toString(), "there is no such place");
        assertThat(mistyped).doesNotExist();
    }

    private void writeJournal() {
        ShareJournal.open(
                        new JournalSettings(0, 1 << 20, 0, 10, 10),
                        DirectoryStorage.at(directory),
                        InstantSource.system())
                .close();
    }

    private int run(String... words) {
        return run(directory, words);
    }

    private int run(Path on, String... words) {
        var arguments = new String[words.length + 1];
        System.arraycopy(words, 0, arguments, 0, words.length);
        arguments[words.length] = on.toString();
        return new CommandLine(new JournalCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((failure, command, _) -> {
                    command.getErr().println(failure.getMessage());
                    return 1;
                })
                .execute(arguments);
    }
}
