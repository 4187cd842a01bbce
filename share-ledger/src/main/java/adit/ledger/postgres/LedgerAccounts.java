package adit.ledger.postgres;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// The ledger accounts of a posting: created where missing, then read with their balances.
final class LedgerAccounts {
    private static final String CREATE =
            """
            INSERT INTO pool.ledger_account (code, owner_id, normal, non_negative)
            SELECT * FROM unnest(?::text[], ?::bigint[], ?::smallint[], ?::boolean[])
            ON CONFLICT (code, owner_id) DO NOTHING
            """;
    private static final String FIND =
            """
            SELECT a.id, a.code, coalesce(a.owner_id, 0), coalesce(b.debits - b.credits, 0)
            FROM pool.ledger_account a LEFT JOIN pool.account_balance b ON b.account_id = a.id
            WHERE (a.code, coalesce(a.owner_id, 0)) IN (SELECT * FROM unnest(?::text[], ?::bigint[]))
            """;

    private LedgerAccounts() {}

    /// An account's row; `balanceMsat` is debits less credits.
    record Stored(long id, BigInteger balanceMsat) {}

    /// All of the accounts, each of which exists afterwards. The caller holds the lock on the head of the chain, so
    /// the balances stay true until it commits.
    static Map<LedgerAccount, Stored> ensure(
            Connection connection, Collection<LedgerAccount> accounts) throws SQLException {
        var stored = find(connection, accounts);
        if (stored.size() < accounts.size()) {
            create(connection, accounts.stream().filter(a -> !stored.containsKey(a)).toList());
            return find(connection, accounts);
        }
        return stored;
    }

    private static Map<LedgerAccount, Stored> find(
            Connection connection, Collection<LedgerAccount> accounts) throws SQLException {
        var stored = new HashMap<LedgerAccount, Stored>();
        try (var statement = connection.prepareStatement(FIND)) {
            setArray(statement, 1, "text", accounts.stream().map(a -> a.code().code()).toArray());
            setArray(statement, 2, "bigint", accounts.stream().map(LedgerAccount::owner).toArray());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var account =
                            LedgerAccount.of(LedgerCode.of(rows.getString(2)), rows.getLong(3));
                    stored.put(
                            account,
                            new Stored(rows.getLong(1), rows.getBigDecimal(4).toBigIntegerExact()));
                }
            }
        }
        return stored;
    }

    private static void create(Connection connection, Collection<LedgerAccount> accounts)
            throws SQLException {
        try (var statement = connection.prepareStatement(CREATE)) {
            setArray(statement, 1, "text", accounts.stream().map(a -> a.code().code()).toArray());
            setArray(
                    statement,
                    2,
                    "bigint",
                    accounts.stream().map(a -> a.code().isOwned() ? a.owner() : null).toArray());
            setArray(
                    statement,
                    3,
                    "smallint",
                    accounts.stream().map(a -> (short) a.code().normal().sign()).toArray());
            setArray(
                    statement,
                    4,
                    "boolean",
                    accounts.stream().map(a -> a.code().isOwned()).toArray());
            statement.executeUpdate();
        }
    }

    private static void setArray(
            PreparedStatement statement, int index, String type, Object[] values)
            throws SQLException {
        statement.setArray(index, statement.getConnection().createArrayOf(type, values));
    }
}
