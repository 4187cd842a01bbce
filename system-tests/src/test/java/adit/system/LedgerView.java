package adit.system;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import adit.ledger.postgres.LedgerAudit;
import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;

/// The books and blocks in PostgreSQL, read with queries of the tests' own.
record LedgerView(DataSource database) {

    private static final String BALANCES =
            """
            SELECT l.code || coalesce(':' || a.name, ''), b.debits - b.credits
            FROM pool.account_balance b
            JOIN pool.ledger_account l ON l.id = b.account_id
            LEFT JOIN pool.account a ON a.id = l.owner_id
            WHERE b.debits <> b.credits
            """;
    private static final String DISTRIBUTIONS =
            """
            SELECT d.id, b.hash, d.scheme, d.reward_msat, d.fee_msat, d.unattributed_msat, d.operator_msat,
                   d.credits_msat, b.reward_sats, (extract(epoch FROM d.newest_time) * 1000000)::bigint
            FROM pool.distribution d LEFT JOIN pool.block b ON b.id = d.block_id
            ORDER BY d.id
            """;
    private static final String LINES =
            """
            SELECT l.distribution_id, a.name, l.credit_msat
            FROM pool.distribution_line l JOIN pool.account a ON a.id = l.account_id
            """;
    private static final String ACCOUNTS = "SELECT name, id FROM pool.account";
    private static final String STATES = "SELECT hash, state FROM pool.block";

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /// One sharing out, as the ledger has it: of a block, or of an interval up to a point in time.
    record Distribution(
            @Nullable Hash block,
            long blockRewardSats,
            long untilMicros,
            String scheme,
            long rewardMsat,
            long feeMsat,
            long unattributedMsat,
            long operatorMsat,
            long creditsMsat,
            SortedMap<String, Long> lines) {

        long linesMsat() {
            return lines.values().stream().mapToLong(Long::longValue).sum();
        }

        /// The same in the words of an auditor's model.
        PayoutModel.Payout payout() {
            return new PayoutModel.Payout(scheme, rewardMsat, feeMsat, operatorMsat, lines);
        }
    }

    /// Debits less credits of every account that is not at zero, by `CODE:owner`.
    SortedMap<String, BigInteger> balances() throws SQLException {
        var balances = new TreeMap<String, BigInteger>();
        rows(BALANCES, row -> balances.put(row.getString(1), row.getBigDecimal(2).toBigInteger()));
        return balances;
    }

    List<Distribution> distributions() throws SQLException {
        var lines = new HashMap<Long, SortedMap<String, Long>>();
        rows(
                LINES,
                row ->
                        lines.computeIfAbsent(row.getLong(1), _ -> new TreeMap<>())
                                .put(row.getString(2), row.getLong(3)));
        return rows(
                DISTRIBUTIONS,
                row -> {
                    var hash = row.getBytes(2);
                    return new Distribution(
                            hash == null ? null : Hash.of(hash),
                            row.getLong(9),
                            row.getLong(10),
                            row.getString(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6),
                            row.getLong(7),
                            row.getLong(8),
                            lines.getOrDefault(row.getLong(1), new TreeMap<>()));
                });
    }

    /// The ids of all accounts by name.
    SortedMap<String, Long> accounts() throws SQLException {
        var accounts = new TreeMap<String, Long>();
        rows(ACCOUNTS, row -> accounts.put(row.getString(1), row.getLong(2)));
        return accounts;
    }

    /// When the last share under a scheme was taken.
    long lastShareMicros(String scheme) throws SQLException {
        return rows(
                        """
                        SELECT (extract(epoch FROM max(s.time)) * 1000000)::bigint
                        FROM pool.share s JOIN pool.worker_terms w ON w.id = s.worker_id
                        WHERE w.scheme = '%s'
                        """
                                .formatted(scheme),
                        row -> row.getLong(1))
                .getFirst();
    }

    /// The state of every block the pool knows of.
    SortedMap<String, String> blockStates() throws SQLException {
        var states = new TreeMap<String, String>();
        rows(STATES, row -> states.put(Hash.of(row.getBytes(1)).displayHex(), row.getString(2)));
        return states;
    }

    /// Nothing in the books contradicts anything else.
    void assertSound() throws SQLException {
        try (var connection = database.getConnection()) {
            assertThat(LedgerAudit.books(connection)).isEmpty();
            assertThat(LedgerAudit.slices(connection)).isEmpty();
        }
    }

    private <T> List<T> rows(String query, RowReader<T> reader) throws SQLException {
        var all = new ArrayList<T>();
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(query);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                all.add(reader.read(rows));
            }
        }
        return all;
    }
}
