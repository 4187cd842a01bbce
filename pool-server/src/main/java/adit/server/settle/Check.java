package adit.server.settle;

/// States what holds unless we are wrong; settlement then stops, for it holds money.
final class Check {
    private Check() {}

    static void that(boolean condition, String invariant) {
        if (!condition) {
            throw new IllegalStateException(invariant);
        }
    }
}
