package adit.server.channel;

/// States what holds unless we are wrong; the session then ends.
final class Check {
    private Check() {}

    static void that(boolean condition, String invariant) {
        if (!condition) {
            throw new IllegalStateException(invariant);
        }
    }
}
