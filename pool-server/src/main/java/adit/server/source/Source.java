package adit.server.source;

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
/// @param spentNanos what it has spent of its new connections ([Allowance])
/// @param work delivered since it earned credit last, in difficulty units
/// @param hasEarned whether it has ever earned credit; then `earnedNanos` says when last
record Source(
        int open,
        long spentNanos,
        long work,
        boolean hasEarned,
        long earnedNanos,
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
        return new Source(0, nowNanos, 0, false, 0, null);
    }

    /// One that earned credit before the process began.
    static Source credited(long earnedNanos, long nowNanos) {
        return new Source(0, nowNanos, 0, true, earnedNanos, null);
    }

    /// One that was kept out before the process began.
    static Source sentenced(Sentence sentence, long nowNanos) {
        return new Source(0, nowNanos, 0, false, 0, sentence);
    }

    boolean hasCredit(long nowNanos) {
        return hasEarned && nowNanos - earnedNanos <= Limits.CREDIT_NANOS;
    }

    boolean isPunished(long nowNanos) {
        return sentence != null && sentence.isRunning(nowNanos);
    }

    /// Whether its penalty, over perhaps, makes the next one longer.
    boolean isSentenceRemembered(long nowNanos) {
        return sentence != null && sentence.isRemembered(nowNanos);
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
                NEW_CONNECTIONS.spend(spentNanos, nowNanos),
                work,
                hasEarned,
                earnedNanos,
                sentence);
    }

    Source left() {
        return new Source(open - 1, spentNanos, work, hasEarned, earnedNanos, sentence);
    }

    /// So much more accepted work has come. Each time it reaches the price that buys credit from now on, which
    /// clears everything.
    Source delivered(long units, long price, long nowNanos) {
        long sum = Math.addExact(work, units);
        return sum < price
                ? new Source(open, spentNanos, sum, hasEarned, earnedNanos, sentence)
                : new Source(open, spentNanos, 0, true, nowNanos, null);
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

    /// What is lost by forgetting it: 0 nothing, 1 that its next penalty is longer, 2 a running penalty,
    /// 3 credit; one with connections is never forgotten.
    int worth(long nowNanos) {
        if (hasCredit(nowNanos)) {
            return 3;
        }
        if (isPunished(nowNanos)) {
            return 2;
        }
        return isSentenceRemembered(nowNanos) || spentNanos - nowNanos > 0 ? 1 : 0;
    }

    private Source with(@Nullable Sentence other) {
        return new Source(open, spentNanos, work, hasEarned, earnedNanos, other);
    }
}
