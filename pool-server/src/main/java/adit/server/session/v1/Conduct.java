package adit.server.session.v1;

import java.net.InetAddress;

import adit.pow.Difficulty;
import adit.server.channel.ChannelSettings;
import adit.server.channel.Verdict;
import adit.server.config.Limits;
import adit.server.source.Allowance;
import adit.server.source.CloseReason;
import adit.server.source.Visit;

/// How one connection behaves: what it sends while it delivers no accepted work, and what becomes of what it
/// submits.
///
/// Accepted work pays for everything: it empties the account of messages and ends every run of refusals, so
/// that a proxy is never limited by its rate. What is counted here costs an accepted share a few stores.
///
/// **Owner:** its event loop. **Limits:** messages without work, refusals in a row, submissions a window,
/// wrong lines and failed logins a minute ([Limits]).
final class Conduct {

    /// What is due for a connection when it is looked at.
    enum Due {
        NOTHING,
        /// For a minute nothing it submitted was good: it may have lost its job or its difficulty.
        WORK_AGAIN,
        /// It submits far more often than its listener wants, refused or not, for each costs the pool a check; and
        /// vardiff, which sees what is accepted, has not been able to help.
        HARDER_WORK,
        /// It has submitted nothing good for minutes.
        CLOSE_INVALID,
        /// It has submitted nothing for hours.
        CLOSE_IDLE
    }

    private static final Allowance MESSAGES =
            Allowance.perSecond(
                    Limits.MESSAGES_PER_SECOND_WITHOUT_WORK, Limits.MESSAGES_BURST_WITHOUT_WORK);
    private static final double NANOS_PER_MINUTE = 60e9;

    private final Visit visit;
    private final double sharesPerNano;
    private final RateLimit protocolErrors = new RateLimit(Limits.PROTOCOL_ERRORS_PER_MINUTE);
    private final RateLimit failedLogins = new RateLimit(Limits.FAILED_AUTHORIZES_PER_MINUTE - 1);
    private long messagesSpent;
    private long untoldUnits;
    private long refusedSinceNanos;
    private long loweredNanos;
    private long windowNanos;
    private long lastSubmitNanos;
    private int refusedInARow;
    private int submits;
    private byte pauses;
    private boolean hasCredit;
    private boolean loggedIn;
    private boolean workSentAgain;

    Conduct(Visit visit, ChannelSettings settings, long nowNanos) {
        this.visit = visit;
        this.sharesPerNano = settings.sharesPerMinute() / NANOS_PER_MINUTE;
        this.messagesSpent = nowNanos;
        this.windowNanos = nowNanos;
        this.lastSubmitNanos = nowNanos;
        this.loweredNanos = nowNanos - Limits.LOWERED_GRACE_NANOS;
    }

    /// One more line has come in.
    void line(long nowNanos) {
        messagesSpent = MESSAGES.spend(messagesSpent, nowNanos);
    }

    /// A login has succeeded; that line costs nothing, because a proxy logs thousands in before any work.
    void loggedIn() {
        messagesSpent -= MESSAGES.everyNanos();
        if (!loggedIn) {
            loggedIn = true;
            visit.loggedIn();
        }
    }

    /// @param units what an accepted share is worth
    void judged(Verdict verdict, long units, long nowNanos) {
        submits++;
        if (verdict == Verdict.ACCEPTED) {
            refusedInARow = 0;
            messagesSpent = nowNanos;
            pauses = 0;
            untoldUnits = Math.min(untoldUnits, Difficulty.MAX_UNITS - units) + units;
            if (!hasCredit) {
                tellWork();
            }
        } else if (speaksAgainst(verdict, nowNanos) && refusedInARow++ == 0) {
            refusedSinceNanos = nowNanos;
            workSentAgain = false;
        }
    }

    /// From now on the miner is asked less: some firmware applies that to the work it already has.
    void lowered(long nowNanos) {
        loweredNanos = nowNanos;
    }

    /// Whether it must not be read from until what it sent is paid for.
    boolean isOverdrawn(long nowNanos) {
        return MESSAGES.isOverdrawn(messagesSpent, nowNanos);
    }

    /// Whether half of its messages are earned back, so that reading may go on.
    boolean isSolvent(long nowNanos) {
        return messagesSpent - nowNanos <= MESSAGES.everyNanos() * MESSAGES.burst() / 2;
    }

    /// Counts a pause; false where there have been too many without work between them.
    boolean mayPauseAgain() {
        return ++pauses <= Limits.PAUSES_WITHOUT_WORK;
    }

    /// Counts a line that was understood but wrong; false where it is one too many.
    boolean mayErr(long nowNanos) {
        return protocolErrors.allows(nowNanos);
    }

    /// Counts a login that failed, and tells the operator; false where it is one too many.
    boolean mayFailToLogIn(InetAddress client, String name, String reason, long nowNanos) {
        visit.loginRefused(client, name, reason);
        return failedLogins.allows(nowNanos);
    }

    /// Whether it takes more of the pool than its listener's rate, which is paused first under load.
    boolean isOverItsShare(long nowNanos) {
        long age = Math.max(nowNanos - windowNanos, Limits.SUBMIT_WINDOW_NANOS / 2);
        return submits > 2 * age * sharesPerNano || !isSolvent(nowNanos);
    }

    /// Looks at what has been counted; called every few seconds.
    Due look(long nowNanos) {
        if (untoldUnits > 0) {
            tellWork();
        }
        if (submits > 0) {
            lastSubmitNanos = nowNanos;
        }
        if (loggedIn && nowNanos - lastSubmitNanos > Limits.WITHOUT_SHARES_NANOS) {
            return Due.CLOSE_IDLE;
        }
        if (refusedInARow >= Limits.REFUSED_IN_A_ROW) {
            long age = nowNanos - refusedSinceNanos;
            if (age >= Limits.REFUSED_CLOSE_NANOS) {
                return Due.CLOSE_INVALID;
            }
            if (age >= Limits.REFUSED_RESEND_NANOS && !workSentAgain) {
                workSentAgain = true;
                return Due.WORK_AGAIN;
            }
        }
        return endWindow(nowNanos) ? Due.HARDER_WORK : Due.NOTHING;
    }

    void closedFor(CloseReason reason) {
        visit.closedFor(reason);
    }

    /// Until its source has credit each share is told at once, because others of it wait outside.
    private void tellWork() {
        hasCredit = visit.delivered(untoldUnits);
        untoldUnits = 0;
    }

    /// Ends the window of submissions where it is over, and tells whether there were far too many in it.
    private boolean endWindow(long nowNanos) {
        long age = nowNanos - windowNanos;
        if (age < Limits.SUBMIT_WINDOW_NANOS) {
            return false;
        }
        boolean flooded = submits > Limits.SUBMITS_OVER_TARGET * age * sharesPerNano;
        submits = 0;
        windowNanos = nowNanos;
        return flooded;
    }

    private boolean speaksAgainst(Verdict verdict, long nowNanos) {
        return switch (verdict) {
            case ACCEPTED, UNAVAILABLE -> false;
            case LOW_DIFFICULTY -> nowNanos - loweredNanos >= Limits.LOWERED_GRACE_NANOS;
            case UNAUTHORIZED,
                    MALFORMED,
                    UNKNOWN_JOB,
                    VERSION_BITS,
                    STALE,
                    NTIME_OUT_OF_RANGE,
                    DUPLICATE ->
                    true;
        };
    }
}
