package adit.miner.swarm;

/// The pool did not do what a load needs, in words for the operator.
public final class SwarmFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    SwarmFailed(String why) {
        super(why);
    }

    SwarmFailed(String why, Throwable cause) {
        super(why, cause);
    }
}
