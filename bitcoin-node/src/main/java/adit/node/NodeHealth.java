package adit.node;

/// What a node is good for, as far as we know.
public enum NodeHealth {
    /// Not asked yet, or the node itself is still loading.
    STARTING,
    /// On our network, up to date, with a template we may mine.
    READY,
    /// Still downloading blocks.
    SYNCING,
    /// Nobody to tell it of new blocks.
    NO_PEERS,
    /// Its newest block is too old to be the network's.
    STALE_TIP,
    /// On another network than the pool.
    WRONG_NETWORK,
    /// Its clock and ours are too far apart: shares would get times the network refuses.
    WRONG_CLOCK,
    /// Does not accept our user and password.
    AUTH_FAILED,
    /// Refuses, resets or does not answer.
    UNREACHABLE,
    /// Offers a template we must not mine, or none.
    BAD_TEMPLATE
}
