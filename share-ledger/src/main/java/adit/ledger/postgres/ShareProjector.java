package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import adit.ledger.journal.JournalDamaged;
import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.JournalUnavailable;
import adit.ledger.journal.ShareSource;

/// Carries this server's journal into PostgreSQL, each record exactly once.
///
/// One transaction a batch: it moves the cursor by compare-and-set, stores shares, slices and blocks, and commits.
/// Whatever goes wrong (the server dies here or there, the answer to COMMIT is lost, another projector was quicker,
/// the database was restored from a backup), the cursor that is then in the database says exactly what is stored, so
/// the remedy is always the same: forget everything and read the cursor again.
///
/// **Owner:** the thread that calls [#run] (or [#runOnce]); [#status] from anywhere.
/// **Limits:** one batch of records in memory.
public final class ShareProjector {
    private static final Logger log = LoggerFactory.getLogger(ShareProjector.class);
    private static final int IN_TROUBLE = -1;
    private static final String AWAY = "PostgreSQL is unavailable";
    private static final long IDLE_MILLIS = 100;
    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final long MAX_BACKOFF_MILLIS = 10_000;

    private static final String MOVE_CURSOR =
            """
            UPDATE pool.journal_cursor SET next_sequence = ?, time = pool.at_micros(?), ended = ?
            WHERE server_id = ? AND epoch = ? AND next_sequence = ?
            """;
    private static final String ENSURE_PARTITION =
            "SELECT pool.ensure_share_partition(date 'epoch' + ?)";

    private final DataSource database;
    private final ShareSource source;
    private final int batchRecords;
    private final Pause pause;
    private final ShareCopy copy;
    private final Set<Long> partitions = new HashSet<>();

    /// Epochs that are what the database has by their number.
    private final Set<Integer> recognised = new HashSet<>();

    private @Nullable References references;
    private long referencesAreOf;
    private volatile ProjectorStatus status = new ProjectorStatus(0, 0, 0, "");

    public ShareProjector(DataSource database, ShareSource source, int batchRecords, Pause pause) {
        Check.that(batchRecords > 0, "a batch holds something");
        this.database = database;
        this.source = source;
        this.batchRecords = batchRecords;
        this.pause = pause;
        this.copy = new ShareCopy(source.serverId());
    }

    /// Projects until its thread is interrupted. Of trouble it says once that it began and once that it is over.
    ///
    /// @throws JournalForeign where time won't mend it
    public void run() {
        long backoffMillis = FIRST_BACKOFF_MILLIS;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                int records = attempt();
                if (records == IN_TROUBLE) {
                    pause.forMillis(backoffMillis);
                    backoffMillis = Math.min(2 * backoffMillis, MAX_BACKOFF_MILLIS);
                    continue;
                }
                backoffMillis = FIRST_BACKOFF_MILLIS;
                if (records == 0) {
                    pause.forMillis(IDLE_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Stores one batch and returns how many records it held: 0 when nothing waits, or when another projector was
    /// quicker with the same records.
    public int runOnce() {
        boolean isSound = false;
        try (var connection = database.getConnection()) {
            int records = runOnce(connection);
            isSound = true;
            return records;
        } catch (SQLException e) {
            throw new LedgerUnavailable(e);
        } finally {
            if (!isSound) {
                forget();
            }
        }
    }

    public ProjectorStatus status() {
        return status;
    }

    private int attempt() {
        String before = status.trouble();
        String trouble;
        try {
            int records = runOnce();
            if (!before.isEmpty()) {
                log.info(
                        before.equals(AWAY)
                                ? "PostgreSQL is back"
                                : "shares reach PostgreSQL again");
            }
            return records;
        } catch (LedgerUnavailable e) {
            trouble = AWAY;
            if (!before.equals(trouble) && !isStopping()) {
                log.warn(
                        "PostgreSQL is away; shares are kept in the journal until it is back: {}",
                        e.getMessage());
            }
        } catch (JournalForeign e) {
            inTrouble(String.valueOf(e.getMessage()));
            throw e;
        } catch (ProjectionBroken | JournalDamaged | JournalUnavailable e) {
            trouble = String.valueOf(e.getMessage());
            if (!before.equals(trouble) && !isStopping()) {
                log.error("shares do not reach PostgreSQL until somebody acts: {}", trouble);
            }
        }
        inTrouble(trouble);
        return IN_TROUBLE;
    }

    private void inTrouble(String trouble) {
        status =
                new ProjectorStatus(
                        status.epoch(), status.nextSequence(), status.waitingRecords(), trouble);
    }

    /// Who is interrupted while reading or connecting has no trouble to tell.
    private static boolean isStopping() {
        return Thread.currentThread().isInterrupted();
    }

    private int runOnce(Connection connection) throws SQLException {
        var cursors = JournalCursors.read(connection, source);
        ShareSource.Extent chosen = null;
        ShareSource.Extent newestKnown = null;
        long waiting = 0;
        for (ShareSource.Extent extent : source.epochs()) {
            var cursor = cursors.get(extent.epoch());
            refuseAnOlderCopy(extent, cursor);
            refuseOneThatEndsBefore(extent, cursor);
            // What an operator has given up is over, whatever is left of it in files; what this
            // server has written since is not.
            boolean isOver = cursor != null && cursor.isOver() && !extent.live();
            long behind = isOver ? 0 : extent.from(next(cursor));
            if (behind > 0) {
                waiting += behind;
                chosen = chosen == null ? extent : chosen;
            } else if (cursor != null) {
                newestKnown = newestKnown == null || !newestKnown.live() ? extent : newestKnown;
                endWhereOver(connection, extent, cursor);
            }
        }
        if (chosen == null) {
            // Also where all was stored by an earlier projector of the same epoch.
            status =
                    newestKnown == null
                            ? new ProjectorStatus(status.epoch(), status.nextSequence(), 0, "")
                            : new ProjectorStatus(
                                    newestKnown.epoch(), newestKnown.lastSequence() + 1, 0, "");
            return 0;
        }
        makeKnown(connection, cursors, List.of(chosen.epoch()));
        long from = next(cursors.get(chosen.epoch()));
        status = new ProjectorStatus(chosen.epoch(), from, waiting, status.trouble());
        var records = read(chosen, from);
        if (records.isEmpty()) {
            return 0;
        }
        // Only now: whatever another process of this server wrote before the newest of these
        // records, its epoch is among those.
        makeKnown(connection, cursors, source.begun());
        var batch = new JournalBatch(source.serverId(), chosen.epoch(), from, records);
        ensurePartitions(connection, batch.days());
        if (!store(connection, batch)) {
            forget();
            return 0;
        }
        status =
                new ProjectorStatus(
                        batch.epoch(),
                        batch.nextSequence(),
                        Math.max(0, waiting - records.size()),
                        "");
        return records.size();
    }

    private void makeKnown(
            Connection connection,
            Map<Integer, JournalCursors.Cursor> cursors,
            List<Integer> epochs)
            throws SQLException {
        for (int epoch : epochs) {
            if (cursors.putIfAbsent(epoch, JournalCursors.Cursor.first(epoch)) == null) {
                JournalCursors.begin(connection, source.serverId(), epoch);
            }
        }
    }

    private static long next(JournalCursors.@Nullable Cursor cursor) {
        return cursor == null ? 1 : cursor.nextSequence();
    }

    /// An older copy of the directory begins epochs again that the database has of the newer one: of these nothing
    /// would be stored, or under names of the others. What is stored of an epoch is never older than its first record.
    private void refuseAnOlderCopy(
            ShareSource.Extent extent, JournalCursors.@Nullable Cursor cursor) {
        long next = next(cursor);
        boolean isStored = !extent.live() && next == extent.lastSequence() + 1;
        if (cursor == null || isStored || recognised.contains(extent.epoch())) {
            return;
        }
        if (cursor.time() != null && extent.firstSequence() == 1) {
            var first = source.read(extent.epoch(), 1, 1);
            if (!first.isEmpty() && first.getFirst().timeMicros() > Times.micros(cursor.time())) {
                throw new JournalForeign(
                        stored(extent, next)
                                + ", and its journal begins after it: an older copy of the journal directory is in its place; give this server a new one and an id of its own");
            }
        }
        recognised.add(extent.epoch());
    }

    private void refuseOneThatEndsBefore(
            ShareSource.Extent extent, JournalCursors.@Nullable Cursor cursor) {
        long next = next(cursor);
        if (extent.live() && next > extent.lastSequence() + 1) {
            throw new ProjectionBroken(
                    stored(extent, next)
                            + ", and its journal, which is being written, ends before it: more was given up than was lost, or the journal lacks its end; restart this server, which begins another epoch");
        }
    }

    private String stored(ShareSource.Extent extent, long next) {
        return "record %d of epoch %d of server %d is in the database or given up"
                .formatted(next - 1, extent.epoch(), source.serverId());
    }

    /// An epoch that died says nothing at its end, so it is noted when all of it is here.
    private void endWhereOver(
            Connection connection, ShareSource.Extent extent, JournalCursors.Cursor cursor)
            throws SQLException {
        if (!extent.live() && !cursor.isOver()) {
            JournalCursors.end(
                    connection, source.serverId(), extent.epoch(), cursor.nextSequence());
        }
    }

    private List<JournalRecord> read(ShareSource.Extent extent, long from) {
        if (from < extent.firstSequence()) {
            throw new ProjectionBroken(
                    "records "
                            + from
                            + " to "
                            + (extent.firstSequence() - 1)
                            + " of epoch "
                            + extent.epoch()
                            + " of server "
                            + source.serverId()
                            + " are neither in the database nor in the journal any more");
        }
        return source.read(extent.epoch(), from, batchRecords);
    }

    /// Also the day after the newest, so that midnight finds its partition there.
    private void ensurePartitions(Connection connection, Set<Long> days) throws SQLException {
        for (long day : days) {
            ensurePartition(connection, day);
            ensurePartition(connection, day + 1);
        }
    }

    private void ensurePartition(Connection connection, long day) throws SQLException {
        if (partitions.contains(day)) {
            return;
        }
        try (var statement = connection.prepareStatement(ENSURE_PARTITION)) {
            statement.setInt(1, Math.toIntExact(day));
            statement.execute();
        }
        partitions.add(day);
    }

    /// Whether the batch is committed; false when the cursor was not where we believed it.
    private boolean store(Connection connection, JournalBatch batch) throws SQLException {
        boolean isMoved =
                Transaction.run(
                        connection,
                        inside -> {
                            if (!moveCursor(inside, batch)) {
                                return false;
                            }
                            JournalCursors.speaks(inside, source.serverId());
                            batch.store(inside, referencesFor(inside, batch), copy);
                            return true;
                        });
        if (isMoved) {
            referencesAreOf = batch.nextSequence();
        }
        return isMoved;
    }

    private References referencesFor(Connection connection, JournalBatch batch)
            throws SQLException {
        var known = references;
        if (known == null
                || known.epoch() != batch.epoch()
                || referencesAreOf != batch.fromSequence()) {
            known = References.load(connection, source.serverId(), batch.epoch());
            references = known;
        }
        return known;
    }

    private boolean moveCursor(Connection connection, JournalBatch batch) throws SQLException {
        try (var statement = connection.prepareStatement(MOVE_CURSOR)) {
            statement.setLong(1, batch.nextSequence());
            statement.setLong(2, batch.lastMicros());
            statement.setBoolean(3, batch.endsCleanly());
            statement.setInt(4, source.serverId());
            statement.setInt(5, batch.epoch());
            statement.setLong(6, batch.fromSequence());
            return statement.executeUpdate() == 1;
        }
    }

    private void forget() {
        partitions.clear();
        references = null;
    }
}
