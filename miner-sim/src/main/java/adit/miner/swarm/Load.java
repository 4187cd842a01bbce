package adit.miner.swarm;

/// What the connections of a swarm do with their time.
public sealed interface Load {

    /// Nothing but reading.
    record Idle() implements Load {}

    /// Every connection keeps so many shares unanswered.
    record Closed(int outstanding) implements Load {}

    /// So many shares a second over all connections, in turn, whatever the answers do.
    record Paced(double sharesPerSecond) implements Load {}
}
