package adit.node;

/// Where one of our blocks stands, as the node in use sees it.
public sealed interface Confirmations {
    /// In the best chain, with this many blocks from it to the tip; 1 is the tip itself.
    record Active(int confirmations) implements Confirmations {}

    /// Known, but not in the best chain.
    record NotActive() implements Confirmations {}

    /// No node that is up to date has ever heard of it.
    record Unknown() implements Confirmations {}

    /// Nobody who is up to date could be asked, so nothing may be concluded.
    record NodesUnavailable() implements Confirmations {}
}
