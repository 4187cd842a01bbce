package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The checks that the database still tells one story; each answers what is wrong in sentences, or nothing.
///
/// Reads only, and everything: a nightly job and `ledger verify`, not a health check.
public final class LedgerAudit {
    private static final int FETCH_ROWS = 5_000;
    private static final int MAX_FINDINGS = 100;

    private static final String CHAIN =
            """
            SELECT t.id, t.kind, t.idem_key, coalesce(t.reverses, 0), t.effective_at, t.posted_at, t.lines,
                   t.payload_hash, t.prev_hash, t.hash,
                   a.code, coalesce(a.owner_id, 0), e.side, e.amount_msat
            FROM pool.ledger_txn t
            LEFT JOIN pool.ledger_entry e ON e.txn_id = t.id
            LEFT JOIN pool.ledger_account a ON a.id = e.account_id
            ORDER BY t.id, e.line
            """;
    private static final String HEAD = "SELECT id, hash FROM pool.ledger_head";
    private static final String WRONG_BALANCES =
            """
            SELECT a.code || coalesce(':' || a.owner_id, '')
            FROM pool.ledger_account a
            LEFT JOIN pool.account_balance b ON b.account_id = a.id
            LEFT JOIN (
                SELECT account_id,
                       coalesce(sum(amount_msat) FILTER (WHERE side = 1), 0) AS debits,
                       coalesce(sum(amount_msat) FILTER (WHERE side = -1), 0) AS credits
                FROM pool.ledger_entry GROUP BY account_id
            ) e ON e.account_id = a.id
            WHERE coalesce(b.debits, 0) <> coalesce(e.debits, 0)
               OR coalesce(b.credits, 0) <> coalesce(e.credits, 0)
               OR a.non_negative AND a.normal * (coalesce(b.debits, 0) - coalesce(b.credits, 0)) < 0
            ORDER BY 1
            """;
    private static final String TRIAL_BALANCE =
            "SELECT sum(debits) IS DISTINCT FROM sum(credits) FROM pool.account_balance";

    private LedgerAudit() {}

    /// The hash chain is unbroken from the first transaction to the head, every transaction balances, and every
    /// balance is the sum of its entries.
    public static List<String> books(Connection connection) throws SQLException {
        var findings = new ArrayList<String>();
        chain(connection, findings);
        try (var statement = connection.prepareStatement(WRONG_BALANCES);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                note(
                        findings,
                        "the balance of " + rows.getString(1) + " is not the sum of its entries");
            }
        }
        try (var statement = connection.prepareStatement(TRIAL_BALANCE);
                var rows = statement.executeQuery()) {
            rows.next();
            if (rows.getBoolean(1)) {
                note(findings, "debits and credits of all accounts differ");
            }
        }
        return findings;
    }

    private static void chain(Connection connection, List<String> findings) throws SQLException {
        byte[] previous = new byte[LedgerHash.BYTES];
        long previousId = 0;
        try (var statement = connection.prepareStatement(CHAIN)) {
            statement.setFetchSize(FETCH_ROWS);
            try (var rows = statement.executeQuery()) {
                boolean more = rows.next();
                while (more) {
                    long id = rows.getLong(1);
                    String kind = rows.getString(2);
                    String key = rows.getString(3);
                    long reverses = rows.getLong(4);
                    Instant effectiveAt = Times.get(rows, 5);
                    Instant postedAt = Times.get(rows, 6);
                    byte[] payload = rows.getBytes(8);
                    byte[] hash = rows.getBytes(10);
                    boolean follows =
                            id == previousId + 1 && Arrays.equals(previous, rows.getBytes(9));
                    var lines = new ArrayList<Posting.Line>();
                    do {
                        if (rows.getString(11) != null) {
                            lines.add(
                                    new Posting.Line(
                                            LedgerAccount.of(
                                                    LedgerCode.of(rows.getString(11)),
                                                    rows.getLong(12)),
                                            LedgerCode.Side.ofSign(rows.getInt(13)),
                                            rows.getLong(14)));
                        }
                        more = rows.next();
                    } while (more && rows.getLong(1) == id);

                    var posting = new Posting(key, kind, effectiveAt, lines);
                    if (!follows) {
                        note(findings, "transaction " + id + " does not follow the one before it");
                    }
                    if (!posting.isBalanced()) {
                        note(findings, "transaction " + id + " does not balance");
                    }
                    var link = new LedgerHash.Link(id, key, effectiveAt, postedAt, payload);
                    if (!Arrays.equals(payload, LedgerHash.payload(kind, reverses, lines))
                            || !Arrays.equals(hash, LedgerHash.chain(previous, link, lines))) {
                        note(findings, "transaction " + id + " was altered after it was booked");
                    }
                    previous = hash;
                    previousId = id;
                }
            }
        }
        try (var statement = connection.prepareStatement(HEAD);
                var rows = statement.executeQuery()) {
            if (!rows.next()
                    || rows.getLong(1) != previousId
                    || !Arrays.equals(rows.getBytes(2), previous)) {
                note(findings, "the head of the books is not transaction " + previousId);
            }
        }
    }

    private static void note(List<String> findings, String finding) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(finding);
        }
    }
}
