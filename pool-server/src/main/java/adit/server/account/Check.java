package adit.server.account;

/// States what holds unless we are wrong.
final class Check {
    private Check() {}

    static void that(boolean condition, String invariant) {
        if (!condition) {
            throw new IllegalStateException(invariant);
        }
    }
}
