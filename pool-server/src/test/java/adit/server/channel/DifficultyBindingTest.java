package adit.server.channel;

import java.nio.file.Path;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.pow.Difficulty;
import adit.pow.Target;
import adit.server.firmware.Firmware;
import adit.server.firmware.FirmwareShelf;
import adit.server.job.SampleJobs;

import static org.assertj.core.api.Assertions.assertThat;

/// A share is judged and credited at what its own job asked when it was sent, whatever came after.
@NullUnmarked // a test fails on null by itself
final class DifficultyBindingTest {

    private static final long EASY = 16;
    private static final long HARDER = 4096;

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
    void bindsADifficultyTheFirmwareCanRead() {
        var settings = new ChannelSettings(1, 1, Difficulty.MAX_UNITS, false, 15, false, 0);
        var whole = new FirmwareShelf(null).of("NerdQAxe++/x");
        var channel = rig.channel(settings.servedTo(whole));

        assertThat(channel.send(ChannelRig.job(1), true).difficultyUnits())
                .isEqualTo(Difficulty.ONE);
        channel.wish(5 * Difficulty.ONE / 2, 1);
        var sent = channel.send(ChannelRig.job(2), false);
        assertThat(sent.difficultyUnits()).isEqualTo(2 * Difficulty.ONE);
        assertThat(sent.shareTarget()).isEqualTo(Target.ofDifficultyUnits(2 * Difficulty.ONE));
    }

    @Test
    void beginsWhereTheFirmwareMustWithinTheListenersLimits() {
        var niceHash = new FirmwareShelf(null).of("NiceHash/1.0.0");
        long first = 524_288 * Difficulty.ONE;
        long least = 500_000 * Difficulty.ONE;

        var open = new ChannelSettings(64, 1, Difficulty.MAX_UNITS, false, 15, false, 0);
        assertThat(open.servedTo(niceHash).firstUnits()).isEqualTo(first);
        assertThat(open.servedTo(niceHash).minimumUnits()).isEqualTo(least);
        var low = new ChannelSettings(64, 1, 1024, false, 15, false, 0);
        assertThat(low.servedTo(niceHash).firstUnits()).isEqualTo(1024);
        var rental = new ChannelSettings(4 * first, 1, Difficulty.MAX_UNITS, false, 15, false, 0);
        assertThat(rental.servedTo(niceHash).firstUnits()).isEqualTo(4 * first);
        assertThat(rental.servedTo(niceHash).minimumUnits()).isEqualTo(least);
        var fixed = new ChannelSettings(64, 1, Difficulty.MAX_UNITS, true, 15, false, 0);
        assertThat(fixed.servedTo(niceHash).firstUnits()).isEqualTo(64);
        assertThat(open.servedTo(Firmware.UNKNOWN)).isSameAs(open);
    }

    @Test
    void creditsTheOldDifficultyOnTheOldJobAfterARaise() {
        var channel = startingAt(EASY);
        var old = channel.send(ChannelRig.job(1), true);
        assertThat(channel.wish(HARDER, HARDER)).isTrue();
        var next = channel.send(ChannelRig.job(1), false);

        assertThat(next.difficultyUnits()).isEqualTo(HARDER);
        assertThat(submitBetween(channel, old, EASY, HARDER)).isEqualTo(Verdict.ACCEPTED);
        assertThat(submitBetween(channel, next, EASY, HARDER)).isEqualTo(Verdict.LOW_DIFFICULTY);
        assertThat(submitAtLeast(channel, old, HARDER)).isEqualTo(Verdict.ACCEPTED);
        assertThat(rig.shares()).extracting(s -> s.difficultyUnits()).containsExactly(EASY, EASY);
    }

    @Test
    void asksTheOldDifficultyOfTheOldJobAfterALowering() {
        var channel = startingAt(HARDER);
        var old = channel.send(ChannelRig.job(1), true);
        assertThat(channel.wish(EASY, EASY)).isTrue();
        var next = channel.send(ChannelRig.job(1), false);

        assertThat(submitBetween(channel, old, EASY, HARDER)).isEqualTo(Verdict.LOW_DIFFICULTY);
        assertThat(submitBetween(channel, next, EASY, HARDER)).isEqualTo(Verdict.ACCEPTED);
        assertThat(submitAtLeast(channel, next, HARDER)).isEqualTo(Verdict.ACCEPTED);
        assertThat(submitAtLeast(channel, old, HARDER)).isEqualTo(Verdict.ACCEPTED);
        assertThat(rig.shares())
                .extracting(s -> s.difficultyUnits())
                .containsExactly(EASY, EASY, HARDER);
    }

    @Test
    void bindsWhatWasSentEvenWhenTheDifficultyChangedTwiceBeforeTheNextJob() {
        var channel = startingAt(EASY);
        var first = channel.send(ChannelRig.job(1), true);
        channel.wish(HARDER, HARDER);
        channel.wish(EASY * 2, EASY * 2);
        var second = channel.send(ChannelRig.job(2), false);

        assertThat(first.difficultyUnits()).isEqualTo(EASY);
        assertThat(second.difficultyUnits()).isEqualTo(EASY * 2);
    }

    /// Otherwise a miner could wait for the hash and then quote the re-issue that asked most of what it meets.
    @Test
    void bindsAHeaderToOneReissueOfAJob() {
        var channel = startingAt(EASY);
        var low = channel.send(ChannelRig.job(1), true);
        channel.wish(HARDER, HARDER);
        var high = channel.send(ChannelRig.job(1), false);
        var submission = rig.submission(low);
        submission.ntime += 100;
        search.find(channel, low, submission, Target.ofDifficultyUnits(HARDER));

        submission.wireJobId = high.wireId();
        assertThat(channel.submit(submission)).isEqualTo(Verdict.LOW_DIFFICULTY);

        submission.wireJobId = low.wireId();
        assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);
        assertThat(rig.shares()).extracting(s -> s.difficultyUnits()).containsExactly(EASY);
    }

    @Test
    void numbersReissuesAndStartsAgainWithTheNextJob() {
        var channel = rig.channel();
        var job = ChannelRig.job(0x6f1);

        assertThat(channel.send(job, true).wireId()).isEqualTo(0x6f100);
        assertThat(channel.send(job, false).wireId()).isEqualTo(0x6f101);
        assertThat(channel.send(ChannelRig.job(0x6f2), false).wireId()).isEqualTo(0x6f200);
    }

    @Test
    void sendsAJobAtMost256Times() {
        var channel = rig.channel();
        var job = ChannelRig.job(1);
        for (int i = 0; i < 256; i++) {
            assertThat(channel.send(job, false)).isNotNull();
        }

        assertThat(channel.send(job, false)).isNull();
        assertThat(channel.send(ChannelRig.job(2), false)).isNotNull();
    }

    @Test
    void neverAsksMoreThanTheNetworkWhereThatIsTheRule() {
        var channel = capped(Difficulty.MAX_UNITS);
        var sent = channel.send(SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.ONE), true);

        assertThat(sent.difficultyUnits()).isEqualTo(Difficulty.ONE);
        assertThat(sent.shareTarget()).isEqualTo(sent.job().networkTarget());
    }

    @Test
    void asksMoreThanTheNetworkWhereSharesPaceTheBlocks() {
        var channel = startingAt(HARDER);

        var sent = channel.send(SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.EASY), true);

        assertThat(sent.difficultyUnits()).isEqualTo(HARDER);
    }

    @Test
    void staysWithinTheListenersLimitsWhateverIsWished() {
        var channel = rig.channel(new ChannelSettings(64, 16, 1024, false, 15, false, 0));

        channel.wish(1, 1);
        assertThat(channel.difficultyUnits()).isEqualTo(16);
        channel.wish(1 << 20, 1 << 20);
        assertThat(channel.difficultyUnits()).isEqualTo(1024);
        channel.fix(1);
        assertThat(channel.difficultyUnits()).isEqualTo(16);
    }

    @Test
    void leavesAFixedListenerAlone() {
        var channel = rig.channel(new ChannelSettings(64, 16, 1024, true, 15, false, 0));

        assertThat(channel.wish(256, 256)).isFalse();
        assertThat(channel.floor(256)).isFalse();
        assertThat(channel.fix(16)).isFalse();
        rig.passMillis(10_000_000);
        assertThat(channel.adjustDifficulty()).isFalse();
        assertThat(channel.difficultyUnits()).isEqualTo(64);
    }

    @Test
    void keepsWhatVardiffFoundWhenOnlyAFloorIsWished() {
        var channel = startingAt(EASY);
        channel.wish(HARDER, EASY);

        assertThat(channel.floor(EASY * 2)).isFalse();
        assertThat(channel.difficultyUnits()).isEqualTo(HARDER);
        assertThat(channel.floor(HARDER * 2)).isTrue();
        assertThat(channel.difficultyUnits()).isEqualTo(HARDER * 2);
    }

    @Test
    void descendsToTheFloorAndNoFurther() {
        var channel = startingAt(HARDER);
        channel.wish(HARDER, 100);
        channel.send(ChannelRig.job(1), true);
        for (int i = 0; i < 100; i++) {
            rig.passMillis(60_000);
            channel.adjustDifficulty();
        }

        assertThat(channel.difficultyUnits()).isEqualTo(100);
    }

    @Test
    void isKnownToWorkWhereAShareCameAndNotWhereItWished() {
        var channel = startingAt(EASY);
        channel.wish(2, 1);
        var sent = channel.send(ChannelRig.job(1), true);
        assertThat(channel.foundUnits()).isZero();

        assertThat(channel.submit(share(channel, sent))).isEqualTo(Verdict.ACCEPTED);
        assertThat(channel.foundUnits()).isEqualTo(2);

        channel.wish(HARDER, 1);
        channel.send(ChannelRig.job(2), true);
        assertThat(channel.foundUnits()).isEqualTo(2);
    }

    /// Else a small machine under the name of a large one would begin too high each time it comes.
    @Test
    void isKnownToWorkNoHigherThanVardiffWentDownForWantOfShares() {
        var channel = startingAt(1L << 40);
        channel.foundBefore(1L << 40);
        channel.send(ChannelRig.job(1), true);
        for (int i = 0; i < 10; i++) {
            rig.passMillis(60_000);
            channel.adjustDifficulty();
        }
        assertThat(channel.difficultyUnits()).isLessThan(1L << 40);
        assertThat(channel.foundUnits()).isEqualTo(channel.difficultyUnits());
    }

    @Test
    void isKnownToWorkNowhereAlthoughVardiffWentDownFromAWish() {
        var channel = startingAt(EASY);
        channel.wish(1L << 40, 1);
        channel.send(ChannelRig.job(1), true);
        for (int i = 0; i < 10; i++) {
            rig.passMillis(60_000);
            channel.adjustDifficulty();
        }
        assertThat(channel.difficultyUnits()).isLessThan(1L << 40);
        assertThat(channel.foundUnits()).isZero();
    }

    @Test
    void doesNotRunAwayWhileTheNetworkIsEasierThanTheMiner() {
        var channel = capped(Difficulty.ONE);
        channel.send(SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.EASY), true);
        var easy = channel.send(SampleJobs.job(2, SampleJobs.TIP_A, SampleJobs.EASY), false);
        for (int i = 0; i < 200; i++) {
            var submission = rig.submission(easy);
            submission.nonce = i * 10;
            search.find(channel, easy, submission, easy.shareTarget());
            channel.submit(submission);
            rig.passMillis(1);
            channel.adjustDifficulty();
        }
        assertThat(channel.difficultyUnits()).isEqualTo(Difficulty.ONE);

        var hard = channel.send(SampleJobs.job(3, SampleJobs.TIP_B, SampleJobs.HARD), true);
        assertThat(hard.difficultyUnits()).isEqualTo(Difficulty.ONE);
    }

    @Test
    void countsSharesOfCappedJobsForVardiff() {
        var channel = capped(1L << 40);
        var sent = channel.send(SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.EASY), true);
        for (int i = 0; i < 30; i++) {
            var submission = rig.submission(sent);
            submission.nonce = i * 10;
            search.find(channel, sent, submission, sent.shareTarget());
            assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);
            rig.passMillis(4_000);
            channel.adjustDifficulty();
        }

        assertThat(channel.difficultyUnits()).isEqualTo(1L << 40);
    }

    private Submission share(MiningChannel channel, SentJob sent) {
        var submission = rig.submission(sent);
        search.find(channel, sent, submission, sent.shareTarget());
        return submission;
    }

    private MiningChannel startingAt(long units) {
        return rig.channel(
                new ChannelSettings(units, 1, Difficulty.MAX_UNITS, false, 15, false, 0));
    }

    private MiningChannel capped(long units) {
        return rig.channel(new ChannelSettings(units, 1, Difficulty.MAX_UNITS, false, 15, true, 0));
    }

    private Verdict submitAtLeast(MiningChannel channel, SentJob sent, long units) {
        var submission = rig.submission(sent);
        search.find(channel, sent, submission, Target.ofDifficultyUnits(units));
        return channel.submit(submission);
    }

    private Verdict submitBetween(MiningChannel channel, SentJob sent, long least, long most) {
        var submission = rig.submission(sent);
        var met = Target.ofDifficultyUnits(least);
        var missed = Target.ofDifficultyUnits(most);
        search.find(
                channel, sent, submission, hashed -> hashed.meets(met) && !hashed.meets(missed));
        return channel.submit(submission);
    }
}
