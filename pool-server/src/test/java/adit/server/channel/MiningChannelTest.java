package adit.server.channel;

import java.nio.file.Path;
import java.util.Arrays;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.ShareClass;
import adit.pow.Difficulty;
import adit.pow.Job;
import adit.server.job.SampleJobs;

import static org.assertj.core.api.Assertions.assertThat;

/// How one submission is judged, whatever protocol it came by.
@NullUnmarked // a test fails on null by itself
final class MiningChannelTest {

    private final Search search = new Search();
    private ChannelRig rig;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new ChannelRig(directory);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void recordsAnAcceptedShareAsItWasHashed() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.job(1), true);
        var submission = rig.submission(sent);
        submission.versionBits = 0x00c0_0000;
        submission.rollable[7] = 9;
        search.find(channel, sent, submission, sent.shareTarget());

        assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);

        var share = rig.shares().getFirst();
        var hash = search.hash(channel, sent, submission).headerHash();
        assertThat(share.hashHalf()).isEqualTo(Arrays.copyOf(hash, 16));
        assertThat(share.difficultyUnits()).isEqualTo(ChannelRig.ANY);
        assertThat(share.shareClass()).isEqualTo(ShareClass.ACCEPTED);
        assertThat(share.version()).isEqualTo(0x20c0_0000);
        assertThat(share.extranonce()).hasSize(13).endsWith(0, 0, 0, 0, 0, 0, 0, 9);
        assertThat(share.jobRef()).isEqualTo(1);
        assertThat(share.connection()).isEqualTo(1);
    }

    @Test
    void knowsOnlyJobsItWasSent() {
        var other = rig.channel();
        var foreign = other.send(ChannelRig.job(2), true);
        var channel = rig.channel();
        channel.send(ChannelRig.job(1), true);

        assertThat(channel.submit(rig.submission(foreign))).isEqualTo(Verdict.UNKNOWN_JOB);
    }

    @Test
    void judgesTheJobBeforeTheVersionAndTheVersionBeforeTheLength() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.job(1), true);
        var submission = rig.submission(sent);
        submission.versionBits = 0x2000_0000;
        submission.rollableLength = 7;
        submission.ntime = 0;
        submission.wireJobId++;
        assertThat(channel.submit(submission)).isEqualTo(Verdict.UNKNOWN_JOB);

        submission.wireJobId--;
        assertThat(channel.submit(submission)).isEqualTo(Verdict.VERSION_BITS);

        submission.versionBits = 0;
        assertThat(channel.submit(submission)).isEqualTo(Verdict.MALFORMED);

        submission.rollableLength = 8;
        assertThat(channel.submit(submission)).isEqualTo(Verdict.NTIME_OUT_OF_RANGE);
    }

    @Test
    void judgesStaleBeforeNtimeAndNtimeBeforeDifficultyAndThatBeforeDuplicates() {
        var channel = rig.channel();
        channel.fix(ChannelRig.NEVER);
        var sent = channel.send(ChannelRig.job(1), true);
        var submission = rig.submission(sent);
        assertThat(channel.submit(submission)).isEqualTo(Verdict.LOW_DIFFICULTY);
        assertThat(channel.submit(submission)).isEqualTo(Verdict.LOW_DIFFICULTY);

        submission.ntime--;
        assertThat(channel.submit(submission)).isEqualTo(Verdict.NTIME_OUT_OF_RANGE);

        channel.send(SampleJobs.job(2, SampleJobs.TIP_B, SampleJobs.HARD), true);
        assertThat(channel.submit(submission)).isEqualTo(Verdict.STALE);
        assertThat(rig.shares()).isEmpty();
    }

    @Test
    void takesEveryBitOfTheMaskAndNoOther() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.job(1), true);
        for (int bit = 0; bit < 32; bit++) {
            var submission = rig.submission(sent);
            submission.versionBits = 1 << bit;
            boolean inside = (SampleJobs.MASK >>> bit & 1) == 1;
            search.find(channel, sent, submission, sent.shareTarget());

            assertThat(channel.submit(submission))
                    .as("bit %d", bit)
                    .isEqualTo(inside ? Verdict.ACCEPTED : Verdict.VERSION_BITS);
        }
    }

    @Test
    void takesNtimeFromTheJobToTwoHoursLater() {
        var job = ChannelRig.job(1);

        assertThat(atNtime(job, job.ntime() - 1)).isEqualTo(Verdict.NTIME_OUT_OF_RANGE);
        assertThat(atNtime(job, job.ntime())).isEqualTo(Verdict.ACCEPTED);
        assertThat(atNtime(job, job.ntime() + 7200)).isEqualTo(Verdict.ACCEPTED);
        assertThat(atNtime(job, job.ntime() + 7201)).isEqualTo(Verdict.NTIME_OUT_OF_RANGE);
        assertThat(atNtime(job, 0)).isEqualTo(Verdict.NTIME_OUT_OF_RANGE);
        assertThat(atNtime(job, -1)).isEqualTo(Verdict.NTIME_OUT_OF_RANGE);
    }

    @Test
    void countsTheTwoHoursFromThePoolsClockWhereThatIsBehind() {
        var job = ChannelRig.job(1);
        rig.epochSeconds = job.ntime() - 100L;

        assertThat(atNtime(job, job.ntime() + 7100)).isEqualTo(Verdict.ACCEPTED);
        assertThat(atNtime(job, job.ntime() + 7101)).isEqualTo(Verdict.NTIME_OUT_OF_RANGE);
    }

    @Test
    void readsTimesBeyond2038AsUnsigned() {
        int late = 0xffff_f000;
        rig.epochSeconds = Integer.toUnsignedLong(late) + 5;
        var job = SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.HARD, late);

        assertThat(atNtime(job, late + 3)).isEqualTo(Verdict.ACCEPTED);
        assertThat(atNtime(job, late - 1)).isEqualTo(Verdict.NTIME_OUT_OF_RANGE);
        assertThat(atNtime(job, 5)).isEqualTo(Verdict.NTIME_OUT_OF_RANGE);
    }

    @Test
    void creditsWorkOnceWhoeverBringsItAgain() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.job(1), true);
        var submission = rig.submission(sent);
        search.find(channel, sent, submission, sent.shareTarget());
        assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);

        submission.workerRef = rig.journal.workerRef(rig.account, "other", "PPLNS", 0);
        assertThat(channel.submit(submission)).isEqualTo(Verdict.DUPLICATE);
        assertThat(channel.submit(submission)).isEqualTo(Verdict.DUPLICATE);
        assertThat(rig.shares()).hasSize(1);
    }

    @Test
    void tellsWorkApartByEachThingAMinerMayVary() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.job(1), true);
        for (int what = 0; what < 5; what++) {
            var submission = rig.submission(sent);
            submission.versionBits = what == 1 ? 0x2000 : 0;
            submission.ntime += what == 2 ? 1 : 0;
            submission.rollable[0] = (byte) (what == 3 ? 1 : 0);
            submission.nonce = what == 4 ? 1 : 0;

            assertThat(channel.submit(submission)).as("%d", what).isEqualTo(Verdict.ACCEPTED);
        }
    }

    @Test
    void remembersSixteenJobsOfATipAndForgetsTheOldest() {
        var channel = rig.channel();
        var first = channel.send(ChannelRig.job(1), true);
        for (int number = 2; number <= 16; number++) {
            channel.send(ChannelRig.job(number), false);
        }
        assertThat(channel.submit(rig.submission(first))).isEqualTo(Verdict.ACCEPTED);

        channel.send(ChannelRig.job(17), false);

        assertThat(channel.submit(rig.submission(first))).isEqualTo(Verdict.UNKNOWN_JOB);
    }

    @Test
    void creditsALateShareOnlyWithinTheGrace() {
        var channel = rig.channel(withGrace(500));
        var sent = channel.send(ChannelRig.job(1), true);
        channel.send(SampleJobs.job(2, SampleJobs.TIP_B, SampleJobs.HARD), true);
        rig.passMillis(499);
        var submission = rig.submission(sent);
        assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);
        assertThat(channel.submit(submission)).isEqualTo(Verdict.DUPLICATE);

        rig.passMillis(1);
        submission.nonce++;
        assertThat(channel.submit(submission)).isEqualTo(Verdict.STALE);

        var shares = rig.shares();
        assertThat(shares)
                .extracting(share -> share.shareClass() + " " + share.latenessMillis())
                .containsExactly("GRACE 499", "STALE 500");
    }

    @Test
    void letsTheOperatorPayForWorkOnAJobThatThePoolWasTooSlowToReplace() {
        var channel = rig.channel();
        var submission = rig.submission(channel.send(ChannelRig.job(1), true));
        rig.shares.tipKnown(rig.nanos);
        rig.passMillis(100);
        assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);
        rig.passMillis(2);
        submission.nonce++;
        assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);
        assertThat(channel.submit(submission)).isEqualTo(Verdict.DUPLICATE);

        channel.send(SampleJobs.job(2, SampleJobs.TIP_B, SampleJobs.HARD), true);
        channel.tipTold(0, true);
        rig.shares.tipTold();
        submission.nonce++;
        assertThat(channel.submit(submission)).isEqualTo(Verdict.STALE);

        var shares = rig.shares();
        assertThat(shares)
                .extracting(share -> share.shareClass() + " " + share.latenessMillis())
                .containsExactly("ACCEPTED 0", "OURS 101", "STALE 0");
        assertThat(shares)
                .extracting(share -> share.workerRef())
                .containsExactly(rig.worker, rig.journal.oursRef(rig.worker), rig.worker);
    }

    @Test
    void letsTheOperatorPayForWorkOnAJobThatThePoolTookBack() {
        var channel = rig.channel();
        var submission = rig.submission(channel.send(ChannelRig.job(1), true));
        channel.send(ChannelRig.job(2), true);
        channel.tipTold(0, true);
        rig.passMillis(1_999);
        assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);
        assertThat(channel.submit(submission)).isEqualTo(Verdict.DUPLICATE);
        rig.passMillis(1);
        submission.nonce++;
        assertThat(channel.submit(submission)).isEqualTo(Verdict.STALE);

        assertThat(rig.shares())
                .extracting(share -> share.shareClass() + " " + share.latenessMillis())
                .containsExactly("OURS 1999", "STALE 2000");
        assertThat(rig.shares().getFirst().workerRef()).isEqualTo(rig.journal.oursRef(rig.worker));
    }

    @Test
    void doesNotTakeANewTipForAJobTakenBackNorTheOtherWayRound() {
        var channel = rig.channel();
        channel.send(ChannelRig.job(1), true);
        var before = rig.submission(channel.send(ChannelRig.job(2), true));
        channel.send(SampleJobs.job(3, SampleJobs.TIP_B, SampleJobs.HARD), true);

        assertThat(channel.submit(before)).isEqualTo(Verdict.STALE);
    }

    @Test
    void paysALateShareOfOursLikeAnyOtherWhereTheJournalHasNoReferenceLeft(@TempDir Path small) {
        try (var full = new ChannelRig(small, 1)) {
            var channel = full.channel();
            var submission = full.submission(channel.send(ChannelRig.job(1), true));
            channel.send(ChannelRig.job(2), true);
            assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);

            var share = full.shares().getFirst();
            assertThat(share.shareClass()).isEqualTo(ShareClass.GRACE);
            assertThat(share.workerRef()).isEqualTo(full.worker);
        }
    }

    @Test
    void countsTheGraceFromTheTellingAndLetsTheOperatorPayForItWhereThatCameTooLate() {
        var channel = rig.channel(withGrace(500));
        var submission = rig.submission(channel.send(ChannelRig.job(1), true));
        rig.passMillis(300);
        channel.send(SampleJobs.job(2, SampleJobs.TIP_B, SampleJobs.HARD), true);
        channel.tipTold(0, true);
        rig.passMillis(499);
        assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);
        rig.passMillis(1);
        submission.nonce++;
        assertThat(channel.submit(submission)).isEqualTo(Verdict.STALE);

        assertThat(rig.shares())
                .extracting(share -> share.shareClass() + " " + share.latenessMillis())
                .containsExactly("OURS 499", "STALE 500");
    }

    @Test
    void givesAMinerThatDoesNotReadNoMoreTime() {
        var channel = rig.channel(withGrace(500));
        var submission = rig.submission(channel.send(ChannelRig.job(1), true));
        rig.passMillis(400);
        channel.send(SampleJobs.job(2, SampleJobs.TIP_B, SampleJobs.HARD), true);
        channel.tipTold(0, false);
        assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);
        rig.passMillis(100);
        submission.nonce++;
        assertThat(channel.submit(submission)).isEqualTo(Verdict.STALE);

        assertThat(rig.shares())
                .extracting(share -> share.shareClass() + " " + share.latenessMillis())
                .containsExactly("GRACE 400", "STALE 500");
    }

    @Test
    void countsTheTellingAsDoneAfterFiveSecondsWhateverHappens() {
        var channel = rig.channel(withGrace(500));
        var submission = rig.submission(channel.send(ChannelRig.job(1), true));
        rig.passMillis(6_000);
        channel.send(SampleJobs.job(2, SampleJobs.TIP_B, SampleJobs.HARD), true);
        channel.tipTold(0, true);

        assertThat(channel.submit(submission)).isEqualTo(Verdict.STALE);
    }

    @Test
    void doesNotLetAnotherJobOfTheNewTipExtendTheGrace() {
        var channel = rig.channel(withGrace(500));
        var sent = channel.send(ChannelRig.job(1), true);
        channel.send(SampleJobs.job(2, SampleJobs.TIP_B, SampleJobs.HARD), true);
        rig.passMillis(400);
        channel.send(SampleJobs.job(3, SampleJobs.TIP_B, SampleJobs.HARD), false);
        rig.passMillis(200);

        assertThat(channel.submit(rig.submission(sent))).isEqualTo(Verdict.STALE);
    }

    @Test
    void writesAtMostOneStaleRecordASecond() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.job(1), true);
        channel.send(SampleJobs.job(2, SampleJobs.TIP_B, SampleJobs.HARD), true);
        for (int i = 0; i < 30; i++) {
            var submission = rig.submission(sent);
            submission.nonce = i;
            assertThat(channel.submit(submission)).isEqualTo(Verdict.STALE);
            rig.passMillis(100);
        }

        assertThat(rig.shares())
                .hasSize(3)
                .allSatisfy(share -> assertThat(share.shareClass()).isEqualTo(ShareClass.STALE));
    }

    @Test
    void writesNoRecordOfAStaleSubmissionWithoutWork() {
        var channel = rig.channel();
        channel.fix(ChannelRig.NEVER);
        var sent = channel.send(ChannelRig.job(1), true);
        channel.send(SampleJobs.job(2, SampleJobs.TIP_B, SampleJobs.HARD), true);

        assertThat(channel.submit(rig.submission(sent))).isEqualTo(Verdict.STALE);
        assertThat(rig.shares()).isEmpty();
    }

    @Test
    void capsLatenessAtWhatTheRecordHolds() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.job(1), true);
        channel.send(SampleJobs.job(2, SampleJobs.TIP_B, SampleJobs.HARD), true);
        rig.passMillis(100_000);

        channel.submit(rig.submission(sent));

        assertThat(rig.shares().getFirst().latenessMillis()).isEqualTo(0xffff);
    }

    @Test
    void forgetsJobsOfTheTipBeforeTheLast() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.job(1), true);
        channel.send(SampleJobs.job(2, SampleJobs.TIP_B, SampleJobs.HARD), true);
        assertThat(channel.submit(rig.submission(sent))).isEqualTo(Verdict.STALE);

        channel.send(SampleJobs.job(3, SampleJobs.TIP_C, SampleJobs.HARD), true);

        assertThat(channel.submit(rig.submission(sent))).isEqualTo(Verdict.UNKNOWN_JOB);
    }

    private Verdict atNtime(Job job, int ntime) {
        var channel = rig.channel();
        var sent = channel.send(job, true);
        var submission = rig.submission(sent);
        submission.ntime = ntime;
        return channel.submit(submission);
    }

    private static ChannelSettings withGrace(int millis) {
        return new ChannelSettings(
                ChannelRig.ANY, 1, Difficulty.MAX_UNITS, false, 15, false, millis);
    }
}
