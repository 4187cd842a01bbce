package adit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/// The version of this build, as Maven wrote it.
public final class Version {
    private Version() {}

    public static String current() {
        try (var file = Version.class.getResourceAsStream("version.properties")) {
            var properties = new Properties();
            properties.load(file);
            return properties.getProperty("version", "unknown");
        } catch (IOException cannot) {
            throw new UncheckedIOException("version.properties cannot be read", cannot);
        }
    }
}
