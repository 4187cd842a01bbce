package adit.stratum;

/// Bytes of a peer that are no message of the protocol, so that its connection is to be closed.
///
/// What a message says wrongly is a value ([adit.stratum.v1.V1Request.Invalid]) and is answered; this is for
/// what can't be read at all. Peers can provoke it at will, so it carries no stack trace and its text is
/// one of a few constants, never the peer's own bytes.
public final class MalformedMessage extends Exception {
    private static final long serialVersionUID = 1;

    public MalformedMessage(String what) {
        super(what, null, false, false);
    }
}
