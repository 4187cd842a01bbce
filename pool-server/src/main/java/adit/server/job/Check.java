package adit.server.job;

/// States what holds unless we are wrong; no such job then goes out.
final class Check {
    private Check() {}

    static void that(boolean condition, String invariant) {
        if (!condition) {
            throw new IllegalStateException(invariant);
        }
    }
}
