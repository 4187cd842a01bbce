package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import adit.ledger.journal.JournalRecord;

/// A dense run of one epoch's records, sorted by what becomes of them, and the statements that store it.
final class JournalBatch {
    // The common table writes both rows at once; a block that is here already is left as it is.
    private static final String INSERT_BLOCK =
            """
            WITH found AS (
                INSERT INTO pool.block
                    (hash, height, time, server_id, epoch, sequence, account_id, worker_id, job_id,
                     reward_sats, subsidy_sats, nbits, direct_sats)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                RETURNING id, time, state
            )
            INSERT INTO pool.block_history (block_id, number, at, state, note)
            SELECT id, 1, time, state, '' FROM found
            """;

    private final int serverId;
    private final int epoch;
    private final long fromSequence;
    private final List<JournalRecord.Account> accounts = new ArrayList<>();
    private final List<JournalRecord.Worker> workers = new ArrayList<>();
    private final List<JournalRecord.Job> jobs = new ArrayList<>();
    private final List<JournalRecord.Coinbase> coinbases = new ArrayList<>();
    private final List<JournalRecord.Share> shares = new ArrayList<>();
    private final List<JournalRecord.BlockFound> blocks = new ArrayList<>();
    private final Set<Long> usedJobs = new HashSet<>();
    private final Set<Long> days = new TreeSet<>();
    private long nextSequence;
    private long lastMicros;
    private boolean endsCleanly;

    JournalBatch(int serverId, int epoch, long fromSequence, List<JournalRecord> records) {
        this.serverId = serverId;
        this.epoch = epoch;
        this.fromSequence = fromSequence;
        nextSequence = fromSequence;
        records.forEach(this::sort);
    }

    int epoch() {
        return epoch;
    }

    long fromSequence() {
        return fromSequence;
    }

    long nextSequence() {
        return nextSequence;
    }

    long lastMicros() {
        return lastMicros;
    }

    boolean endsCleanly() {
        return endsCleanly;
    }

    /// The UTC days its shares fall on, as days since 1970.
    Set<Long> days() {
        return days;
    }

    void store(Connection connection, References references, ShareCopy copy) throws SQLException {
        references.declareAccounts(connection, accounts);
        references.declareWorkers(connection, workers);
        references.declareJobs(connection, jobs);
        references.declareCoinbases(connection, coinbases);
        references.recallJobs(connection, usedJobs);

        var rows = new ArrayList<ShareRow>(shares.size());
        var slices = new SliceSums();
        for (JournalRecord.Share share : shares) {
            var row =
                    new ShareRow(
                            share,
                            references.account(share.accountRef()),
                            references.worker(share.workerRef()),
                            references.job(share.jobRef()));
            rows.add(row);
            slices.add(row);
        }
        if (!rows.isEmpty()) {
            copy.write(connection, epoch, rows);
        }
        slices.merge(connection, serverId, epoch);
        for (JournalRecord.BlockFound block : blocks) {
            store(connection, references, block);
        }
    }

    private void sort(JournalRecord record) {
        Check.that(record.sequence() == nextSequence, "the records of a batch are dense");
        Check.that(record.timeMicros() >= lastMicros, "time never goes back within an epoch");
        nextSequence++;
        lastMicros = record.timeMicros();
        switch (record) {
            case JournalRecord.Account account -> accounts.add(account);
            case JournalRecord.Worker worker -> workers.add(worker);
            case JournalRecord.Job job -> jobs.add(job);
            case JournalRecord.Coinbase coinbase -> coinbases.add(coinbase);
            case JournalRecord.Share share -> {
                shares.add(share);
                usedJobs.add(share.jobRef());
                days.add(Times.dayOf(share.timeMicros()));
            }
            case JournalRecord.BlockFound block -> {
                blocks.add(block);
                usedJobs.add(block.jobRef());
            }
            case JournalRecord.Epoch begin ->
                    Check.that(
                            begin.serverId() == serverId && begin.epoch() == epoch,
                            "an epoch's records are its own");
            case JournalRecord.CleanStop _ -> endsCleanly = true;
            case JournalRecord.Tip _, JournalRecord.Seal _ -> {
                // They move the cursor and its time, which is all the database needs of them.
            }
        }
    }

    private void store(Connection connection, References references, JournalRecord.BlockFound block)
            throws SQLException {
        try (var statement = connection.prepareStatement(INSERT_BLOCK)) {
            statement.setBytes(1, block.hash());
            statement.setInt(2, block.height());
            Times.setMicros(statement, 3, block.timeMicros());
            statement.setInt(4, serverId);
            statement.setInt(5, epoch);
            statement.setLong(6, block.sequence());
            statement.setLong(7, references.account(block.accountRef()));
            statement.setLong(8, references.worker(block.workerRef()));
            statement.setLong(9, references.job(block.jobRef()).id());
            statement.setLong(10, block.rewardSats());
            statement.setLong(11, block.subsidySats());
            statement.setInt(12, block.nBits());
            statement.setLong(13, block.directSats());
            statement.executeUpdate();
        }
    }
}
