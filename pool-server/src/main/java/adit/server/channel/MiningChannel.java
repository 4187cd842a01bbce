package adit.server.channel;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import adit.ledger.journal.ShareClass;
import adit.pow.Difficulty;
import adit.pow.Hash;
import adit.pow.Job;
import adit.pow.Target;
import adit.server.channel.FoundBlocks.FoundBlock;
import adit.server.config.Limits;
import adit.server.job.ExtranonceSpace;
import adit.server.job.JobMaker;

/// One stream of work with one extranonce prefix: jobs go out, submissions come in and are judged, accepted
/// shares are appended to the journal's next group.
///
/// A submission is judged in this order: known job, version bits, header and hash, **block** (always, even
/// where the share will be refused), stale, ntime, share target, duplicate. Credit is the difficulty bound
/// to the job when it was sent.
///
/// **Owner:** its event loop. **Limits:** 32 jobs remembered; at most one stale record a second.
public final class MiningChannel {

    private static final int MAX_NTIME_AHEAD_SECONDS = 7200;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long STALE_RECORD_EVERY_NANOS = 1_000_000_000;
    private static final int MAX_LATENESS_MILLIS = 0xffff;
    private static final int HARDER_BITS = 2;
    private static final int PREFIX_AT = JobMaker.REISSUE_BYTES;
    private static final int ROLLABLE_AT = PREFIX_AT + ExtranonceSpace.PREFIX_BYTES;

    private final long connection;
    private final byte[] extranonce;
    private final ShareLoop loop;
    private ChannelSettings settings;
    private final JobTable jobs = new JobTable();
    private final Vardiff vardiff;
    private long units;
    private long floorUnits;
    private long foundUnits;
    private boolean fixed;
    private long tipToldNanos;
    private boolean tipToldLate;
    private boolean tookBack;
    private long lastStaleRecordNanos = Long.MIN_VALUE / 2;

    public MiningChannel(long connection, byte[] prefix, ShareLoop loop, ChannelSettings settings) {
        this.connection = connection;
        this.extranonce = new byte[JobMaker.EXTRANONCE_BYTES];
        System.arraycopy(prefix, 0, extranonce, PREFIX_AT, ExtranonceSpace.PREFIX_BYTES);
        this.loop = loop;
        this.settings = settings;
        this.units = settings.firstUnits();
        this.floorUnits = settings.minimumUnits();
        this.fixed = settings.fixed();
        this.vardiff = new Vardiff(settings.sharesPerMinute(), loop.nanoClock.getAsLong());
    }

    public byte[] prefix() {
        return Arrays.copyOfRange(extranonce, PREFIX_AT, ROLLABLE_AT);
    }

    /// Whether vardiff chooses the difficulty, and not the miner or the operator for good.
    public boolean isFree() {
        return !fixed;
    }

    public long difficultyUnits() {
        return units;
    }

    /// The difficulty this miner is known to work at: that of the latest job, once a share of it was accepted; before,
    /// what is known [from earlier][#foundBefore]. Where vardiff goes lower for want of shares, so does this. 0 where
    /// nothing is known, whatever was wished.
    public long foundUnits() {
        return foundUnits;
    }

    /// The miner was found to work at this difficulty in an earlier connection.
    public void foundBefore(long units) {
        foundUnits = units;
    }

    /// The miner's firmware turned out to be another one: holds from the next job on.
    ///
    /// @return whether the difficulty is another one now
    public boolean servedBy(ChannelSettings known) {
        settings = known;
        floorUnits = known.clamp(floorUnits);
        long wanted = known.fixed() ? units : Math.max(known.clamp(units), floorUnits);
        return wanted != units && change(wanted);
    }

    /// Binds a job to the channel's present difficulty. What is returned must be sent, and sent next.
    ///
    /// @return null where this job has been sent again too often to be told apart
    public @Nullable SentJob send(Job job, boolean newTip) {
        var latest = jobs.latest();
        if (newTip) {
            jobs.turnTip();
            tipToldNanos = loop.nanoClock.getAsLong();
            // The tip is the same: the node refused the job, so nobody is to work on what we sent
            // before.
            tookBack = latest != null && isOnOneTip(latest.job(), job);
        } else if (latest != null && !isOnOneTip(latest.job(), job)) {
            // The tip turned while the channel had no connection: long ago, for all it can tell.
            jobs.turnTip();
            tipToldLate = false;
            tookBack = false;
            tipToldNanos = loop.nanoClock.getAsLong() - MAX_LATENESS_MILLIS * NANOS_PER_MILLI;
        }
        int reissue =
                latest != null && latest.job().number() == job.number() ? latest.reissue() + 1 : 0;
        if (reissue > SentJob.MAX_REISSUE) {
            return null;
        }
        long asked = asked(job);
        if (latest != null && latest.difficultyUnits() != asked) {
            vardiff.restart(loop.nanoClock.getAsLong());
        }
        var sent = new SentJob(job, reissue, asked, targetOf(asked, latest));
        jobs.add(sent);
        return sent;
    }

    /// The job of a new tip has left for the miner, or waits because the miner does not read. Lateness counts from
    /// here; a miner that does not read gains nothing by it.
    ///
    /// @param knownNanos when the pool knew of the tip
    public void tipTold(long knownNanos, boolean isTaken) {
        long now = loop.nanoClock.getAsLong();
        long latest = knownNanos + Limits.TIP_TOLD_AT_LATEST_NANOS;
        tipToldNanos = isTaken ? Math.min(now, latest) : knownNanos;
        tipToldLate = isTaken && now - knownNanos > Limits.TIP_TOLD_NANOS;
    }

    /// What the miner wishes: where to start and the floor below which vardiff never goes. Takes effect
    /// with the next job sent.
    ///
    /// @return whether the difficulty is another one now
    public boolean wish(long startUnits, long minimumUnits) {
        floorUnits = settings.clamp(minimumUnits);
        return !fixed && change(Math.max(settings.clamp(startUnits), floorUnits));
    }

    /// The miner wishes a floor alone: what vardiff has found stays, unless it lies below.
    public boolean floor(long minimumUnits) {
        floorUnits = settings.clamp(minimumUnits);
        return !fixed && units < floorUnits && change(floorUnits);
    }

    /// The miner wishes one difficulty for good, within the operator's limits. One that the operator fixed stays.
    public boolean fix(long wishedUnits) {
        if (settings.fixed()) {
            return false;
        }
        fixed = true;
        return change(settings.clamp(wishedUnits));
    }

    /// Begins where this miner was found to belong before, within its listener's limits.
    ///
    /// @return whether the difficulty is another one now
    public boolean goOnAt(long foundUnits) {
        vardiff.trust();
        return !fixed && change(Math.max(settings.clamp(foundUnits), floorUnits));
    }

    /// Lets vardiff look at what has come in. Called after accepted shares and from time to time.
    ///
    /// @return whether the difficulty is another one now, so that a job must be sent
    public boolean adjustDifficulty() {
        if (settings.fixed()) {
            return false;
        }
        long now = loop.nanoClock.getAsLong();
        int step = fixed ? vardiff.governedStep(now) : vardiff.step(now, loop.isEased());
        boolean changed = step != 0 && change(stepped(step));
        if (changed && step < 0) {
            foundUnits = Math.min(foundUnits, units);
        }
        return changed;
    }

    /// Asks harder work of a miner that submits far more often than it should, whatever it wished and
    /// whatever its shares are worth. A difficulty that the operator fixed stays.
    ///
    /// @return whether the difficulty is another one now
    public boolean harden() {
        return !settings.fixed() && change(stepped(HARDER_BITS));
    }

    /// What the next job may ask: the channel's difficulty, but never more than the network's where that
    /// is the rule, and a number the miner can read.
    private long asked(Job job) {
        long asked = settings.capAtNetwork() ? Math.min(units, job.networkUnits()) : units;
        return settings.format().readable(asked);
    }

    public Verdict submit(Submission s) {
        loop.makeRoom();
        var sent = jobs.active(s.wireJobId);
        boolean past = sent == null;
        if (past) {
            sent = jobs.past(s.wireJobId);
        }
        if (sent == null) {
            return Verdict.UNKNOWN_JOB;
        }
        var job = sent.job();
        if (!job.mayRoll(s.versionBits)) {
            return Verdict.VERSION_BITS;
        }
        if (s.rollableLength != ExtranonceSpace.ROLLABLE_BYTES) {
            return Verdict.MALFORMED;
        }
        extranonce[0] = (byte) sent.reissue();
        System.arraycopy(s.rollable, 0, extranonce, ROLLABLE_AT, s.rollableLength);
        var check = loop.check;
        check.hash(job, extranonce, 0, job.headerVersion(s.versionBits), s.ntime, s.nonce);
        if (s.divided != null) {
            s.divided.choose(s, check.headerHash());
        }
        boolean block = check.meets(job.networkTarget());
        FoundBlock found = block ? announceBlock(s, job) : null;
        long untold = loop.untoldTipNanos;
        var verdict =
                past
                        ? late(s, sent)
                        : untold == 0
                                ? judge(s, sent, ShareClass.ACCEPTED, 0)
                                : unaware(s, sent, untold);
        if (found != null) {
            loop.records(job).blockFound(found.record());
        }
        return verdict;
    }

    private @Nullable FoundBlock announceBlock(Submission s, Job job) {
        var hash = Hash.of(loop.check.headerHash());
        if (!loop.isNewBlock(hash)) {
            return null;
        }
        var found =
                new FoundBlock(
                        job,
                        hash,
                        extranonce.clone(),
                        s.versionBits,
                        s.ntime,
                        s.nonce,
                        s.workerName,
                        s.accountRef,
                        s.workerRef);
        loop.found(found);
        return found;
    }

    /// A share on the job this miner was last given, while the pool knows of a new tip and has not told it.
    private Verdict unaware(Submission s, SentJob sent, long knownNanos) {
        long lateNanos = loop.nanoClock.getAsLong() - knownNanos;
        return lateNanos > Limits.TIP_TOLD_NANOS
                ? judge(s, sent, ShareClass.OURS, millis(lateNanos))
                : judge(s, sent, ShareClass.ACCEPTED, 0);
    }

    private static int millis(long nanos) {
        return (int) Math.min(nanos / NANOS_PER_MILLI, MAX_LATENESS_MILLIS);
    }

    private Verdict late(Submission s, SentJob sent) {
        long now = loop.nanoClock.getAsLong();
        int lateMillis = millis(now - tipToldNanos);
        if (tookBack && now - tipToldNanos < Limits.TAKEN_BACK_NANOS) {
            return judge(s, sent, ShareClass.OURS, lateMillis);
        }
        if (lateMillis < settings.staleGraceMillis()) {
            return judge(s, sent, tipToldLate ? ShareClass.OURS : ShareClass.GRACE, lateMillis);
        }
        if (now - lastStaleRecordNanos >= STALE_RECORD_EVERY_NANOS
                && loop.check.meets(sent.shareTarget())) {
            lastStaleRecordNanos = now;
            record(s, sent, ShareClass.STALE, lateMillis);
        }
        return Verdict.STALE;
    }

    private Verdict judge(Submission s, SentJob sent, ShareClass shareClass, int lateMillis) {
        if (!ntimeInRange(sent.job(), s.ntime)) {
            return Verdict.NTIME_OUT_OF_RANGE;
        }
        if (!loop.check.meets(sent.shareTarget())) {
            return Verdict.LOW_DIFFICULTY;
        }
        switch (loop.duplicates.add(sent.job(), loop.check.headerHash())) {
            case SEEN -> {
                return Verdict.DUPLICATE;
            }
            case FULL, FORGOTTEN -> {
                return Verdict.UNKNOWN_JOB;
            }
            case NEW -> {}
        }
        record(s, sent, shareClass, lateMillis);
        s.creditedUnits = sent.difficultyUnits();
        loop.metrics.credited(sent.difficultyUnits());
        var latest = jobs.latest();
        if (latest != null && sent.difficultyUnits() == latest.difficultyUnits()) {
            vardiff.share();
            foundUnits = sent.difficultyUnits();
        }
        return Verdict.ACCEPTED;
    }

    /// From the job's own ntime to two hours after it, or after the pool's clock where that is behind.
    private boolean ntimeInRange(Job job, int ntime) {
        long least = Integer.toUnsignedLong(job.ntime());
        long most = Math.min(least, loop.epochSeconds.getAsLong()) + MAX_NTIME_AHEAD_SECONDS;
        long given = Integer.toUnsignedLong(ntime);
        return given >= least && given <= most;
    }

    private void record(Submission s, SentJob sent, ShareClass shareClass, int lateMillis) {
        var job = sent.job();
        int oursRef = shareClass == ShareClass.OURS ? loop.oursRef(s.workerRef) : 0;
        // Without room for one more reference the share is paid like any other.
        var recordedClass = oursRef < 0 ? ShareClass.GRACE : shareClass;
        loop.records(job)
                .share(
                        s.accountRef,
                        oursRef > 0 ? oursRef : s.workerRef,
                        job.reference(),
                        sent.difficultyUnits(),
                        s.ntime,
                        s.nonce,
                        job.headerVersion(s.versionBits),
                        lateMillis,
                        recordedClass,
                        extranonce,
                        0,
                        extranonce.length,
                        loop.check.headerHash(),
                        connection);
    }

    private boolean change(long wanted) {
        vardiff.restart(loop.nanoClock.getAsLong());
        if (wanted == units) {
            return false;
        }
        units = wanted;
        return true;
    }

    /// Steps begin at what was really asked: past the network's difficulty vardiff would only run away,
    /// and take as long to come back.
    private long stepped(int step) {
        var latest = jobs.latest();
        long asked = latest == null ? units : asked(latest.job());
        if (step > 0 && asked < units) {
            return units;
        }
        long power = Long.highestOneBit(asked);
        long wanted = step > 0 ? shiftedUp(power, step) : Math.max(power >> -step, 1);
        return Math.max(settings.clamp(wanted), floorUnits);
    }

    private static long shiftedUp(long power, int step) {
        return Long.numberOfLeadingZeros(power) > step + 1 ? power << step : Difficulty.MAX_UNITS;
    }

    private static boolean isOnOneTip(Job one, Job other) {
        return one.template().previousHash().equals(other.template().previousHash());
    }

    private static Target targetOf(long units, @Nullable SentJob latest) {
        return latest != null && latest.difficultyUnits() == units
                ? latest.shareTarget()
                : Target.ofDifficultyUnits(units);
    }
}
