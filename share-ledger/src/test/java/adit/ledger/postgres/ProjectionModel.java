package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.ShareClass;

import static org.assertj.core.api.Assertions.assertThat;

/// What the database must hold after a journal is projected, worked out from the records alone and with names instead
/// of ids.
final class ProjectionModel {
    /// All that is needed beside a share to hash it again.
    private static final String JOB =
            """
            j.height, j.nbits, j.version, j.version_mask, j.ntime, j.subsidy_sats, j.reward_sats, j.extranonce_bytes,
            encode(j.previous_hash || j.coinbase_prefix || j.coinbase_suffix || j.branch, 'hex')
            """;

    private static final String SHARES =
            """
            SELECT s.time, s.epoch, s.sequence, a.name, w.name, w.scheme, w.fee_bps, j.ref, s.difficulty_units,
                   s.connection, s.ntime, s.nonce, s.version, s.lateness_millis, s.class,
                   encode(s.extranonce, 'hex'), encode(s.hash_half, 'hex'), %s
            FROM pool.share s
            JOIN pool.account a ON a.id = s.account_id
            JOIN pool.worker_terms w ON w.id = s.worker_id AND w.account_id = a.id
            JOIN pool.whole_job j ON j.id = s.job_id AND j.server_id = s.server_id AND j.epoch = s.epoch
            WHERE s.server_id = ? ORDER BY s.epoch, s.sequence
            """
                    .formatted(JOB);
    private static final String SLICES =
            """
            SELECT s.minute, s.epoch, a.name, w.name, w.scheme, w.fee_bps, s.nbits, s.subsidy_sats,
                   s.difficulty_units, s.shares, s.first_sequence, s.first_time, s.last_sequence, s.last_time
            FROM pool.slice s
            JOIN pool.account a ON a.id = s.account_id
            JOIN pool.worker_terms w ON w.id = s.worker_id AND w.account_id = a.id
            WHERE s.server_id = ?
            """;
    private static final String BLOCKS =
            """
            SELECT b.time, b.epoch, b.sequence, encode(b.hash, 'hex'), a.name, w.name, j.ref, b.state, h.state,
                   b.direct_sats, %s
            FROM pool.block b
            JOIN pool.account a ON a.id = b.account_id
            JOIN pool.worker_terms w ON w.id = b.worker_id
            JOIN pool.whole_job j ON j.id = b.job_id
            JOIN pool.block_history h ON h.block_id = b.id
            WHERE b.server_id = ? ORDER BY b.epoch, b.sequence
            """
                    .formatted(JOB);

    private static final Map<ShareClass, String> CLASSES =
            Map.of(
                    ShareClass.ACCEPTED,
                    "0",
                    ShareClass.STALE,
                    "1",
                    ShareClass.GRACE,
                    "2",
                    ShareClass.OURS,
                    "4");

    private final List<String> shares = new ArrayList<>();
    private final Map<String, Sum> slices = new TreeMap<>();
    private final List<String> blocks = new ArrayList<>();
    private final int serverId;

    private record Sum(
            long shares, long firstSequence, long firstMicros, long lastSequence, long lastMicros) {
        Sum plus(Sum later) {
            return new Sum(
                    shares + later.shares,
                    firstSequence,
                    firstMicros,
                    later.lastSequence,
                    later.lastMicros);
        }
    }

    ProjectionModel(FakeShareSource source) {
        serverId = source.serverId();
        source.epochs().forEach(epoch -> add(epoch.epoch(), source.records(epoch.epoch())));
    }

    void assertProjected(DataSource database) throws SQLException {
        try (var connection = database.getConnection()) {
            assertThat(rows(connection, SHARES)).isEqualTo(shares);
            assertThat(slices(connection)).isEqualTo(slices);
            assertThat(rows(connection, BLOCKS)).isEqualTo(blocks);
            assertThat(LedgerAudit.slices(connection)).isEmpty();
        }
    }

    private void add(int epoch, List<JournalRecord> records) {
        var accounts = new HashMap<Integer, String>();
        var workers = new HashMap<Integer, JournalRecord.Worker>();
        var jobs = new HashMap<Long, JournalRecord.Job>();
        for (JournalRecord record : records) {
            switch (record) {
                case JournalRecord.Account account ->
                        accounts.put(account.accountRef(), account.name());
                case JournalRecord.Worker worker -> workers.put(worker.workerRef(), worker);
                case JournalRecord.Job job -> jobs.put(job.jobRef(), job);
                case JournalRecord.Coinbase coinbase ->
                        jobs.put(coinbase.jobRef(), coinbase.on(jobs.get(coinbase.ofJobRef())));
                case JournalRecord.Share share -> {
                    String account = accounts.get(share.accountRef());
                    var worker = workers.get(share.workerRef());
                    var job = jobs.get(share.jobRef());
                    shares.add(line(epoch, share, account, worker) + "|" + whole(job));
                    if (share.shareClass().isCredited()) {
                        slices.merge(
                                slice(epoch, share, account, worker, job),
                                new Sum(
                                        1,
                                        share.sequence(),
                                        share.timeMicros(),
                                        share.sequence(),
                                        share.timeMicros()),
                                Sum::plus);
                    }
                }
                case JournalRecord.BlockFound block ->
                        blocks.add(
                                String.join(
                                        "|",
                                        instant(block.timeMicros()).toString(),
                                        "" + epoch,
                                        "" + block.sequence(),
                                        HexFormat.of().formatHex(block.hash()),
                                        accounts.get(block.accountRef()),
                                        workers.get(block.workerRef()).name(),
                                        "" + block.jobRef(),
                                        "FOUND",
                                        "FOUND",
                                        "" + block.directSats(),
                                        whole(jobs.get(block.jobRef()))));
                case JournalRecord.Tip _,
                        JournalRecord.Epoch _,
                        JournalRecord.Seal _,
                        JournalRecord.CleanStop _ -> {}
            }
        }
    }

    private static String line(
            int epoch, JournalRecord.Share share, String account, JournalRecord.Worker worker) {
        return String.join(
                "|",
                instant(share.timeMicros()).toString(),
                "" + epoch,
                "" + share.sequence(),
                account,
                worker.name(),
                worker.scheme(),
                "" + worker.feeBps(),
                "" + share.jobRef(),
                "" + share.difficultyUnits(),
                "" + share.connection(),
                "" + share.ntime(),
                "" + share.nonce(),
                "" + share.version(),
                "" + share.latenessMillis(),
                CLASSES.get(share.shareClass()),
                HexFormat.of().formatHex(share.extranonce()),
                HexFormat.of().formatHex(share.hashHalf()));
    }

    private static String slice(
            int epoch,
            JournalRecord.Share share,
            String account,
            JournalRecord.Worker worker,
            JournalRecord.Job job) {
        return String.join(
                "|",
                instant(share.timeMicros()).truncatedTo(ChronoUnit.MINUTES).toString(),
                "" + epoch,
                account,
                worker.name(),
                worker.scheme(),
                "" + worker.feeBps(),
                "" + job.nBits(),
                "" + job.subsidySats(),
                "" + share.difficultyUnits());
    }

    private static String whole(JournalRecord.Job job) {
        var hex = new StringBuilder(HexFormat.of().formatHex(job.previousHash()));
        hex.append(HexFormat.of().formatHex(job.coinbasePrefix()));
        hex.append(HexFormat.of().formatHex(job.coinbaseSuffix()));
        job.branch().forEach(level -> hex.append(HexFormat.of().formatHex(level)));
        return String.join(
                "|",
                "" + job.height(),
                "" + job.nBits(),
                "" + job.version(),
                "" + job.versionMask(),
                "" + job.ntime(),
                "" + job.subsidySats(),
                "" + job.rewardSats(),
                "" + job.extranonceBytes(),
                hex);
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000);
    }

    private List<String> rows(Connection connection, String query) throws SQLException {
        var found = new ArrayList<String>();
        try (var statement = connection.prepareStatement(query)) {
            statement.setInt(1, serverId);
            try (var rows = statement.executeQuery()) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    var line = new StringBuilder(Times.get(rows, 1).toString());
                    for (int column = 2; column <= columns; column++) {
                        line.append('|').append(rows.getString(column));
                    }
                    found.add(line.toString());
                }
            }
        }
        return found;
    }

    private Map<String, Sum> slices(Connection connection) throws SQLException {
        var found = new TreeMap<String, Sum>();
        try (var statement = connection.prepareStatement(SLICES)) {
            statement.setInt(1, serverId);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var key = new StringBuilder(Times.get(rows, 1).toString());
                    for (int column = 2; column <= 9; column++) {
                        key.append('|').append(rows.getString(column));
                    }
                    var sum =
                            new Sum(
                                    rows.getLong(10),
                                    rows.getLong(11),
                                    Times.getMicros(rows, 12),
                                    rows.getLong(13),
                                    Times.getMicros(rows, 14));
                    assertThat(found.put(key.toString(), sum)).as("one slice per key").isNull();
                }
            }
        }
        return found;
    }
}
