package adit.ledger.postgres;

import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import adit.ledger.journal.JournalRecord;

/// What the references of one epoch mean in this database: the projector's memory of the tables `journal_account`,
/// `journal_worker` and `job`.
///
/// What a transaction adds is true only once it is committed, so the projector throws the whole of this away whenever
/// one fails and reads it back. Declarations come again in every segment; the later ones change nothing.
///
/// **Owner:** the projector's thread. **Limits:** accounts and workers are bounded by the journal; of jobs the
/// [#MAX_JOBS] last used are kept here.
final class References {
    private static final int MAX_JOBS = 50_000;

    private static final String LOAD_ACCOUNTS =
            "SELECT ref, account_id FROM pool.journal_account WHERE server_id = ? AND epoch = ?";
    private static final String LOAD_WORKERS =
            "SELECT ref, worker_id FROM pool.journal_worker WHERE server_id = ? AND epoch = ?";
    private static final String LOAD_JOBS =
            """
            SELECT ref, id, nbits, subsidy_sats FROM pool.job
            WHERE server_id = ? AND epoch = ? AND ref = ANY (?::bigint[])
            """;
    // Sorted, so that two projectors that meet new names at once lock them in the same order.
    private static final String CREATE_ACCOUNTS =
            """
            INSERT INTO pool.account (name)
            SELECT DISTINCT name FROM unnest(?::text[]) AS came (name)
            WHERE NOT EXISTS (SELECT FROM pool.account a WHERE a.name = came.name)
            ORDER BY name
            ON CONFLICT (name) DO NOTHING
            """;
    private static final String BIND_ACCOUNTS =
            """
            INSERT INTO pool.journal_account (server_id, epoch, ref, account_id)
            SELECT ?, ?, came.ref, a.id
            FROM unnest(?::integer[], ?::text[]) AS came (ref, name) JOIN pool.account a ON a.name = came.name
            ON CONFLICT (server_id, epoch, ref) DO NOTHING
            RETURNING ref, account_id
            """;
    private static final String CREATE_WORKERS =
            """
            INSERT INTO pool.worker_terms (account_id, name, scheme, fee_bps)
            SELECT DISTINCT account_id, name, scheme, fee_bps
            FROM unnest(?::bigint[], ?::text[], ?::text[], ?::integer[]) AS came (account_id, name, scheme, fee_bps)
            WHERE NOT EXISTS (
                SELECT FROM pool.worker_terms w
                WHERE (w.account_id, w.name, w.scheme, w.fee_bps)
                    = (came.account_id, came.name, came.scheme, came.fee_bps))
            ORDER BY 1, 2, 3, 4
            ON CONFLICT (account_id, name, scheme, fee_bps) DO NOTHING
            """;
    private static final String BIND_WORKERS =
            """
            INSERT INTO pool.journal_worker (server_id, epoch, ref, worker_id)
            SELECT ?, ?, came.ref, w.id
            FROM unnest(?::integer[], ?::bigint[], ?::text[], ?::text[], ?::integer[])
                AS came (ref, account_id, name, scheme, fee_bps)
            JOIN pool.worker_terms w
                ON (w.account_id, w.name, w.scheme, w.fee_bps)
                 = (came.account_id, came.name, came.scheme, came.fee_bps)
            ON CONFLICT (server_id, epoch, ref) DO NOTHING
            RETURNING ref, worker_id
            """;
    private static final String CREATE_JOB =
            """
            INSERT INTO pool.job
                (server_id, epoch, ref, time, height, previous_hash, nbits, version, version_mask, ntime,
                 subsidy_sats, reward_sats, coinbase_prefix, extranonce_bytes, coinbase_suffix, branch)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (server_id, epoch, ref) DO NOTHING
            """;

    private static final String CREATE_COINBASE =
            """
            INSERT INTO pool.job (server_id, epoch, ref, time, base_id, nbits, subsidy_sats, coinbase_suffix)
            SELECT server_id, epoch, ?, pool.at_micros(?), id, nbits, subsidy_sats, ?
            FROM pool.job WHERE server_id = ? AND epoch = ? AND ref = ?
            ON CONFLICT (server_id, epoch, ref) DO NOTHING
            """;

    private final int serverId;
    private final int epoch;
    private final Map<Integer, Long> accounts = new HashMap<>();
    private final Map<Integer, Long> workers = new HashMap<>();
    private final Map<Long, KnownJob> jobs = new LinkedHashMap<>(1024, 0.75f, true);

    /// What a slice needs to know of a job.
    record KnownJob(long id, int nBits, long subsidySats) {}

    static References load(Connection connection, int serverId, int epoch) throws SQLException {
        var references = new References(serverId, epoch);
        try (var loadAccounts = connection.prepareStatement(LOAD_ACCOUNTS);
                var loadWorkers = connection.prepareStatement(LOAD_WORKERS)) {
            loadAccounts.setInt(1, serverId);
            loadAccounts.setInt(2, epoch);
            remember(loadAccounts, references.accounts);
            loadWorkers.setInt(1, serverId);
            loadWorkers.setInt(2, epoch);
            remember(loadWorkers, references.workers);
        }
        return references;
    }

    private References(int serverId, int epoch) {
        this.serverId = serverId;
        this.epoch = epoch;
    }

    int epoch() {
        return epoch;
    }

    long account(int ref) {
        return known(accounts.get(ref), "account", ref);
    }

    long worker(int ref) {
        return known(workers.get(ref), "worker", ref);
    }

    KnownJob job(long ref) {
        KnownJob job = jobs.get(ref);
        if (job == null) {
            throw undeclared("job", ref);
        }
        return job;
    }

    /// Gives every declared name an id here, except those that have one.
    void declareAccounts(Connection connection, List<JournalRecord.Account> declared)
            throws SQLException {
        var came =
                declared.stream()
                        .filter(account -> !accounts.containsKey(account.accountRef()))
                        .toList();
        if (came.isEmpty()) {
            return;
        }
        Object[] names = came.stream().map(JournalRecord.Account::name).toArray();
        try (var create = connection.prepareStatement(CREATE_ACCOUNTS);
                var bind = connection.prepareStatement(BIND_ACCOUNTS)) {
            array(create, 1, "text", names);
            create.executeUpdate();
            bind.setInt(1, serverId);
            bind.setInt(2, epoch);
            array(
                    bind,
                    3,
                    "integer",
                    came.stream().map(JournalRecord.Account::accountRef).toArray());
            array(bind, 4, "text", names);
            remember(bind, accounts);
        }
    }

    /// Gives every declared worker an id here, except those that have one. Their accounts are declared before.
    void declareWorkers(Connection connection, List<JournalRecord.Worker> declared)
            throws SQLException {
        var came =
                declared.stream()
                        .filter(worker -> !workers.containsKey(worker.workerRef()))
                        .toList();
        if (came.isEmpty()) {
            return;
        }
        Object[] accountIds = came.stream().map(worker -> account(worker.accountRef())).toArray();
        Object[] names = came.stream().map(JournalRecord.Worker::name).toArray();
        Object[] schemes = came.stream().map(JournalRecord.Worker::scheme).toArray();
        Object[] fees = came.stream().map(JournalRecord.Worker::feeBps).toArray();
        try (var create = connection.prepareStatement(CREATE_WORKERS);
                var bind = connection.prepareStatement(BIND_WORKERS)) {
            array(create, 1, "bigint", accountIds);
            array(create, 2, "text", names);
            array(create, 3, "text", schemes);
            array(create, 4, "integer", fees);
            create.executeUpdate();
            bind.setInt(1, serverId);
            bind.setInt(2, epoch);
            array(bind, 3, "integer", came.stream().map(JournalRecord.Worker::workerRef).toArray());
            array(bind, 4, "bigint", accountIds);
            array(bind, 5, "text", names);
            array(bind, 6, "text", schemes);
            array(bind, 7, "integer", fees);
            remember(bind, workers);
        }
    }

    void declareJobs(Connection connection, List<JournalRecord.Job> declared) throws SQLException {
        try (var statement = connection.prepareStatement(CREATE_JOB)) {
            boolean any = false;
            for (JournalRecord.Job job : declared) {
                if (!jobs.containsKey(job.jobRef())) {
                    set(statement, job);
                    statement.addBatch();
                    any = true;
                }
            }
            if (any) {
                statement.executeBatch();
            }
        }
    }

    /// Gives every coinbase a job of its own, whose base is the one it differs from; that is declared before.
    void declareCoinbases(Connection connection, List<JournalRecord.Coinbase> declared)
            throws SQLException {
        var came =
                declared.stream().filter(coinbase -> !jobs.containsKey(coinbase.jobRef())).toList();
        if (came.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement(CREATE_COINBASE)) {
            for (JournalRecord.Coinbase coinbase : came) {
                statement.setLong(1, coinbase.jobRef());
                statement.setLong(2, coinbase.timeMicros());
                statement.setBytes(3, coinbase.coinbaseSuffix());
                statement.setInt(4, serverId);
                statement.setInt(5, epoch);
                statement.setLong(6, coinbase.ofJobRef());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /// Makes [#job] answer for all of these.
    void recallJobs(Connection connection, Set<Long> refs) throws SQLException {
        forgetOldJobs(refs);
        var missing = refs.stream().filter(ref -> !jobs.containsKey(ref)).toArray();
        if (missing.length == 0) {
            return;
        }
        try (var statement = connection.prepareStatement(LOAD_JOBS)) {
            statement.setInt(1, serverId);
            statement.setInt(2, epoch);
            array(statement, 3, "bigint", missing);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    jobs.put(
                            rows.getLong(1),
                            new KnownJob(rows.getLong(2), rows.getInt(3), rows.getLong(4)));
                }
            }
        }
    }

    private void forgetOldJobs(Collection<Long> needed) {
        needed.forEach(jobs::get);
        var leastRecentFirst = jobs.keySet().iterator();
        while (jobs.size() > MAX_JOBS && leastRecentFirst.hasNext()) {
            leastRecentFirst.next();
            leastRecentFirst.remove();
        }
    }

    private void set(PreparedStatement statement, JournalRecord.Job job) throws SQLException {
        statement.setInt(1, serverId);
        statement.setInt(2, epoch);
        statement.setLong(3, job.jobRef());
        Times.setMicros(statement, 4, job.timeMicros());
        statement.setInt(5, job.height());
        statement.setBytes(6, job.previousHash());
        statement.setInt(7, job.nBits());
        statement.setInt(8, job.version());
        statement.setInt(9, job.versionMask());
        statement.setInt(10, job.ntime());
        statement.setLong(11, job.subsidySats());
        statement.setLong(12, job.rewardSats());
        statement.setBytes(13, job.coinbasePrefix());
        statement.setInt(14, job.extranonceBytes());
        statement.setBytes(15, job.coinbaseSuffix());
        var branch = new ByteArrayOutputStream();
        job.branch().forEach(branch::writeBytes);
        statement.setBytes(16, branch.toByteArray());
    }

    private static void remember(PreparedStatement statement, Map<Integer, Long> ids)
            throws SQLException {
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                ids.put(rows.getInt(1), rows.getLong(2));
            }
        }
    }

    private long known(@Nullable Long id, String what, long ref) {
        if (id == null) {
            throw undeclared(what, ref);
        }
        return id;
    }

    private ProjectionBroken undeclared(String what, long ref) {
        return new ProjectionBroken(
                "epoch "
                        + epoch
                        + " of server "
                        + serverId
                        + " refers to "
                        + what
                        + " "
                        + ref
                        + ", which nothing before declares");
    }

    private static void array(PreparedStatement statement, int index, String type, Object[] values)
            throws SQLException {
        statement.setArray(index, statement.getConnection().createArrayOf(type, values));
    }
}
