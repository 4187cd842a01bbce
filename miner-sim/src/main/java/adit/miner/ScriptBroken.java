package adit.miner;

/// A pool that departed from a script: it said something else, nothing in time, or closed the connection.
public final class ScriptBroken extends RuntimeException {
    private static final long serialVersionUID = 1;

    ScriptBroken(String what, Throwable cause) {
        super(what, cause);
    }

    ScriptBroken(String what) {
        super(what);
    }
}
