package adit.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

import adit.ledger.journal.JournalReader;
import adit.ledger.journal.ShareJournal;
import adit.ledger.postgres.JournalForeign;
import adit.ledger.postgres.LedgerUnavailable;
import adit.ledger.postgres.ProjectorStatus;
import adit.ledger.postgres.Schema;
import adit.ledger.postgres.ShareProjector;
import adit.server.block.BlockFollower;
import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;
import adit.server.settle.Settler;

/// The half of the pool that people are paid by: the journal's records become rows, blocks are followed, and
/// work becomes credits. It may be away for hours; shares are taken meanwhile.
///
/// **Owner:** the `projector` thread, which first brings the database to this version's shape, and the
/// `settler` thread, which it starts then.
final class LedgerSide implements AutoCloseable {

    private static final int BATCH_RECORDS = 10_000;
    private static final long SETTLEMENT_WAITS_MILLIS = 100;
    private static final long FIRST_BACKOFF_MILLIS = 500;
    private static final long MAX_BACKOFF_MILLIS = 10_000;
    private static final Duration UNKNOWN_GRACE = Duration.ofMinutes(10);
    private static final Duration CATCH_UP = Duration.ofSeconds(5);
    private static final Duration END = Duration.ofSeconds(5);

    private final DataSource database;
    private final int epoch;
    private final LongSupplier durableSequence;
    private final EventLog events;
    private final Runnable cannotGoOn;
    private final JournalReader reader;
    private final ShareProjector projector;
    private final Settler settler;
    private final Thread projection;
    private final Thread settlement;
    private volatile boolean migrated;

    /// @param cannotGoOn called when no share that is taken could ever be stored
    LedgerSide(
            PoolConfig.Scheme scheme,
            DataSource database,
            ShareJournal journal,
            BlockFollower.ChainView chain,
            EventLog events,
            Runnable cannotGoOn) {
        this.database = database;
        this.epoch = journal.epoch();
        this.durableSequence = journal::durableSequence;
        this.events = events;
        this.cannotGoOn = cannotGoOn;
        reader = journal.reader();
        projector = new ShareProjector(database, reader, BATCH_RECORDS, Thread::sleep);
        var clock = InstantSource.system();
        var follower = new BlockFollower(chain, UNKNOWN_GRACE, events, clock);
        settler = new Settler(database, scheme, follower::follow, events, clock, Thread::sleep);
        projection = Thread.ofPlatform().name("projector").unstarted(this::migrateAndProject);
        settlement = Thread.ofPlatform().name("settler").unstarted(this::settle);
    }

    void start() {
        projection.start();
    }

    /// Whether this server settles.
    boolean isLeader() {
        return settler.isLeader();
    }

    /// Where the projection is; its trouble is empty while there is none.
    ProjectorStatus status() {
        var status = projector.status();
        return migrated
                ? status
                : new ProjectorStatus(
                        status.epoch(),
                        status.nextSequence(),
                        status.waitingRecords(),
                        "PostgreSQL has not answered yet");
    }

    /// Lets what is durable reach the database if that takes no more than moments, then ends.
    @Override
    public void close() {
        try {
            long deadline = System.nanoTime() + CATCH_UP.toNanos();
            while (migrated
                    && projector.status().trouble().isEmpty()
                    && !isAllStored()
                    && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            // In this order, because the one starts the other.
            end(projection);
            end(settlement);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        reader.close();
    }

    private boolean isAllStored() {
        var stored = projector.status();
        return stored.epoch() == epoch && stored.nextSequence() > durableSequence.getAsLong();
    }

    private static void end(Thread thread) throws InterruptedException {
        thread.interrupt();
        if (thread.isAlive()) {
            thread.join(END);
        }
    }

    private void migrateAndProject() {
        try {
            migrate();
        } catch (InterruptedException stopping) {
            return;
        }
        migrated = true;
        settlement.start();
        try {
            projector.run();
        } catch (JournalForeign foreign) {
            events.journalForeign(String.valueOf(foreign.getMessage()));
            cannotGoOn.run();
        } catch (RuntimeException defect) {
            events.bug("the projector, which ends here", defect);
        }
    }

    /// Settles from when the database knows of this epoch. A server it has never heard of could otherwise close
    /// an interval without its own shares.
    private void settle() {
        try {
            while (projector.status().epoch() != epoch) {
                TimeUnit.MILLISECONDS.sleep(SETTLEMENT_WAITS_MILLIS);
            }
        } catch (InterruptedException stopping) {
            return;
        }
        settler.run();
    }

    private void migrate() throws InterruptedException {
        long backoffMillis = FIRST_BACKOFF_MILLIS;
        @Nullable String told = null;
        while (true) {
            try {
                Schema.migrate(database);
                if (told != null) {
                    events.databaseIsBack();
                }
                return;
            } catch (FlywayException away) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException("stopped while PostgreSQL was asked");
                }
                if (told == null) {
                    told = LedgerUnavailable.reason(away);
                    events.databaseDown(told);
                }
            }
            Thread.sleep(backoffMillis);
            backoffMillis = Math.min(2 * backoffMillis, MAX_BACKOFF_MILLIS);
        }
    }
}
