package adit.server.source;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import adit.server.config.Limits;

/// What is known of one source: its connections, the work it has delivered, its penalty.
///
/// Immutable: each event makes the next one, so that [Sources] can replace it in one step. Times are those
/// of the monotonic clock, compared by their difference alone, so that no step of the wall clock ever
/// grants or takes anything.
///
/// **Invariant:** with credit nothing here refuses it; a penalty and credit exclude each other.
///
/// @param open its connections
/// @param working those of them that have delivered work
/// @param spentNanos what it has spent of its new connections ([Allowance])
/// @param hasWorked whether it has ever delivered work; then `lastWorkNanos` says when it was last known to
record Source(
        int open,
        int working,
        long spentNanos,
        boolean hasWorked,
        long lastWorkNanos,
        @Nullable Sentence sentence) {

    private static final Allowance NEW_CONNECTIONS =
            Allowance.perSecond(
                    Limits.NEW_CONNECTIONS_PER_SECOND_WITHOUT_WORK,
                    Limits.NEW_CONNECTIONS_BURST_WITHOUT_WORK);

    /// A penalty, running or over; one that is over is remembered for a while, so that the next is longer.
    record Sentence(CloseReason reason, long sinceNanos, long untilNanos, int count) {

        static Sentence following(@Nullable Sentence last, CloseReason reason, long nowNanos) {
            int count = last != null && last.isRemembered(nowNanos) ? last.count + 1 : 1;
            long doubled = Limits.PENALTY_NANOS << Math.min(count - 1, 10);
            return new Sentence(
                    reason,
                    nowNanos,
                    nowNanos + Math.min(doubled, Limits.MAX_PENALTY_NANOS),
                    count);
        }

        boolean isRunning(long nowNanos) {
            return untilNanos - nowNanos > 0;
        }

        boolean isRemembered(long nowNanos) {
            return nowNanos - untilNanos < Limits.PENALTY_REMEMBERED_NANOS;
        }
    }

    static Source unknown(long nowNanos) {
        return new Source(0, 0, nowNanos, false, 0, null);
    }

    /// One that delivered work before the process began.
    static Source remembered(long nowNanos, Duration age) {
        return new Source(0, 0, nowNanos, true, nowNanos - age.toNanos(), null);
    }

    boolean hasCredit(long nowNanos) {
        return working > 0 || (hasWorked && nowNanos - lastWorkNanos <= Limits.CREDIT_NANOS);
    }

    boolean isPunished(long nowNanos) {
        return sentence != null && sentence.isRunning(nowNanos);
    }

    /// Why another connection is refused; null where it is not.
    @Nullable Refusal refusal(long nowNanos) {
        if (hasCredit(nowNanos)) {
            return null;
        }
        if (isPunished(nowNanos)) {
            return Refusal.PENALTY;
        }
        if (open >= Limits.CONNECTIONS_WITHOUT_WORK) {
            return Refusal.SOURCE_FULL;
        }
        long spent = NEW_CONNECTIONS.spend(spentNanos, nowNanos);
        return NEW_CONNECTIONS.isOverdrawn(spent, nowNanos) ? Refusal.SOURCE_RATE : null;
    }

    Source entered(long nowNanos) {
        return new Source(
                open + 1,
                working,
                NEW_CONNECTIONS.spend(spentNanos, nowNanos),
                hasWorked,
                lastWorkNanos,
                sentence);
    }

    Source left(boolean hadWorked, long nowNanos) {
        return hadWorked
                ? new Source(open - 1, working - 1, spentNanos, true, nowNanos, sentence)
                : new Source(open - 1, working, spentNanos, hasWorked, lastWorkNanos, sentence);
    }

    /// One of its connections has delivered work for the first time; that clears it.
    Source worked(long nowNanos) {
        return new Source(open, working + 1, spentNanos, true, nowNanos, null);
    }

    /// The next penalty, where it has no credit and none is running.
    Source punished(CloseReason reason, long nowNanos) {
        return hasCredit(nowNanos) || isPunished(nowNanos)
                ? this
                : with(Sentence.following(sentence, reason, nowNanos));
    }

    Source forgiven() {
        return with(null);
    }

    /// When it delivered work last, as far as that is known.
    long lastWorkNanos(long nowNanos) {
        return working > 0 ? nowNanos : lastWorkNanos;
    }

    /// What is lost by forgetting it: 0 nothing, 1 that its next penalty is longer, 2 a running penalty,
    /// 3 credit; one with connections is never forgotten.
    int worth(long nowNanos) {
        if (hasCredit(nowNanos)) {
            return 3;
        }
        if (sentence == null || !sentence.isRemembered(nowNanos)) {
            return spentNanos - nowNanos > 0 ? 1 : 0;
        }
        return sentence.isRunning(nowNanos) ? 2 : 1;
    }

    private Source with(@Nullable Sentence other) {
        return new Source(open, working, spentNanos, hasWorked, lastWorkNanos, other);
    }
}
