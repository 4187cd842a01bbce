package adit.server.bench;

/// A bench that cannot be run here, in one line for the operator.
public final class BenchFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    BenchFailed(String why) {
        super(why);
    }

    BenchFailed(String why, Throwable cause) {
        super(why, cause);
    }
}
