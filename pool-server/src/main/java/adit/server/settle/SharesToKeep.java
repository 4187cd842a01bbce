package adit.server.settle;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

import adit.ledger.postgres.ShareRetention;
import adit.ledger.postgres.Transaction;
import adit.payout.NetworkDifficulty;
import adit.payout.OrderRange;
import adit.payout.Rational;
import adit.payout.WorkSlice;
import adit.server.config.PoolConfig;

/// Which single shares may be forgotten: those older than the operator wants to keep them, and none that a payout
/// could still cut a minute at.
///
/// A window is cut where it begins, at a block, and where it ends: for PPLNS so much work before the block, for PROP at
/// the block before. Both ends only move on as work and blocks come, so it is enough to look from the oldest block that
/// nothing is shared out of yet, or from now. Where there is less work than the window holds, its end will lie in the
/// oldest of it one day, and all of it is kept.
///
/// **Owner:** the call; it keeps nothing.
public final class SharesToKeep {
    private static final String PPLNS = PoolConfig.Scheme.Kind.PPLNS.name();
    private static final String PROP = PoolConfig.Scheme.Kind.PROP.name();

    /// How long a block that left the chain may come back.
    private static final Duration WATCHED = Duration.ofDays(3);

    private final Rational windowBlocks;
    private final int retentionDays;

    public SharesToKeep(BigDecimal pplnsWindowBlocks, int retentionDays) {
        this.windowBlocks = Rational.of(pplnsWindowBlocks);
        this.retentionDays = retentionDays;
    }

    /// Forgets what may be forgotten; answers how many days that were.
    public int forgetOthers(Connection connection, Instant now) throws SQLException {
        return Transaction.run(
                connection,
                inside -> {
                    var wanted = day(now).minusDays(retentionDays);
                    if (!ShareRetention.hasSharesBefore(inside, wanted)) {
                        return 0;
                    }
                    var needed = firstNeeded(inside, now);
                    return ShareRetention.dropBefore(
                            inside, needed.isBefore(wanted) ? needed : wanted);
                });
    }

    private LocalDate firstNeeded(Connection connection, Instant now) throws SQLException {
        var newest =
                ShareRetention.oldestUnpaidBlock(connection, now.minus(WATCHED))
                        .filter(found -> found.isBefore(now))
                        .orElse(now);
        var round = ShareRetention.newestMatureBlock(connection, PROP, newest).orElse(newest);
        var window = endOfWindow(connection, newest);
        return day(round).isBefore(window) ? day(round) : window;
    }

    private LocalDate endOfWindow(Connection connection, Instant newest) throws SQLException {
        var reached = new AtomicReference<>(day(newest));
        var weight = new AtomicReference<>(Rational.ZERO);
        ShareRetention.days(
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

    private static Rational weight(ShareRetention.DayWork work) {
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

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }
}
