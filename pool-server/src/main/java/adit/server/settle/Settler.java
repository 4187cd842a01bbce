package adit.server.settle;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import adit.ledger.postgres.BlockState;
import adit.ledger.postgres.Blocks;
import adit.ledger.postgres.FoundBlock;
import adit.ledger.postgres.JournalCursors;
import adit.ledger.postgres.LeaderLock;
import adit.ledger.postgres.Pause;
import adit.pow.Hash;
import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;

/// Turns work into money: on one server at a time, it brings the books to where blocks stand and pays shares of closed
/// intervals.
///
/// The lock and all its work are on one session of the database, so a leader that was deposed without knowing can commit
/// nothing. Whatever goes wrong, it gives the session up, forgets everything, and begins with what the database says;
/// every step is one transaction with a key of its own, so nothing is done twice and nothing is left out.
///
/// A defect of ours ends it: better no settlement than a wrong one. Shares go on being taken and stored.
///
/// **Owner:** the thread that calls [#run] (or [#runOnce]); [#isLeader] from anywhere.
public final class Settler implements AutoCloseable {
    static final String LOCK = "adit.settler";

    private static final Logger LOG = LoggerFactory.getLogger(Settler.class);

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int RECENT_BLOCKS = 500;
    private static final int MAX_INTERVALS_A_PASS = 100;
    private static final long IDLE_MILLIS = 5_000;
    private static final long FIRST_BACKOFF_MILLIS = 500;
    private static final long MAX_BACKOFF_MILLIS = 15_000;

    private final DataSource database;
    private final BlockSettlement blocks;
    private final List<PpsIntervals> intervals;
    private final LeaderDuty first;
    private final EventLog events;
    private final InstantSource clock;
    private final Pause pause;
    private final Map<Long, BlockState> settled = new HashMap<>();
    private final Set<Long> unfinished = new HashSet<>();
    private final Set<Long> told = new HashSet<>();
    private @Nullable LeaderLock lock;
    private String trouble = "";
    private volatile boolean leads;

    public Settler(
            DataSource database,
            PoolConfig.Scheme scheme,
            LeaderDuty first,
            EventLog events,
            InstantSource clock,
            Pause pause) {
        this.database = database;
        this.blocks = new BlockSettlement(new Schemes(scheme), clock);
        var interval = Duration.ofMinutes(scheme.ppsIntervalMinutes());
        this.intervals =
                List.of(
                        new PpsIntervals(PpsIntervals.Paid.PPS, interval, clock),
                        new PpsIntervals(PpsIntervals.Paid.OURS, interval, clock));
        this.first = first;
        this.events = events;
        this.clock = clock;
        this.pause = pause;
    }

    /// Settles until its thread is interrupted. Of trouble it says once that it began and once that it is over.
    public void run() {
        long backoffMillis = FIRST_BACKOFF_MILLIS;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (attempt()) {
                    backoffMillis = FIRST_BACKOFF_MILLIS;
                    pause.forMillis(IDLE_MILLIS);
                } else {
                    pause.forMillis(backoffMillis);
                    backoffMillis = Math.min(2 * backoffMillis, MAX_BACKOFF_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            events.bug("settlement, which ends here", e);
        } finally {
            close();
        }
    }

    /// One pass over everything there is to settle; false when another server leads.
    public boolean runOnce() throws SQLException {
        boolean isSound = false;
        try {
            var leading = lead();
            if (leading != null) {
                pass(leading.connection());
            }
            isSound = true;
            return leading != null;
        } finally {
            if (!isSound) {
                close();
            }
        }
    }

    /// Whether this server settles.
    public boolean isLeader() {
        return leads;
    }

    /// Gives up the lead, so that another server may take it at once.
    @Override
    public void close() {
        leads = false;
        settled.clear();
        unfinished.clear();
        intervals.forEach(PpsIntervals::forget);
        var given = lock;
        lock = null;
        if (given == null) {
            return;
        }
        try {
            given.close();
        } catch (SQLException e) {
            LOG.debug("the session that held the lock could not be given back in order", e);
        }
    }

    private boolean attempt() {
        try {
            runOnce();
            if (!trouble.isEmpty()) {
                trouble = "";
                events.settlementGoesOn();
            }
            return true;
        } catch (SQLException e) {
            if (isAway(e)) {
                // The projector of this server has noticed as well, sooner, and tells it.
                LOG.debug("PostgreSQL is away", e);
                return false;
            }
            var why = String.valueOf(e.getMessage());
            if (trouble.isEmpty()) {
                events.settlementFailed(why);
            }
            trouble = why;
            return false;
        }
    }

    /// By the SQL state: connection lost or refused, no room for it, server shutting down or taking part in a failover.
    private static boolean isAway(SQLException e) {
        var state = e.getSQLState();
        return state == null
                || state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57")
                || state.equals("25006");
    }

    private @Nullable LeaderLock lead() throws SQLException {
        var held = lock;
        if (held != null && held.isHeld()) {
            return held;
        }
        close();
        var taken = LeaderLock.tryAcquire(database, LOCK).orElse(null);
        if (taken != null) {
            lock = taken;
            leads = true;
            events.leads();
        }
        return taken;
    }

    private void pass(Connection connection) throws SQLException {
        first.perform(connection);
        for (var block : candidates(connection)) {
            if (settled.get(block.id()) != block.state()) {
                settle(connection, block);
            }
        }
        for (var fixedPrice : intervals) {
            accrue(connection, fixedPrice);
        }
    }

    private void accrue(Connection connection, PpsIntervals fixedPrice) throws SQLException {
        for (int i = 0; i < MAX_INTERVALS_A_PASS; i++) {
            var closed = fixedPrice.accrueNext(connection);
            if (closed.isEmpty()) {
                return;
            }
            var interval = closed.get();
            if (interval.accounts() > 0) {
                events.sharesPaid(
                        interval.from().toString(), interval.to().toString(), interval.accounts());
            }
        }
    }

    /// All blocks on the first pass; later those that may still move, oldest first. A block that was not settled, or only
    /// as an active one, has still to be, however many have been found since.
    private List<FoundBlock> candidates(Connection connection) throws SQLException {
        if (settled.isEmpty()) {
            return Blocks.recent(connection, Integer.MAX_VALUE).reversed();
        }
        var recent = Blocks.recent(connection, RECENT_BLOCKS).reversed();
        var known = new HashSet<>(recent.stream().map(FoundBlock::id).toList());
        var candidates =
                new ArrayList<>(
                        Blocks.activeAnd(connection, unfinished).stream()
                                .filter(block -> !known.contains(block.id()))
                                .toList());
        candidates.addAll(recent);
        return candidates;
    }

    private void settle(Connection connection, FoundBlock block) throws SQLException {
        if (!blocks.knows(block)) {
            tellWaiting(block, "this version does not know the scheme " + block.scheme());
            return;
        }
        var outcome = blocks.settle(connection, block);
        unfinished.add(block.id());
        if (outcome.isSettled()) {
            settled.put(block.id(), block.state());
            if (block.state() != BlockState.ACTIVE) {
                unfinished.remove(block.id());
            }
        } else if (block.state().isInChain() && isLate(block)) {
            tellWaiting(block, whoIsBehind(connection, block));
        }
        outcome.steps().forEach(step -> tell(block, step, outcome.creditedAccounts()));
    }

    private boolean isLate(FoundBlock block) {
        var found = Times.ofMicros(block.position().timeMicros());
        return clock.instant().isAfter(found.plus(PATIENCE));
    }

    private static String whoIsBehind(Connection connection, FoundBlock block) throws SQLException {
        var behind = JournalCursors.behind(connection, block.position());
        if (behind.isEmpty()) {
            return "where another block found before it stands is not known yet";
        }
        return behind.stream()
                        .map(server ->
                                "server %d (%s)"
                                        .formatted(
                                                server.id(),
                                                server.heardOf()
                                                        .map(time -> "last heard of at " + time)
                                                        .orElse("never heard of")))
                        .collect(Collectors.joining(", ", "the shares of ", ""))
                + " are not all in the database; start it, or declare it lost with adit servers lost";
    }

    private void tellWaiting(FoundBlock block, String why) {
        if (told.add(block.id())) {
            events.settlementWaits(block.height(), hash(block), why);
        }
    }

    private void tell(FoundBlock block, BlockSettlement.Step step, int miners) {
        switch (step) {
            case CREDITED ->
                    events.blockCredited(
                            block.height(),
                            block.scheme(),
                            miners,
                            block.rewardSats(),
                            block.directSats());
            case RELEASED -> tellReleased(block, miners);
            case REVERSED -> events.blockState(block.height(), hash(block), "no longer credited");
            case RESTORED ->
                    events.blockState(block.height(), hash(block), "credited again as before");
            case LOST ->
                    events.blockLost(
                            block.height(), hash(block), block.rewardSats() - block.directSats());
        }
    }

    private void tellReleased(FoundBlock block, int miners) {
        if (block.directSats() > 0) {
            events.blockState(
                    block.height(),
                    hash(block),
                    "mature: its coinbase has paid %d sats to its finder"
                            .formatted(block.directSats()));
        } else {
            events.blockReleased(block.height(), hash(block), miners);
        }
    }

    private static String hash(FoundBlock block) {
        return Hash.of(block.hash()).displayHex();
    }
}
