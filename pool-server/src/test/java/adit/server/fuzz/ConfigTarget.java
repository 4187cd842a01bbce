package adit.server.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import adit.server.config.BadConfiguration;
import adit.server.config.ConfigFile;

/// The configuration parser fed with anything: it is understood, or one line says what is wrong.
public final class ConfigTarget {

    private static final Path FILE = file();

    private ConfigTarget() {}

    public static void fuzzerTestOneInput(byte[] text) {
        try {
            Files.write(FILE, text);
            ConfigFile.read(FILE, Map.of("ADIT_DATABASE_PASSWORD", "x"));
        } catch (BadConfiguration wrong) {
            Check.that(
                    String.valueOf(wrong.getMessage()).lines().count() == 1,
                    "what is wrong is told in one line");
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    private static Path file() {
        try {
            var file = Files.createTempFile("fuzz", ".toml");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }
}
