package adit.server.settle;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import adit.ledger.postgres.JournalCursors;
import adit.ledger.postgres.Transaction;
import adit.ledger.postgres.WorkRetention;
import adit.ledger.postgres.WorkWindow;
import adit.payout.NetworkDifficulty;
import adit.payout.OrderRange;
import adit.payout.Rational;
import adit.payout.WorkSlice;
import adit.server.config.PoolConfig;

/// Which work may be forgotten share by share, and minute by minute: what is older than the operator wants to keep, and
/// nothing that a payout can still ask for.
///
/// Of shares a payout asks for the two minutes its window is cut in: where it begins, at a block, and where it ends: for
/// PPLNS so much work before the block, for PROP at the block before. Of minutes it asks for all of the window, and PPS
/// for those not paid yet. Both ends only move on as work and blocks come, so it is enough to look from the oldest block
/// that nothing is shared out of yet, or from where a server is that is behind the others, or from now. Where there is
/// less work than the window holds, its end will lie in the oldest of it one day, and all of it is kept.
///
/// **Owner:** the housekeeping thread. **Limits:** a transaction takes [#ROWS_AT_ONCE] jobs or the minutes of one day.
public final class WorkToKeep {
    private static final String PPLNS = PoolConfig.Scheme.Kind.PPLNS.name();
    private static final String PROP = PoolConfig.Scheme.Kind.PROP.name();

    /// How long a block that left the chain may come back.
    private static final Duration WATCHED = Duration.ofDays(3);

    /// Each step begins at the oldest again and passes over what the steps before have left of their rows.
    private static final int ROWS_AT_ONCE = 50_000;

    private final Rational windowBlocks;
    private final int retentionDays;
    private @Nullable LocalDate done;

    public WorkToKeep(BigDecimal pplnsWindowBlocks, int retentionDays) {
        this.windowBlocks = Rational.of(pplnsWindowBlocks);
        this.retentionDays = retentionDays;
    }

    /// Forgets what may be forgotten, once a UTC day; answers how many days of shares that were.
    public int forgetOthers(Connection connection, Instant now) throws SQLException {
        var wanted = day(now).minusDays(retentionDays);
        if (wanted.equals(done)) {
            return 0;
        }
        var newest = newest(connection, now);
        var rounds = WorkRetention.rounds(connection, PROP, newest);
        var firstShares = earlier(wanted, firstCut(connection, newest, rounds));
        var firstMinutes = earlier(firstShares, firstUnpaid(connection, newest, rounds));
        int days =
                Transaction.run(
                        connection, inside -> WorkRetention.dropSharesBefore(inside, firstShares));
        forgetJobs(connection, firstShares);
        sumMinutes(connection, firstMinutes);
        done = wanted;
        return days;
    }

    private static void forgetJobs(Connection connection, LocalDate firstKept) throws SQLException {
        int forgotten = 1;
        while (forgotten > 0 && !Thread.currentThread().isInterrupted()) {
            forgotten = WorkRetention.dropJobsBefore(connection, firstKept, ROWS_AT_ONCE);
        }
    }

    private static void sumMinutes(Connection connection, LocalDate firstKept) throws SQLException {
        var oldest = WorkRetention.oldestMinute(connection).map(WorkToKeep::day);
        while (oldest.isPresent()
                && oldest.get().isBefore(firstKept)
                && !Thread.currentThread().isInterrupted()) {
            WorkRetention.sumMinutesBefore(connection, oldest.get().plusDays(1));
            oldest = WorkRetention.oldestMinute(connection).map(WorkToKeep::day);
        }
    }

    /// The oldest day that the end of a window may still lie in.
    private LocalDate firstCut(Connection connection, Instant newest, WorkRetention.Rounds rounds)
            throws SQLException {
        var block = rounds.newestMature() != null ? rounds.newestMature() : rounds.oldest();
        var window = endOfWindow(connection, newest);
        return block == null ? window : earlier(day(block), window);
    }

    /// The oldest day of work that no window ends behind: of a first round, and at a fixed price.
    private static LocalDate firstUnpaid(
            Connection connection, Instant newest, WorkRetention.Rounds rounds)
            throws SQLException {
        var first = newest;
        if (rounds.newestMature() == null) {
            first = WorkWindow.firstMinute(connection, PROP, Instant.EPOCH, newest).orElse(first);
        }
        for (var paid : PpsIntervals.Paid.values()) {
            var unpaid = PpsIntervals.firstUnpaid(connection, paid, newest);
            first = unpaid.filter(first::isAfter).orElse(first);
        }
        return day(first);
    }

    /// Before this no block can come that is not shared out.
    private static Instant newest(Connection connection, Instant now) throws SQLException {
        var passed = JournalCursors.passed(connection, now);
        return WorkRetention.oldestUnpaidBlock(connection, now.minus(WATCHED))
                .filter(passed::isAfter)
                .orElse(passed);
    }

    private LocalDate endOfWindow(Connection connection, Instant newest) throws SQLException {
        var reached = new AtomicReference<>(day(newest));
        var weight = new AtomicReference<>(Rational.ZERO);
        WorkRetention.days(
                connection,
                PPLNS,
                newest,
                work -> {
                    reached.set(work.day());
                    weight.set(weight.get().plus(weight(work)));
                    return weight.get().compareTo(windowBlocks) < 0;
                });
        return reached.get();
    }

    private static Rational weight(WorkRetention.DayWork work) {
        return WorkSlice.ofShares(
                        1,
                        0,
                        new OrderRange(0, 0),
                        work.shares(),
                        work.difficultyUnits(),
                        NetworkDifficulty.ofNBits(work.nBits()),
                        0)
                .weight();
    }

    private static LocalDate earlier(LocalDate one, LocalDate other) {
        return one.isBefore(other) ? one : other;
    }

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }
}
