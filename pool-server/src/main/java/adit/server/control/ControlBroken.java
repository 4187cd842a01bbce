package adit.server.control;

/// A conversation over the control socket that went wrong, in words for the operator.
public final class ControlBroken extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ControlBroken(String message) {
        super(message);
    }
}
