package adit.server.config;

/// One key of the file: its name, what it takes, and what it is for.
///
/// `value` is its default, or an example where it has none.
public record Setting<T>(
        String key, ValueKind<T> kind, Presence presence, T value, String description) {

    /// What happens when the key is left out.
    public enum Presence {
        /// The pool does not start.
        REQUIRED,
        /// The default holds.
        DEFAULT,
        /// Nothing is set; the example file shows it as a comment.
        OPTIONAL,
        /// Nothing is set, but another key must be; the example file chooses this one.
        CHOSEN
    }

    public static <T> Setting<T> required(
            String key, ValueKind<T> kind, T example, String description) {
        return new Setting<>(key, kind, Presence.REQUIRED, example, description);
    }

    public static <T> Setting<T> byDefault(
            String key, ValueKind<T> kind, T value, String description) {
        return new Setting<>(key, kind, Presence.DEFAULT, value, description);
    }

    public static <T> Setting<T> optional(
            String key, ValueKind<T> kind, T example, String description) {
        return new Setting<>(key, kind, Presence.OPTIONAL, example, description);
    }

    public static <T> Setting<T> chosen(
            String key, ValueKind<T> kind, T example, String description) {
        return new Setting<>(key, kind, Presence.CHOSEN, example, description);
    }

    /// The line that sets it, as TOML.
    String line() {
        return key + " = " + kind.writer().apply(value);
    }
}
