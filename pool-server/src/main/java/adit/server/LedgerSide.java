package adit.server;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

import org.flywaydb.core.api.FlywayException;

import adit.ledger.journal.JournalReader;
import adit.ledger.postgres.Pause;
import adit.ledger.postgres.ProjectorStatus;
import adit.ledger.postgres.Schema;
import adit.ledger.postgres.ShareProjector;
import adit.server.block.BlockFollower;
import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;
import adit.server.settle.Settler;

/// The half of the pool that holds the money: the journal goes to PostgreSQL, and on the server that leads, blocks are
/// followed and work becomes credits.
///
/// PostgreSQL may be away at the start or at any time; everything here then waits, and nobody else does. The schema is
/// brought up to date when the database is first reached.
///
/// **Owner:** its threads `projector` and `settler`.
final class LedgerSide implements AutoCloseable {
    private static final int BATCH_RECORDS = 10_000;
    private static final long MIGRATION_PAUSE_MILLIS = 2_000;
    private static final Duration STOP = Duration.ofSeconds(10);

    /// What a block may take to reach a node: its delivery is tried again for longer, and it is taken back when it
    /// gets there after all.
    private static final Duration UNKNOWN_GRACE = Duration.ofMinutes(10);

    private final DataSource database;
    private final JournalReader journal;
    private final EventLog events;
    private final ShareProjector projector;
    private final Settler settler;
    private final CountDownLatch migrated = new CountDownLatch(1);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread projectorThread = Thread.ofPlatform().name("projector").unstarted(this::project);
    private final Thread settlerThread = Thread.ofPlatform().name("settler").unstarted(this::settle);

    /// @param journal a reader for this side alone, which closes it
    LedgerSide(
            PoolConfig.Scheme scheme,
            DataSource database,
            JournalReader journal,
            BlockFollower.ChainView chain,
            EventLog events,
            PoolMetrics metrics,
            InstantSource clock) {
        this.database = database;
        this.journal = journal;
        this.events = events;
        Pause pause = this::pause;
        var follower = new BlockFollower(chain, UNKNOWN_GRACE, events, clock);
        projector = new ShareProjector(database, journal, BATCH_RECORDS, pause);
        settler = new Settler(database, scheme, follower::follow, events, clock, pause);
        metrics.gauge(
                "adit.ledger.lag", "Durable records not in PostgreSQL yet", projector::lag);
        metrics.gauge(
                "adit.ledger.leader",
                "Whether this server settles",
                () -> settler.isLeader() ? 1 : 0);
    }

    void start() {
        projectorThread.start();
        settlerThread.start();
    }

    ProjectorStatus projection() {
        return projector.status();
    }

    boolean isLeader() {
        return settler.isLeader();
    }

    /// Lets the threads end after what they are at. What is not projected or settled by then waits for the next start.
    @Override
    public void close() {
        stopping.countDown();
        if (projectorThread.getState() == Thread.State.NEW) {
            journal.close();
            return;
        }
        end(settlerThread);
        end(projectorThread);
    }

    private void project() {
        try {
            migrate();
            migrated.countDown();
            projector.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            events.bug("the projector, which ends here", e);
        } finally {
            journal.close();
        }
    }

    private void settle() {
        try {
            while (!migrated.await(MIGRATION_PAUSE_MILLIS / 10, TimeUnit.MILLISECONDS)) {
                pause(0);
            }
            settler.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void migrate() throws InterruptedException {
        boolean isTold = false;
        while (true) {
            try {
                // Asked first, because Flyway tells at length why it cannot connect.
                database.getConnection().close();
                Schema.migrate(database);
                if (isTold) {
                    events.databaseIsBack();
                }
                return;
            } catch (SQLException | FlywayException e) {
                if (!isTold) {
                    events.databaseDown(String.valueOf(e.getMessage()));
                }
                isTold = true;
                pause(MIGRATION_PAUSE_MILLIS);
            }
        }
    }

    private void pause(long millis) throws InterruptedException {
        if (stopping.await(millis, TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("the pool stops");
        }
    }

    private static void end(Thread thread) {
        try {
            if (!thread.join(STOP)) {
                thread.interrupt();
                thread.join(STOP);
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
