package adit.ledger.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EpochLockTest {
    @TempDir Path directory;

    @Test
    void refusesASecondProcessWithOneClearLine() throws Exception {
        try (var journal = Journals.open(DirectoryStorage.at(directory), 1 << 16)) {
            assertThat(journal.isWritable()).isTrue();
            // Neither of these attempts of its own may cost the process its locks.
            assertThatThrownBy(() -> Journals.open(DirectoryStorage.at(directory), 1 << 16))
                    .isInstanceOf(JournalUnavailable.class);
            assertThatThrownBy(() -> DirectoryStorage.at(directory).lock(EpochLocks.file(7, 1)))
                    .isInstanceOf(JournalUnavailable.class);

            var process =
                    new ProcessBuilder(
                                    ProcessHandle.current().info().command().orElseThrow(),
                                    "-Xshare:auto",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    SecondProcess.class.getName(),
                                    directory.toString())
                            .redirectErrorStream(true)
                            .start();
            var output = new String(process.getInputStream().readAllBytes(), UTF_8);

            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(output.strip())
                    .startsWith("journal directory " + directory + " is in use by another process")
                    .endsWith("epoch is held");
        }
    }

    @Test
    void refusesASecondJournalInThisProcess() {
        var storage = DirectoryStorage.at(directory);
        try (var journal = Journals.open(storage, 1 << 16)) {
            assertThat(journal.isWritable()).isTrue();
            assertThatThrownBy(() -> Journals.open(storage, 1 << 16))
                    .isInstanceOf(JournalUnavailable.class)
                    .hasMessageContaining("in use");
        }
        Journals.open(storage, 1 << 16).close();
    }

    static final class SecondProcess {
        private SecondProcess() {}

        /// Says what keeps it from the directory, and then whether it could write the first epoch.
        public static void main(String[] args) throws IOException {
            try {
                ShareJournal.open(
                                Samples.settings(1 << 16),
                                DirectoryStorage.at(Path.of(args[0])),
                                InstantSource.system())
                        .close();
                System.out.println("opened");
            } catch (JournalUnavailable e) {
                System.out.println(e.getMessage());
            }
            try (var _ = DirectoryStorage.at(Path.of(args[0])).lock(EpochLocks.file(7, 1))) {
                System.out.println("epoch is free");
            } catch (JournalUnavailable e) {
                System.out.println("epoch is held");
            }
        }
    }
}
