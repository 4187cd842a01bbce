package adit.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/// The committed example and documentation are what [ConfigReference] says. Where they are not, the wanted files are
/// left in `target/`.
final class ConfigDocumentTest {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Map<String, String> ENVIRONMENT = Map.of("ADIT_DATABASE_PASSWORD", "x");

    @TempDir private Path directory;

    @Test
    void matchesTheCommittedExample() throws IOException {
        assertCommitted("config/pool.toml", ConfigDocument.toml());
    }

    @Test
    void matchesTheCommittedDocumentation() throws IOException {
        assertCommitted("docs/operating/configuration.md", ConfigDocument.markdown());
    }

    @Test
    void startsWithTheExample() {
        var config = ConfigFile.read(REPOSITORY.resolve("config/pool.toml"), ENVIRONMENT);

        assertThat(config.scheme()).isEqualTo(PoolConfig.Scheme.DEFAULT);
        assertThat(config.listeners()).containsExactly(PoolConfig.Listener.DEFAULT);
    }

    @Test
    void showsTheDefaultsThatHold() throws IOException {
        var example = ConfigDocument.toml();
        var withDefaultsWritten = new StringBuilder();
        for (var section : ConfigReference.SECTIONS) {
            for (var setting : section.settings()) {
                if (setting.presence() == Setting.Presence.DEFAULT) {
                    assertThat(example).contains("\n# " + setting.line() + "\n");
                }
            }
        }
        example.lines()
                .map(line -> isDefault(line) ? line.substring(2) : line)
                .forEach(line -> withDefaultsWritten.append(line).append('\n'));

        assertThat(read(withDefaultsWritten.toString())).isEqualTo(read(example));
    }

    private static boolean isDefault(String line) {
        return ConfigReference.SECTIONS.stream()
                .filter(section -> section.count() != Section.Count.ANY)
                .flatMap(section -> section.settings().stream())
                .anyMatch(setting ->
                        setting.presence() == Setting.Presence.DEFAULT
                                && line.equals("# " + setting.line()));
    }

    private PoolConfig read(String text) throws IOException {
        return ConfigFile.read(
                Files.writeString(directory.resolve("pool.toml"), text), ENVIRONMENT);
    }

    private static void assertCommitted(String file, String wanted) throws IOException {
        var committed = REPOSITORY.resolve(file);
        var proposed = Path.of("target", committed.getFileName().toString());
        Files.writeString(proposed, wanted);

        assertThat(committed)
                .as("copy pool-server/%s to %s", proposed, file)
                .exists()
                .content()
                .isEqualTo(wanted);
    }
}
