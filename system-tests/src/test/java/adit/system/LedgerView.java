package adit.system;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;

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
    private static final String BLOCKS =
            """
            SELECT b.hash, b.state, b.reward_sats, d.scheme, d.reward_msat, d.fee_msat, d.credits_msat,
                   d.unattributed_msat, d.operator_msat,
                   (SELECT coalesce(sum(credit_msat), 0) FROM pool.distribution_line
                    WHERE distribution_id = d.id)
            FROM pool.block b JOIN pool.distribution d ON d.block_id = b.id
            ORDER BY b.id
            """;
    private static final String STATES = "SELECT hash, state FROM pool.block";

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /// A block that has been shared out, as the ledger has it.
    record CreditedBlock(
            Hash hash,
            String state,
            long rewardSats,
            String scheme,
            long rewardMsat,
            long feeMsat,
            long creditsMsat,
            long unattributedMsat,
            long operatorMsat,
            long linesMsat) {}

    /// Debits less credits of every account that is not at zero, by `CODE:owner`.
    SortedMap<String, BigInteger> balances() throws SQLException {
        var balances = new TreeMap<String, BigInteger>();
        rows(BALANCES, row -> balances.put(row.getString(1), row.getBigDecimal(2).toBigInteger()));
        return balances;
    }

    List<CreditedBlock> creditedBlocks() throws SQLException {
        return rows(
                BLOCKS,
                row ->
                        new CreditedBlock(
                                Hash.of(row.getBytes(1)),
                                row.getString(2),
                                row.getLong(3),
                                row.getString(4),
                                row.getLong(5),
                                row.getLong(6),
                                row.getLong(7),
                                row.getLong(8),
                                row.getLong(9),
                                row.getLong(10)));
    }

    /// The state of every block the pool knows of.
    SortedMap<String, String> blockStates() throws SQLException {
        var states = new TreeMap<String, String>();
        rows(STATES, row -> states.put(Hash.of(row.getBytes(1)).displayHex(), row.getString(2)));
        return states;
    }

    /// One number from a query.
    long number(String query) throws SQLException {
        return rows(query, row -> row.getLong(1)).getFirst();
    }

    /// Nothing in the books contradicts anything else.
    void assertSound() throws SQLException {
        try (var connection = database.getConnection()) {
            assertThat(LedgerAudit.books(connection)).isEmpty();
            assertThat(LedgerAudit.slices(connection)).isEmpty();
        }
    }

    <T> List<T> read(Query<T> query) throws SQLException {
        try (var connection = database.getConnection()) {
            return query.on(connection);
        }
    }

    /// What a test asks by itself.
    interface Query<T> {
        List<T> on(Connection connection) throws SQLException;
    }

    private <T> List<T> rows(String query, RowReader<T> reader) throws SQLException {
        return read(connection -> {
            var all = new ArrayList<T>();
            try (var statement = connection.prepareStatement(query);
                    var rows = statement.executeQuery()) {
                while (rows.next()) {
                    all.add(reader.read(rows));
                }
            }
            return all;
        });
    }
}
