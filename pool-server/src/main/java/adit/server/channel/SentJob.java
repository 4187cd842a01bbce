package adit.server.channel;

import adit.pow.Job;
import adit.pow.Target;

/// A job as one channel was given it: its difficulty and target are fixed here and nowhere else, so a
/// share is judged and credited by what its own job asked, whatever is changed later.
///
/// A job sent again with another difficulty is a new `SentJob`: its wire id ends in another re-issue
/// number, and that number also stands in its coinbase. A header therefore belongs to one re-issue, and
/// nobody can choose afterwards which of several difficulties a hash is to be credited at.
///
/// @param reissue 0 to [#MAX_REISSUE]
public record SentJob(Job job, int reissue, long difficultyUnits, Target shareTarget) {

    public static final int MAX_REISSUE = 0xff;
    private static final int REISSUE_BITS = 8;

    /// The number the miner quotes: the job's number and the re-issue.
    public long wireId() {
        return job.number() << REISSUE_BITS | reissue;
    }
}
