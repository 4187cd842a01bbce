package adit.server.firmware;

/// What a firmware does with the coinbase it is sent, beside hashing it.
public enum CoinbaseCheck {
    /// It looks at nothing.
    NONE,
    /// It tells its owner whom the coinbase pays.
    SHOWS,
    /// It can be set to leave a pool whose coinbase does not pay its owner.
    ENFORCES
}
