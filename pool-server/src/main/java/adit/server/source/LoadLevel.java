package adit.server.source;

/// How much the pool has to do, in the order of what it does about it; each level does what those below do.
public enum LoadLevel {
    NORMAL(0),
    /// Vardiff aims at half as many shares.
    EASED(1),
    /// Connections that cost more than their part are not read from.
    SELECTIVE(2),
    /// No new connections, and those there are are read from in turn.
    CLOSED(3),
    /// Nothing can be made durable: miners are let go.
    STOPPED(4);

    /// As the meter shows it.
    public final int number;

    LoadLevel(int number) {
        this.number = number;
    }
}
