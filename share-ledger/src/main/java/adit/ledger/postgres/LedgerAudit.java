package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The checks that the database still tells one story; each answers what is wrong in sentences, or nothing.
///
/// Reads only, and everything: an audit, not a health check.
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

    // Only minutes whose day keeps its shares; a slice without shares there, or the reverse,
    // differs by all of them.
    private static final String WRONG_SLICES =
            """
            WITH counted AS (
                SELECT date_bin('1 minute', s.time, timestamptz 'epoch') AS minute, s.server_id, s.epoch,
                       s.account_id, s.worker_id, j.nbits, j.subsidy_sats, s.difficulty_units,
                       count(*) AS shares, min(s.sequence) AS first_sequence, min(s.time) AS first_time,
                       max(s.sequence) AS last_sequence, max(s.time) AS last_time
                FROM pool.share s LEFT JOIN pool.job j ON j.id = s.job_id
                WHERE s.class <> 1
                GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
            ), kept AS (
                SELECT * FROM pool.slice WHERE pool.shares_kept(minute)
            ), summed AS (
                SELECT coalesce(max(day) + 1, date '-infinity') AS first_kept FROM pool.slice_day
            )
            SELECT minute, server_id, epoch, account_id, worker_id
            FROM counted c FULL JOIN kept k
                USING (minute, server_id, epoch, account_id, worker_id, nbits, subsidy_sats, difficulty_units)
            WHERE (minute AT TIME ZONE 'UTC')::date >= (SELECT first_kept FROM summed)
              AND (c.shares, c.first_sequence, c.first_time, c.last_sequence, c.last_time)
                  IS DISTINCT FROM (k.shares, k.first_sequence, k.first_time, k.last_sequence, k.last_time)
            ORDER BY minute, server_id, epoch, account_id, worker_id
            LIMIT 100
            """;
    private static final String SHARES_BEYOND_CURSOR =
            """
            SELECT DISTINCT s.server_id, s.epoch
            FROM pool.share s LEFT JOIN pool.journal_cursor c USING (server_id, epoch)
            WHERE s.sequence >= coalesce(c.next_sequence, 0)
            """;

    private LedgerAudit() {}

    /// Every slice is the sum of its shares where both are kept, and no share lies beyond its cursor.
    public static List<String> slices(Connection connection) throws SQLException {
        var findings = new ArrayList<String>();
        try (var statement = connection.prepareStatement(WRONG_SLICES);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                note(
                        findings,
                        "the slices of minute "
                                + Times.get(rows, 1)
                                + ", server "
                                + rows.getInt(2)
                                + ", epoch "
                                + rows.getInt(3)
                                + ", account "
                                + rows.getLong(4)
                                + ", worker "
                                + rows.getLong(5)
                                + " are not the sum of their shares");
            }
        }
        try (var statement = connection.prepareStatement(SHARES_BEYOND_CURSOR);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                note(
                        findings,
                        "shares of server "
                                + rows.getInt(1)
                                + ", epoch "
                                + rows.getInt(2)
                                + " lie beyond the cursor");
            }
        }
        return findings;
    }

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
                    var link = link(rows);
                    String kind = rows.getString(2);
                    long reverses = rows.getLong(4);
                    byte[] hash = rows.getBytes(10);
                    if (link.id() != previousId + 1 || !Arrays.equals(previous, rows.getBytes(9))) {
                        note(
                                findings,
                                "transaction " + link.id() + " does not follow the one before it");
                    }
                    var lines = new ArrayList<Posting.Line>();
                    do {
                        addLine(rows, lines);
                        more = rows.next();
                    } while (more && rows.getLong(1) == link.id());

                    if (!new Posting(link.key(), kind, link.effectiveAt(), lines).isBalanced()) {
                        note(findings, "transaction " + link.id() + " does not balance");
                    }
                    if (!Arrays.equals(link.payload(), LedgerHash.payload(kind, reverses, lines))
                            || !Arrays.equals(hash, LedgerHash.chain(previous, link, lines))) {
                        note(
                                findings,
                                "transaction " + link.id() + " was altered after it was booked");
                    }
                    previous = hash;
                    previousId = link.id();
                }
            }
        }
        head(connection, previousId, previous, findings);
    }

    private static LedgerHash.Link link(ResultSet rows) throws SQLException {
        return new LedgerHash.Link(
                rows.getLong(1),
                rows.getString(3),
                Times.get(rows, 5),
                Times.get(rows, 6),
                rows.getBytes(8));
    }

    private static void addLine(ResultSet rows, List<Posting.Line> lines) throws SQLException {
        String code = rows.getString(11);
        if (code != null) {
            lines.add(
                    new Posting.Line(
                            LedgerAccount.of(LedgerCode.of(code), rows.getLong(12)),
                            LedgerCode.Side.ofSign(rows.getInt(13)),
                            rows.getLong(14)));
        }
    }

    private static void head(Connection connection, long id, byte[] hash, List<String> findings)
            throws SQLException {
        try (var statement = connection.prepareStatement(HEAD);
                var rows = statement.executeQuery()) {
            if (!rows.next() || rows.getLong(1) != id || !Arrays.equals(rows.getBytes(2), hash)) {
                note(findings, "the head of the books is not transaction " + id);
            }
        }
    }

    private static void note(List<String> findings, String finding) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(finding);
        }
    }
}
