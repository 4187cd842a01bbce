package adit.server.fuzz;

/// What must hold whatever is fed in; the fuzzer reports what is thrown.
final class Check {
    private Check() {}

    static void that(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException(what);
        }
    }
}
