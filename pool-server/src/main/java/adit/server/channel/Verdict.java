package adit.server.channel;

/// The judgement of one submission. Everything but [#ACCEPTED] earns nothing.
public enum Verdict {
    ACCEPTED,
    /// The connection has logged in, but not with this name.
    UNAUTHORIZED,
    /// The extranonce, or a field beside it, has the wrong size for this channel.
    MALFORMED,
    /// No such job was ever sent on this channel, or too long ago.
    UNKNOWN_JOB,
    /// Bits outside the version rolling mask.
    VERSION_BITS,
    /// The job's tip has been replaced.
    STALE,
    NTIME_OUT_OF_RANGE,
    LOW_DIFFICULTY,
    DUPLICATE,
    /// The journal cannot take shares: the disk is full or failing.
    UNAVAILABLE
}
