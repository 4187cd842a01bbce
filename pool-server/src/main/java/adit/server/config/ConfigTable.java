package adit.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import tools.jackson.databind.JsonNode;

/// One section as it stands in a file, read key by key; whatever is wrong is told with its line.
///
/// `path` is its place in the file, such as `listener[1]`.
public record ConfigTable(Source source, Section section, String path, JsonNode values) {
    private static final int MAX_SHOWN = 40;
    private static final int MAX_SECRET_BYTES = 4_096;

    /// The file all sections of it share.
    public record Source(Path file, TomlLines lines, Map<String, String> environment) {
        public BadConfiguration bad(String problem, String... path) {
            return new BadConfiguration(file, lines.lineOf(path), problem);
        }
    }

    void refuseUnknownKeys() {
        var keys = section.keys();
        for (var key : values.propertyNames()) {
            if (!keys.contains(key)) {
                var help =
                        NearestWord.to(key, keys)
                                .map("did you mean \"%s\"?"::formatted)
                                .orElseGet(() -> "it takes " + String.join(", ", keys));
                throw bad(
                        key, "unknown key \"%s\" in %s; %s".formatted(key, section.header(), help));
            }
        }
    }

    public boolean has(Setting<?> setting) {
        return values.has(setting.key());
    }

    public <T> T value(Setting<T> setting) {
        return switch (setting.presence()) {
            case REQUIRED -> optional(setting).orElseThrow(() -> missing(setting.key()));
            case DEFAULT -> optional(setting).orElse(setting.value());
            case OPTIONAL, CHOSEN ->
                    throw new IllegalStateException(setting.key() + " may be absent");
        };
    }

    public <T> Optional<T> optional(Setting<T> setting) {
        if (!has(setting)) {
            return Optional.empty();
        }
        var value = values.path(setting.key());
        var read = setting.kind().reader().apply(value);
        if (read.isEmpty()) {
            var problem =
                    "%s in %s must be %s"
                            .formatted(setting.key(), section.header(), setting.kind().words());
            throw bad(
                    setting,
                    setting.kind().mayBeShown() ? problem + ", not " + shown(value) : problem);
        }
        return read;
    }

    /// A password from the environment or a file, if either key is set.
    Optional<Secret> secret(Setting<String> inEnvironment, Setting<Path> inFile) {
        if (has(inEnvironment) && has(inFile)) {
            throw bad(
                    inFile,
                    "both %s and %s are set in %s; keep one"
                            .formatted(inEnvironment.key(), inFile.key(), section.header()));
        }
        return has(inEnvironment)
                ? Optional.of(fromEnvironment(inEnvironment, inFile))
                : optional(inFile).map(file -> fromFile(inFile, file));
    }

    /// A line about a file with a password that everybody on this machine can read.
    Optional<String> openFile(Setting<Path> setting) {
        return optional(setting)
                .filter(ConfigTable::isOpen)
                .map(file ->
                        bad(
                                setting,
                                "%s %s can be read by everybody on this machine; chmod 600 it"
                                        .formatted(setting.key(), file)))
                .map(Throwable::getMessage);
    }

    private static boolean isOpen(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException hasNone) {
            // Where files have no such permissions nothing can be told of them.
            return false;
        }
    }

    /// Makes a record of this section; what its constructor refuses is told as this section's fault.
    public <T> T make(Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (IllegalArgumentException e) {
            throw source.bad(section.header() + " " + e.getMessage(), path);
        }
    }

    public BadConfiguration missing(String what) {
        return problem("needs " + what);
    }

    BadConfiguration problem(String what) {
        return source.bad(section.header() + " " + what, path);
    }

    public BadConfiguration bad(Setting<?> setting, String problem) {
        return bad(setting.key(), problem);
    }

    BadConfiguration bad(String key, String problem) {
        return source.bad(problem, path, key);
    }

    /// Says nothing of a value that is no `${NAME}`: it is the password itself.
    private Secret fromEnvironment(Setting<String> inEnvironment, Setting<Path> inFile) {
        var name = inEnvironment.kind().reader().apply(values.path(inEnvironment.key()));
        if (name.isEmpty()) {
            throw bad(
                    inEnvironment,
                    "%s in %s must not be written in this file; use %s = \"/path\" or %s = \"${NAME}\""
                            .formatted(
                                    inEnvironment.key(),
                                    section.header(),
                                    inFile.key(),
                                    inEnvironment.key()));
        }
        var text = source.environment().get(name.get());
        if (text == null || text.isEmpty()) {
            throw bad(
                    inEnvironment,
                    "%s in %s names the environment variable %s, which is not set"
                            .formatted(inEnvironment.key(), section.header(), name.get()));
        }
        return new Secret(text);
    }

    private Secret fromFile(Setting<Path> inFile, Path file) {
        try {
            if (Files.size(file) <= MAX_SECRET_BYTES) {
                var text = Files.readString(file).strip();
                if (!text.isEmpty() && text.lines().count() == 1) {
                    return new Secret(text);
                }
            }
        } catch (IOException e) {
            throw bad(
                    inFile,
                    "%s in %s cannot be read: %s".formatted(inFile.key(), section.header(), file));
        }
        throw bad(
                inFile,
                "%s in %s must hold one line, the password: %s"
                        .formatted(inFile.key(), section.header(), file));
    }

    private static String shown(JsonNode value) {
        var text = value.toString();
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }
}
