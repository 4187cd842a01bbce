package adit.pow;

/// A broken promise of our own code, stated where it is noticed.
final class Check {
    private Check() {}

    static void that(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}
