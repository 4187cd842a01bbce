package adit.server.config;

/// A password that never shows itself: not in a log, not in a dump of the configuration.
public record Secret(String text) {
    /// For a server that asks for no password.
    public static final Secret NONE = new Secret("");

    @Override
    public String toString() {
        return this.equals(NONE) ? "none" : "hidden";
    }
}
