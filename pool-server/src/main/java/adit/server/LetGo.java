package adit.server;

import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

import adit.pow.Job;
import adit.server.job.JobBoard;
import adit.server.metrics.EventLog;
import adit.server.net.PortUnavailable;

/// What happens when there is no work: miners keep their last job for a while, then are let go, so that they turn to
/// their other pools; when there is work again, the ports open.
///
/// ```
/// WORKING ── work ends ──▶ WAITING ── patience is over ──▶ CLOSED: a part of the miners each second
///    ▲                        │                               │
///    └──────── a job ─────────┴────────── a job ──────────────┘ ports open
/// ```
///
/// A pool that has just started waits too. **Owner:** the `jobs` thread; [#keepsLastJob] from any.
final class LetGo implements JobBoard.Audience {

    /// Miners go one by one in this time, so that their other pools are not stormed.
    static final Duration SPREAD = Duration.ofSeconds(30);

    private static final long NANOS_A_SECOND = Duration.ofSeconds(1).toNanos();

    private final long patienceSeconds;
    private final Doors doors;
    private final IntSupplier connections;
    private final EventLog events;
    private final LongSupplier nanoClock;
    private boolean hasWork;
    private boolean isClosed;
    private long sinceNanos;
    private long partsLeft;
    private volatile boolean keepsLastJob;

    /// The ports for miners and the connections behind them.
    interface Doors {
        void close();

        /// Takes connections again, unless nobody is to come any more.
        ///
        /// @return whether it does
        /// @throws PortUnavailable where somebody else has taken a port meanwhile
        boolean open();

        /// Lets one in so many of the miners go.
        void letGo(long oneIn);
    }

    LetGo(
            Duration patience,
            Doors doors,
            IntSupplier connections,
            EventLog events,
            LongSupplier nanoClock) {
        this.patienceSeconds = patience.toSeconds();
        this.doors = doors;
        this.connections = connections;
        this.events = events;
        this.nanoClock = nanoClock;
        this.sinceNanos = nanoClock.getAsLong();
    }

    /// Whether miners work on although no node has a valid template.
    boolean keepsLastJob() {
        return keepsLastJob;
    }

    @Override
    public void announce(Job job, boolean newTip, long knownNanos, Runnable told) {
        told.run();
        hasWork = true;
        keepsLastJob = false;
        if (isClosed) {
            open();
        }
    }

    @Override
    public void workEnds() {
        if (hasWork) {
            hasWork = false;
            keepsLastJob = true;
            sinceNanos = nanoClock.getAsLong();
        }
    }

    /// Looks whether patience is over; called once a second.
    void tick() {
        if (hasWork) {
            if (isClosed) {
                open();
            }
            return;
        }
        long seconds = (nanoClock.getAsLong() - sinceNanos) / NANOS_A_SECOND;
        if (!isClosed && seconds >= patienceSeconds) {
            isClosed = true;
            keepsLastJob = false;
            partsLeft = SPREAD.toSeconds();
            events.lettingMinersGo(seconds, connections.getAsInt(), partsLeft);
            doors.close();
        }
        if (isClosed && connections.getAsInt() > 0) {
            doors.letGo(Math.max(1, partsLeft--));
        }
    }

    private void open() {
        try {
            if (doors.open()) {
                isClosed = false;
                events.portsOpenAgain();
            }
        } catch (PortUnavailable taken) {
            events.portsStayClosed(String.valueOf(taken.getMessage()));
        }
    }
}
