package adit.server.config;

import java.util.List;

/// A section of the file: `[name]`, or `[[name]]` where there may be several.
public record Section(String name, Count count, String description, List<Setting<?>> settings) {

    /// How often a file may hold it.
    public enum Count {
        /// Once, or not at all where every key has a default.
        ONE,
        /// At least once.
        SOME,
        /// As often as one likes; the example file shows one as comments.
        ANY
    }

    boolean isRepeated() {
        return count != Count.ONE;
    }

    public String header() {
        return isRepeated() ? "[[" + name + "]]" : "[" + name + "]";
    }

    public List<String> keys() {
        return settings.stream().<String>map(Setting::key).toList();
    }
}
