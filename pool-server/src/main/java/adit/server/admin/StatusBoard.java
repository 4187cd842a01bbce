package adit.server.admin;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import adit.ledger.postgres.BlockQueries;
import adit.ledger.postgres.PoolQueries;
import adit.ledger.postgres.ProjectionQueries;
import adit.server.metrics.EventLog;
import adit.server.source.LoadLevel;

/// Looks at the pool every few seconds, so that a thousand readers of the page cost what one does.
///
/// The hashrate of the whole pool comes from the database, where all servers meet: the last minutes at each look, and
/// one older hour with it, so that late shares are seen within two minutes and no question is long. While the
/// database is away it is that of this process alone. While the pool has too much to do, it looks a quarter as often.
///
/// **Owner:** its one `status` thread; [#latest] from any thread.
final class StatusBoard implements AutoCloseable {

    static final int LATEST_BLOCKS = 8;

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration STILL_MOVING = Duration.ofMinutes(6);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int HOURS = 25;
    private static final int LOOKS_LEFT_OUT_UNDER_LOAD = 3;

    private final PoolFacts facts;
    private final PoolView view;
    private final LedgerReads ledger;
    private final EventLog events;
    private final InstantSource clock;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("status").factory());
    private final MinuteRing wholePool = new MinuteRing();
    private final MinuteRing thisServer = new MinuteRing();
    private BigInteger creditedUnits = BigInteger.ZERO;
    private int nextHour;
    private int leftOut;
    private boolean isFilled;
    private volatile @Nullable Status latest;
    private boolean isStarted;

    StatusBoard(
            PoolFacts facts,
            PoolView view,
            LedgerReads ledger,
            EventLog events,
            InstantSource clock) {
        this.facts = facts;
        this.view = view;
        this.ledger = ledger;
        this.events = events;
        this.clock = clock;
    }

    /// Looks once, then every few seconds.
    void start() {
        if (isStarted) {
            return;
        }
        isStarted = true;
        lookNow();
        long interval = INTERVAL.toMillis();
        var _ =
                thread.scheduleWithFixedDelay(
                        this::lookInTime, interval, interval, TimeUnit.MILLISECONDS);
    }

    Status latest() {
        return Objects.requireNonNull(latest, "nobody asks before the first look");
    }

    double blocksIn(String state) {
        var status = latest;
        var facts = status == null ? null : status.ledger().facts();
        return facts == null ? Double.NaN : facts.blockCounts().getOrDefault(state, 0L);
    }

    /// Looks outside the rhythm, and waits for it.
    void lookNow() {
        Future<?> look = thread.submit(() -> look(this::read));
        try {
            look.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a look ends, whatever it sees", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private Hashrate hashrate(MinuteRing rates, Instant now, String name, Duration window) {
        return rates.over(now, name, window, facts.startedAt());
    }

    /// The turn of a look has come. That there is too much to do is shown before looks are left out for it.
    void lookInTime() {
        look(() -> {
            var shown = latest;
            boolean isShown = shown != null && shown.pool().load() != LoadLevel.NORMAL;
            if (isShown
                    && view.snapshot().load() != LoadLevel.NORMAL
                    && leftOut < LOOKS_LEFT_OUT_UNDER_LOAD) {
                leftOut++;
            } else {
                leftOut = 0;
                read();
            }
        });
    }

    /// A defect of ours in one look must not end the looks to come.
    private void look(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException e) {
            events.bug("the status page", e);
        }
    }

    private void read() {
        var now = clock.instant();
        var pool = view.snapshot();
        count(now, pool);
        var books = readLedger(now, pool.journal().epoch());
        var rates = books.isReachable() ? wholePool : thisServer;
        latest =
                new Status(
                        now,
                        pool,
                        books.isReachable(),
                        List.of(
                                hashrate(rates, now, "1m", Duration.ofMinutes(1)),
                                hashrate(rates, now, "5m", Duration.ofMinutes(5)),
                                hashrate(rates, now, "1h", HOUR),
                                hashrate(rates, now, "1d", Duration.ofDays(1))),
                        List.of(rates.perMinute(now, HOUR)),
                        books);
    }

    private void count(Instant now, PoolSnapshot pool) {
        thisServer.add(now, pool.creditedUnits().subtract(creditedUnits));
        creditedUnits = pool.creditedUnits();
    }

    private Status.Ledger readLedger(Instant now, int epoch) {
        var before = latest == null ? null : latest.ledger();
        try {
            readHashrate(now);
            var seen = readFacts(now, epoch);
            return new Status.Ledger(true, since(true, before, now), "", seen);
        } catch (DatabaseAway away) {
            isFilled = false;
            return new Status.Ledger(
                    false,
                    since(false, before, now),
                    String.valueOf(away.getMessage()),
                    before == null ? null : before.facts());
        }
    }

    private static Instant since(boolean isReachable, Status.@Nullable Ledger before, Instant now) {
        return before != null && before.isReachable() == isReachable ? before.since() : now;
    }

    private Status.Facts readFacts(Instant now, int epoch) {
        return ledger.answer(connection ->
                new Status.Facts(
                        now,
                        ProjectionQueries.nextSequence(connection, facts.serverId(), epoch),
                        BlockQueries.counts(connection),
                        BlockQueries.newest(connection, LATEST_BLOCKS)));
    }

    private void readHashrate(Instant now) {
        if (!isFilled) {
            for (int hour = 0; hour < HOURS; hour++) {
                readMinutes(
                        now.minus(HOUR.multipliedBy(hour + 1)), now.minus(HOUR.multipliedBy(hour)));
            }
            isFilled = true;
            return;
        }
        nextHour = (nextHour + 1) % HOURS;
        var end = now.minus(HOUR.multipliedBy(nextHour));
        readMinutes(end.minus(HOUR), end);
        readMinutes(now.minus(STILL_MOVING), now);
    }

    private void readMinutes(Instant from, Instant until) {
        var first = MinuteRing.startOf(from, Duration.ZERO);
        var before = MinuteRing.startOf(until, Duration.ofMinutes(-1));
        var work = ledger.answer(connection -> PoolQueries.series(connection, first, before, 1));
        wholePool.clear(first, before);
        work.forEach(point -> wholePool.put(point.begin(), point.workUnits()));
    }
}
