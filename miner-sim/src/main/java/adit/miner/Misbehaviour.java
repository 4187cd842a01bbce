package adit.miner;

/// One way in which a miner breaks the rules, to see that a pool notices.
public enum Misbehaviour {
    /// Sends every share twice.
    DUPLICATES,

    /// Sends what meets a sixteenth of the difficulty asked for.
    WEAK_SHARES,

    /// Keeps the first share of a job back until the pool has told it to abandon that job.
    STALE_SHARES,

    /// Hashes with a time four hours after that of the job.
    WRONG_NTIME
}
