package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class LedgerAuditTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final FakeShareSource source =
            new FakeShareSource(1)
                    .at(NOON)
                    .beginEpoch()
                    .account(1, "a")
                    .worker(1, 1, "w", "PPS", 0)
                    .job(1, 0x1703_4219, 5)
                    .share(1, 1, 1, 5)
                    .share(1, 1, 1, 5);
    private TestDatabase database;
    private Connection connection;

    @BeforeEach
    void keepSharesAndBooks() throws Exception {
        database = TestDatabase.create();
        new ShareProjector(database.dataSource(), source, 100, _ -> {}).runOnce();
        connection = database.dataSource().getConnection();
        connection.setAutoCommit(false);
        for (long msat = 1; msat <= 3; msat++) {
            Books.post(
                    connection,
                    Posting.of("k" + msat, "CAPITAL", NOON)
                            .debit(LedgerAccount.of(LedgerCode.WALLET), msat)
                            .credit(LedgerAccount.of(LedgerCode.OPERATOR_CAPITAL), msat)
                            .build());
        }
        connection.commit();
        assertThat(LedgerAudit.books(connection)).isEmpty();
        assertThat(LedgerAudit.slices(connection)).isEmpty();
        // As somebody with every right over the database could.
        execute("SET session_replication_role = replica");
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
        database.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "UPDATE pool.ledger_entry SET amount_msat = 9 WHERE txn_id = 2; transaction 2 was altered",
                "UPDATE pool.ledger_entry SET amount_msat = 9 WHERE txn_id = 2; balance of A:WALLET is not",
                "UPDATE pool.ledger_entry SET amount_msat = 9 WHERE txn_id = 2 AND side = 1; does not balance",
                "UPDATE pool.ledger_txn SET idem_key = 'other' WHERE id = 1; transaction 1 was altered",
                "UPDATE pool.ledger_txn SET kind = 'OTHER' WHERE id = 1; transaction 1 was altered",
                "UPDATE pool.ledger_txn SET posted_at = posted_at + interval '1 s' WHERE id = 3; 3 was altered",
                "UPDATE pool.ledger_txn SET effective_at = now() WHERE id = 3; 3 was altered",
                "DELETE FROM pool.ledger_entry WHERE txn_id = 2; transaction 2 was altered",
                "DELETE FROM pool.ledger_txn WHERE id = 2; transaction 3 does not follow",
                "DELETE FROM pool.ledger_txn WHERE id = 3; head of the books is not transaction 2",
                "UPDATE pool.account_balance SET debits = debits + 1; balance of A:WALLET is not",
                "UPDATE pool.account_balance SET debits = debits + 1; debits and credits of all accounts differ",
            })
    void noticesAlteredBooks(String attack, String finding) throws Exception {
        execute(attack);

        assertThat(LedgerAudit.books(connection))
                .anySatisfy(found -> assertThat(found).contains(finding));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "UPDATE pool.slice SET shares = 3; not the sum",
                "UPDATE pool.slice SET last_sequence = 5; not the sum",
                "UPDATE pool.slice SET difficulty_units = 6; not the sum",
                "DELETE FROM pool.slice; not the sum",
                "DELETE FROM pool.share WHERE sequence = 5; not the sum",
                "UPDATE pool.journal_cursor SET next_sequence = 6; beyond the cursor",
            })
    void noticesAlteredShares(String attack, String finding) throws Exception {
        execute(attack);

        assertThat(LedgerAudit.slices(connection))
                .anySatisfy(found -> assertThat(found).contains(finding));
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
