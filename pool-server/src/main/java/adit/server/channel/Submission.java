package adit.server.channel;

import org.jspecify.annotations.Nullable;

/// What a miner sent for judgement, as numbers: mutable, one for each session that translates into it, so
/// that a share costs no object.
///
/// **Owner:** the event loop.
public final class Submission {

    /// The bytes the miner varied; the channel's prefix stands before them.
    public static final int MAX_ROLLABLE_BYTES = 32;

    public long wireJobId;
    public final byte[] rollable = new byte[MAX_ROLLABLE_BYTES];
    public int rollableLength;
    public int versionBits;
    public int ntime;
    public int nonce;

    /// The worker the share is credited to, and its name for the block desk.
    public int accountRef;

    public int workerRef;
    public String workerName = "";

    /// Where a split divides the worker's shares, which decides for each whose it is; null for all others.
    public @Nullable DividedCredit divided;

    /// Written by the judge: what the share is worth, where it was accepted.
    public long creditedUnits;
}
