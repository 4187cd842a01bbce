package adit.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

import adit.ledger.journal.JournalDamaged;
import adit.ledger.journal.JournalUnavailable;
import adit.ledger.journal.ShareJournal;
import adit.ledger.postgres.JournalCursors;
import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;
import adit.server.settle.WorkToKeep;

/// Forgets what the operator does not want to keep: files of the journal that are in the database, and work
/// share by share and minute by minute that no payout can ask for. It looks every hour; what fails is tried again then.
///
/// Each server tidies its own journal; the work, which is everybody's, the one that settles.
///
/// **Owner:** its one `housekeeping` thread.
final class Housekeeping implements AutoCloseable {

    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration INTERVAL = Duration.ofHours(1);

    private final DataSource database;
    private final ShareJournal journal;
    private final Duration journalRetention;
    private final WorkToKeep work;
    private final BooleanSupplier leads;
    private final EventLog events;
    private final InstantSource clock;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("housekeeping").factory());

    Housekeeping(
            PoolConfig config,
            DataSource database,
            ShareJournal journal,
            BooleanSupplier leads,
            EventLog events,
            InstantSource clock) {
        this.database = database;
        this.journal = journal;
        this.journalRetention = Duration.ofHours(config.journal().retentionHours());
        this.work =
                new WorkToKeep(
                        config.scheme().pplnsWindowBlocks(),
                        config.database().shareRetentionDays());
        this.leads = leads;
        this.events = events;
        this.clock = clock;
    }

    void start() {
        var _ =
                thread.scheduleWithFixedDelay(
                        this::tidy, FIRST.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Once through everything.
    void tidy() {
        try (var connection = database.getConnection()) {
            var now = clock.instant();
            int files = tidyJournal(connection, now);
            int days = leads.getAsBoolean() ? work.forgetOthers(connection, now) : 0;
            if (files > 0 || days > 0) {
                events.forgotten(files, days);
            }
        } catch (SQLTransientConnectionException away) {
            // The projector tells that; it is tried again in an hour.
        } catch (SQLException | JournalUnavailable cannot) {
            events.housekeepingFailed(String.valueOf(cannot.getMessage()));
        } catch (RuntimeException defect) {
            events.bug("housekeeping", defect);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private int tidyJournal(Connection connection, Instant now) throws SQLException {
        int files = 0;
        var stored = JournalCursors.stored(connection, journal.serverId(), journal.node());
        for (var cursor : stored.entrySet()) {
            try {
                files +=
                        journal.deleteBefore(
                                cursor.getKey(), cursor.getValue(), now.minus(journalRetention));
            } catch (JournalDamaged damaged) {
                // It stays, and so does what came after it in its epoch.
                events.housekeepingFailed(String.valueOf(damaged.getMessage()));
            }
        }
        return files;
    }
}
