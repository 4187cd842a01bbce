package adit.server.channel;

import java.util.function.Predicate;

import adit.pow.HeaderPlan;
import adit.pow.ShareCheck;
import adit.pow.Target;

/// A miner's search, with the whole check for every nonce: for targets that one hash in thousands meets.
final class Search {

    private static final int MAX_HASHES = 2_000_000;

    private final ShareCheck check = new ShareCheck();

    /// Gives the submission the next nonce whose header is as wanted.
    void find(
            MiningChannel channel,
            SentJob sent,
            Submission submission,
            Predicate<ShareCheck> wanted) {
        for (int i = 0; i < MAX_HASHES; i++) {
            submission.nonce++;
            hash(channel, sent, submission);
            if (wanted.test(check)) {
                return;
            }
        }
        throw new AssertionError("no nonce was as wanted");
    }

    void find(MiningChannel channel, SentJob sent, Submission submission, Target target) {
        find(channel, sent, submission, hashed -> hashed.meets(target));
    }

    /// Hashes it as a miner does who was sent this job.
    ShareCheck hash(MiningChannel channel, SentJob sent, Submission submission) {
        var extranonce = new byte[13];
        extranonce[0] = (byte) sent.reissue();
        System.arraycopy(channel.prefix(), 0, extranonce, 1, 4);
        System.arraycopy(submission.rollable, 0, extranonce, 5, 8);
        HeaderPlan plan = sent.job().headerPlan();
        int version = sent.job().headerVersion(submission.versionBits);
        check.hash(plan, extranonce, 0, version, submission.ntime, submission.nonce);
        return check;
    }
}
