package adit.ledger.postgres;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// The double-entry books: immutable transactions in millisatoshi, each booked at most once.
///
/// Everything happens on the caller's connection inside the caller's transaction, so an event and its entries commit
/// together. From its first posting to its end a transaction holds the head of the hash chain and all others wait:
/// post last, commit soon.
///
/// **Invariant:** debits equal credits in every transaction, no owned account is negative, nothing is ever changed.
/// The database refuses all three by itself (`V004__books.sql`); what is checked here is checked first, so that the
/// answer is a [PostResult] and not a broken transaction.
/// **Limits:** 20,000 lines a posting are usual; all of them travel in one statement.
public final class Books {
    private static final String LOCK_HEAD =
            "SELECT id, hash, clock_timestamp() FROM pool.ledger_head FOR UPDATE";
    private static final String FIND =
            "SELECT id, payload_hash FROM pool.ledger_txn WHERE idem_key = ?";
    private static final String FIND_REVERSAL = "SELECT id FROM pool.ledger_txn WHERE reverses = ?";
    private static final String INSERT_TRANSACTION =
            """
            INSERT INTO pool.ledger_txn
                (id, kind, idem_key, reverses, effective_at, posted_at, lines, payload_hash, prev_hash, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    private static final String INSERT_ENTRIES =
            """
            INSERT INTO pool.ledger_entry (txn_id, line, account_id, side, amount_msat)
            SELECT ?, line, account_id, side, amount_msat
            FROM unnest(?::bigint[], ?::smallint[], ?::bigint[])
                WITH ORDINALITY AS new (account_id, side, amount_msat, line)
            """;
    private static final String LINES =
            """
            SELECT a.code, coalesce(a.owner_id, 0), e.side, e.amount_msat
            FROM pool.ledger_entry e JOIN pool.ledger_account a ON a.id = e.account_id
            WHERE e.txn_id = ? ORDER BY e.line
            """;
    private static final String BALANCE =
            """
            SELECT a.normal * (b.debits - b.credits)
            FROM pool.account_balance b JOIN pool.ledger_account a ON a.id = b.account_id
            WHERE a.code = ? AND coalesce(a.owner_id, 0) = ?
            """;
    private static final String BALANCES =
            """
            SELECT a.code, coalesce(a.owner_id, 0), a.normal * (b.debits - b.credits)
            FROM pool.account_balance b JOIN pool.ledger_account a ON a.id = b.account_id
            WHERE b.debits <> b.credits
            """;
    private static final String TRIAL_BALANCE =
            "SELECT coalesce(sum(debits), 0), coalesce(sum(credits), 0) FROM pool.account_balance";

    private Books() {}

    /// The sums of both sides over all accounts; equal, or the books are broken.
    public record TrialBalance(BigInteger debitsMsat, BigInteger creditsMsat) {}

    /// Books an event, or says why not. Booking it again with the same lines, in any order, answers `Exists`.
    public static PostResult post(Connection connection, Posting posting) throws SQLException {
        return post(connection, lockHead(connection), posting, 0);
    }

    /// Books the exact mirror of transaction `ofKey`. Reversing a reversal brings the original back.
    public static PostResult reverse(
            Connection connection, String key, String ofKey, Instant effectiveAt)
            throws SQLException {
        Head head = lockHead(connection);
        OptionalLong original = find(connection, ofKey);
        Check.that(original.isPresent(), "only what is booked can be reversed");
        var mirror =
                lines(connection, original.getAsLong()).stream()
                        .map(line ->
                                new Posting.Line(
                                        line.account(), line.side().opposite(), line.amountMsat()))
                        .toList();
        return post(
                connection,
                head,
                new Posting(key, "REVERSAL", effectiveAt, mirror),
                original.getAsLong());
    }

    /// The transaction an event was booked as.
    public static OptionalLong find(Connection connection, String key) throws SQLException {
        var known = known(connection, key);
        return known.isPresent() ? OptionalLong.of(known.get().id) : OptionalLong.empty();
    }

    /// The lines of a transaction in the order they were booked.
    public static List<Posting.Line> lines(Connection connection, long id) throws SQLException {
        var lines = new ArrayList<Posting.Line>();
        try (var statement = connection.prepareStatement(LINES)) {
            statement.setLong(1, id);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    lines.add(
                            new Posting.Line(
                                    LedgerAccount.of(
                                            LedgerCode.of(rows.getString(1)), rows.getLong(2)),
                                    LedgerCode.Side.ofSign(rows.getInt(3)),
                                    rows.getLong(4)));
                }
            }
        }
        return lines;
    }

    /// The balance on the account's normal side.
    public static long balanceMsat(Connection connection, LedgerAccount account)
            throws SQLException {
        try (var statement = connection.prepareStatement(BALANCE)) {
            statement.setString(1, account.code().code());
            statement.setLong(2, account.owner());
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getBigDecimal(1).longValueExact() : 0;
            }
        }
    }

    /// Every balance that is not zero, on the account's normal side.
    public static SortedMap<LedgerAccount, Long> balancesMsat(Connection connection)
            throws SQLException {
        var balances = new TreeMap<LedgerAccount, Long>();
        try (var statement = connection.prepareStatement(BALANCES);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                balances.put(
                        LedgerAccount.of(LedgerCode.of(rows.getString(1)), rows.getLong(2)),
                        rows.getBigDecimal(3).longValueExact());
            }
        }
        return balances;
    }

    public static TrialBalance trialBalance(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(TRIAL_BALANCE);
                var rows = statement.executeQuery()) {
            rows.next();
            return new TrialBalance(
                    rows.getBigDecimal(1).toBigIntegerExact(),
                    rows.getBigDecimal(2).toBigIntegerExact());
        }
    }

    @SuppressWarnings(
            "ArrayRecordComponent") // a digest, never mutated and never compared as a record
    private record Head(long id, byte[] hash, Instant now) {}

    @SuppressWarnings(
            "ArrayRecordComponent") // a digest, never mutated and never compared as a record
    private record Known(long id, byte[] payload) {}

    private static Head lockHead(Connection connection) throws SQLException {
        Check.that(!connection.getAutoCommit(), "booking needs a transaction of the caller's");
        try (var statement = connection.prepareStatement(LOCK_HEAD);
                var rows = statement.executeQuery()) {
            Check.that(rows.next(), "the books have a head");
            return new Head(rows.getLong(1), rows.getBytes(2), Times.get(rows, 3));
        }
    }

    private static PostResult post(Connection connection, Head head, Posting posting, long reverses)
            throws SQLException {
        if (!posting.isBalanced()) {
            return new PostResult.Unbalanced();
        }
        byte[] payload = LedgerHash.payload(posting.kind(), reverses, posting.lines());
        var known = known(connection, posting.key());
        if (known.isPresent()) {
            return MessageDigest.isEqual(known.get().payload, payload)
                    ? new PostResult.Exists(known.get().id)
                    : new PostResult.KeyConflict(known.get().id);
        }
        OptionalLong reversal = reversalOf(connection, reverses);
        if (reversal.isPresent()) {
            return new PostResult.AlreadyReversed(reversal.getAsLong());
        }
        var changes = changes(posting.lines());
        var accounts = LedgerAccounts.ensure(connection, changes.keySet());
        for (var change : changes.entrySet()) {
            LedgerAccount account = change.getKey();
            BigInteger after = stored(accounts, account).balanceMsat().add(change.getValue());
            if (account.code().isOwned() && after.signum() * account.code().normal().sign() < 0) {
                return new PostResult.WouldOverdraw(account);
            }
        }
        insertTransaction(connection, head, posting, reverses, payload);
        insertEntries(connection, head.id + 1, posting.lines(), accounts);
        return new PostResult.Created(head.id + 1);
    }

    /// What the lines do to each account, debits positive, in ascending order of the accounts.
    private static SortedMap<LedgerAccount, BigInteger> changes(List<Posting.Line> lines) {
        var changes = new TreeMap<LedgerAccount, BigInteger>();
        for (Posting.Line line : lines) {
            changes.merge(line.account(), line.signedMsat(), BigInteger::add);
        }
        return changes;
    }

    private static LedgerAccounts.Stored stored(
            Map<LedgerAccount, LedgerAccounts.Stored> accounts, LedgerAccount account) {
        return Objects.requireNonNull(accounts.get(account), "every account of a posting exists");
    }

    private static Optional<Known> known(Connection connection, String key) throws SQLException {
        try (var statement = connection.prepareStatement(FIND)) {
            statement.setString(1, key);
            try (var rows = statement.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Known(rows.getLong(1), rows.getBytes(2)))
                        : Optional.empty();
            }
        }
    }

    private static OptionalLong reversalOf(Connection connection, long id) throws SQLException {
        try (var statement = connection.prepareStatement(FIND_REVERSAL)) {
            statement.setLong(1, id);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    private static void insertTransaction(
            Connection connection, Head head, Posting posting, long reverses, byte[] payload)
            throws SQLException {
        var link =
                new LedgerHash.Link(
                        head.id + 1, posting.key(), posting.effectiveAt(), head.now, payload);
        try (var statement = connection.prepareStatement(INSERT_TRANSACTION)) {
            statement.setLong(1, link.id());
            statement.setString(2, posting.kind());
            statement.setString(3, posting.key());
            if (reverses == 0) {
                statement.setNull(4, Types.BIGINT);
            } else {
                statement.setLong(4, reverses);
            }
            Times.set(statement, 5, posting.effectiveAt());
            Times.set(statement, 6, head.now);
            statement.setInt(7, posting.lines().size());
            statement.setBytes(8, payload);
            statement.setBytes(9, head.hash);
            statement.setBytes(10, LedgerHash.chain(head.hash, link, posting.lines()));
            statement.executeUpdate();
        }
    }

    private static void insertEntries(
            Connection connection,
            long id,
            List<Posting.Line> lines,
            Map<LedgerAccount, LedgerAccounts.Stored> accounts)
            throws SQLException {
        var accountIds = new Long[lines.size()];
        var sides = new Short[lines.size()];
        var amounts = new Long[lines.size()];
        for (int i = 0; i < lines.size(); i++) {
            Posting.Line line = lines.get(i);
            accountIds[i] = stored(accounts, line.account()).id();
            sides[i] = (short) line.side().sign();
            amounts[i] = line.amountMsat();
        }
        try (var statement = connection.prepareStatement(INSERT_ENTRIES)) {
            statement.setLong(1, id);
            statement.setArray(2, connection.createArrayOf("bigint", accountIds));
            statement.setArray(3, connection.createArrayOf("smallint", sides));
            statement.setArray(4, connection.createArrayOf("bigint", amounts));
            statement.executeUpdate();
        }
    }
}
