package adit.server.config;

import java.util.stream.Collectors;

/// The example file and the documentation of the configuration, written from [ConfigReference].
final class ConfigDocument {
    private static final int COLUMNS = 100;

    /// Behind a key that is set to what would not hold without it.
    private static final String EXAMPLE = "  # an example";

    private ConfigDocument() {}

    /// `config/pool.toml`: what must be set, set to an example; the rest as comments that show the defaults.
    static String toml() {
        return """
        # The configuration of an Adit pool. A line that begins with "#" and shows a key says what holds
        # without it; where nothing does, it gives an example and ends so. An unknown key stops the start,
        # so a misspelt one cannot go unnoticed.
        # Passwords are not written here: they stand in a file of their own or in the environment.
        """
                + ConfigReference.SECTIONS.stream()
                        .map(ConfigDocument::tomlOf)
                        .collect(Collectors.joining());
    }

    /// `docs/operating/configuration.md`.
    static String markdown() {
        return """
        # Configuration

        The pool reads one file in [TOML](https://toml.io); `config/pool.toml` shows every key with its default
        or an example. What is wrong with a file is told in one line with its place, and the pool does not start.
        Changes take effect at the next start.

        Passwords are never written in the file: name a file that holds one (`password-file`), or an environment
        variable (`password = "${NAME}"`).
        """
                + ConfigReference.SECTIONS.stream()
                        .map(ConfigDocument::markdownOf)
                        .collect(Collectors.joining());
    }

    private static String tomlOf(Section section) {
        return "\n"
                + comment(section.description())
                + (isShownOnly(section) ? "# " : "")
                + section.header()
                + "\n"
                + section.settings().stream()
                        .map(setting -> tomlOf(setting, isShownOnly(section)))
                        .collect(Collectors.joining());
    }

    private static boolean isShownOnly(Section section) {
        return section.count() == Section.Count.ANY;
    }

    private static String tomlOf(Setting<?> setting, boolean isShownOnly) {
        boolean isSet =
                switch (setting.presence()) {
                    case REQUIRED, CHOSEN -> !isShownOnly;
                    case DEFAULT, OPTIONAL -> false;
                };
        boolean isExample = !isSet && setting.presence() != Setting.Presence.DEFAULT;
        var line = (isSet ? "" : "# ") + setting.line() + (isExample ? EXAMPLE : "");
        return "\n" + comment(setting.description()) + line + "\n";
    }

    private static String comment(String text) {
        var lines = new StringBuilder("#");
        int length = 1;
        for (var word : text.split(" ", -1)) {
            if (length + 1 + word.length() > COLUMNS) {
                lines.append("\n#");
                length = 1;
            }
            lines.append(' ').append(word);
            length += 1 + word.length();
        }
        return lines.append('\n').toString();
    }

    private static String markdownOf(Section section) {
        return "\n## `"
                + section.header()
                + "`\n\n"
                + section.description()
                + "\n\n| key | value | without it | |\n|---|---|---|---|\n"
                + section.settings().stream()
                        .map(ConfigDocument::markdownOf)
                        .collect(Collectors.joining());
    }

    private static <T> String markdownOf(Setting<T> setting) {
        var withoutIt =
                switch (setting.presence()) {
                    case REQUIRED -> "*required*";
                    case DEFAULT -> "`" + setting.kind().writer().apply(setting.value()) + "`";
                    case OPTIONAL, CHOSEN -> "";
                };
        return "| `%s` | %s | %s | %s |\n"
                .formatted(setting.key(), setting.kind().words(), withoutIt, setting.description());
    }
}
