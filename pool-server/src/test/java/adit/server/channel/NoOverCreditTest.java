package adit.server.channel;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.pow.Job;
import adit.pow.ShareCheck;
import adit.pow.Target;
import adit.server.job.SampleJobs;

import static org.assertj.core.api.Assertions.assertThat;

/// Nobody is credited more than the work he proved, however he mixes jobs, wishes and waiting, and an
/// honest miner is credited all of it.
///
/// The miners hash for real, at difficulties of a few hashes. Work is the number of different headers that
/// were hashed, by the miner or for him: a submission quoted for another job is new work where the header is
/// another one, and none where it is the same.
@NullUnmarked // a test fails on null by itself
final class NoOverCreditTest {

    private static final long EASIEST = 2;
    private static final long HARDEST = 128;
    private static final int HASHES = 200_000;
    private static final double SIGMAS = 3;

    private final ShareCheck check = new ShareCheck();

    @TempDir Path directory;

    /// What a strategy has proved and earned, and how far luck may carry it.
    private static final class Account {
        private final Set<Long> headers = new HashSet<>();
        private double credit;
        private double hashes;
        private double variance;

        /// A header bound to a difficulty that is met with chance 1/units.
        void hashed(byte[] headerHash, long units) {
            if (headers.add(ByteBuffer.wrap(headerHash).getLong())) {
                hashes++;
                variance += units - 1;
            }
        }

        double ratio() {
            return credit / hashes;
        }

        double tolerance() {
            return SIGMAS * StrictMath.sqrt(variance) / hashes;
        }
    }

    @Test
    void creditsAnHonestMinerWhoFollowsEveryChangeExactlyHisWork() {
        long seed = 42;
        try (var rig = new ChannelRig(directory)) {
            var random = new Random(seed);
            var account = new Account();
            var play = new Play(rig, random);
            while (account.hashes < HASHES) {
                play.maybeChange();
                var sent = play.sent.getLast();
                var submission = play.next();
                play.hash(account, sent, submission);
                if (check.meets(sent.shareTarget())) {
                    play.submit(account, sent, submission);
                }
            }

            assertThat(account.ratio())
                    .as("seed %d", seed)
                    .isBetween(1 - account.tolerance(), 1 + account.tolerance());
        }
    }

    /// Mines any job still alive, submits all that meets the least difficulty ever asked, and quotes for it
    /// every job he knows, the hardest first, at once and again when new ones have come.
    @Test
    void creditsNobodyMoreWhoChoosesAfterTheHashWhatToQuote() {
        long seed = 4711;
        try (var rig = new ChannelRig(directory)) {
            var random = new Random(seed);
            var account = new Account();
            var play = new Play(rig, random);
            var least = Target.ofDifficultyUnits(EASIEST);
            var hoard = new ArrayList<Submission>();
            while (account.hashes < HASHES) {
                if (play.maybeChange()) {
                    hoard.forEach(kept -> play.quoteForAll(account, kept));
                    hoard.clear();
                }
                var mined = play.alive().get(random.nextInt(play.alive().size()));
                var submission = play.next();
                // Late enough that no later job of this tip could call it too early.
                submission.ntime += 1000;
                play.hash(account, mined, submission);
                if (check.meets(least)) {
                    play.quoteForAll(account, submission);
                    hoard.add(submission);
                }
            }

            assertThat(account.ratio()).as("seed %d", seed).isBetween(0.9, 1 + account.tolerance());
        }
    }

    /// A channel whose difficulty, jobs and tip change at random.
    private final class Play {
        private final ChannelRig rig;
        private final Random random;
        private final MiningChannel channel;
        private final List<SentJob> sent = new ArrayList<>();
        private long number = 1;
        private Job job = SampleJobs.job(number, SampleJobs.TIP_A, SampleJobs.HARD);
        private int nonce;

        Play(ChannelRig rig, Random random) {
            this.rig = rig;
            this.random = random;
            this.channel =
                    rig.channel(new ChannelSettings(64, EASIEST, HARDEST, false, 60_000, false, 0));
            sent.add(channel.send(job, true));
        }

        /// One event in a hundred hashes; time passes so that vardiff, too, has its say.
        boolean maybeChange() {
            rig.nanos += 10_000;
            if (random.nextInt(100) > 0) {
                return false;
            }
            rig.loop.runAll();
            return switch (random.nextInt(6)) {
                case 0 -> {
                    long units = 1L << random.nextInt(8);
                    yield channel.wish(units, random.nextBoolean() ? units : 1) && resend();
                }
                case 1 -> channel.floor(1L << random.nextInt(8)) && resend();
                case 2 -> {
                    job = SampleJobs.job(++number, job.template().previousHash(), SampleJobs.HARD);
                    yield remember(channel.send(job, false));
                }
                case 3 -> {
                    // A wish whose job is never sent on its own.
                    channel.wish(1L << random.nextInt(8), 1);
                    channel.wish(1L << random.nextInt(8), 1);
                    yield resend();
                }
                default -> channel.adjustDifficulty() && resend();
            };
        }

        List<SentJob> alive() {
            return sent.subList(Math.max(0, sent.size() - JobTable.PER_TIP), sent.size());
        }

        Submission next() {
            var submission = rig.submission(sent.getLast());
            submission.nonce = nonce++;
            return submission;
        }

        void hash(Account account, SentJob on, Submission submission) {
            var extranonce = new byte[13];
            extranonce[0] = (byte) on.reissue();
            System.arraycopy(channel.prefix(), 0, extranonce, 1, 4);
            System.arraycopy(submission.rollable, 0, extranonce, 5, 8);
            int version = on.job().version();
            check.hash(on.job(), extranonce, 0, version, submission.ntime, submission.nonce);
            account.hashed(check.headerHash(), on.difficultyUnits());
        }

        void submit(Account account, SentJob on, Submission submission) {
            submission.wireJobId = on.wireId();
            if (channel.submit(submission) == Verdict.ACCEPTED) {
                account.credit += on.difficultyUnits();
            }
        }

        void quoteForAll(Account account, Submission submission) {
            alive().stream()
                    .sorted(Comparator.comparingLong(SentJob::difficultyUnits).reversed())
                    .forEach(on -> {
                        hash(account, on, submission);
                        submit(account, on, submission);
                    });
        }

        private boolean resend() {
            return remember(channel.send(job, false));
        }

        private boolean remember(SentJob next) {
            if (next != null) {
                sent.add(next);
            }
            return next != null;
        }
    }
}
