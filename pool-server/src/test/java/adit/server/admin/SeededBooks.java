package adit.server.admin;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import javax.sql.DataSource;

import adit.ledger.postgres.Books;
import adit.ledger.postgres.LedgerAccount;
import adit.ledger.postgres.LedgerCode;
import adit.ledger.postgres.PostResult;
import adit.ledger.postgres.Posting;
import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;

/// Writes what a projector and a settler would have written.
final class SeededBooks {
    static final int SERVER = 3;
    static final int EPOCH = 7;
    private static final int NBITS = 0x17034219;
    private static final long SUBSIDY_SATS = 312_500_000;

    private final DataSource database;

    SeededBooks(DataSource database) {
        this.database = database;
        run(
                "INSERT INTO pool.server (id, node) VALUES (?, gen_random_uuid())",
                statement -> statement.setInt(1, SERVER));
        run(
                """
                INSERT INTO pool.job (server_id, epoch, ref, time, height, previous_hash, nbits, version,
                    version_mask, ntime, subsidy_sats, reward_sats, coinbase_prefix, extranonce_bytes,
                    coinbase_suffix, branch)
                VALUES (?, 1, 1, now(), 1, ?, 1, 1, 1, 1, 1, 1, '', 8, '', '')
                """,
                statement -> {
                    statement.setInt(1, SERVER);
                    statement.setBytes(2, new byte[Hash.BYTES]);
                });
    }

    /// A hash that begins with zeros where people read it.
    static Hash hash(int number) {
        return Hash.of(ByteBuffer.allocate(Hash.BYTES).putInt(number).array());
    }

    void cursor(long nextSequence) {
        run(
                "INSERT INTO pool.journal_cursor (server_id, epoch, next_sequence) VALUES (?, ?, ?)",
                statement -> {
                    statement.setInt(1, SERVER);
                    statement.setInt(2, EPOCH);
                    statement.setLong(3, nextSequence);
                });
    }

    void account(String name) {
        run(
                "INSERT INTO pool.account (name) VALUES (?) ON CONFLICT DO NOTHING",
                statement -> statement.setString(1, name));
    }

    void worker(String account, String worker, String scheme, int feeBps) {
        account(account);
        run(
                """
                INSERT INTO pool.worker_terms (account_id, name, scheme, fee_bps)
                SELECT id, ?, ?, ? FROM pool.account WHERE name = ? ON CONFLICT DO NOTHING
                """,
                statement -> {
                    statement.setString(1, worker);
                    statement.setString(2, scheme);
                    statement.setInt(3, feeBps);
                    statement.setString(4, account);
                });
    }

    /// Shares of one difficulty that ended at a time, in its minute, by any of the worker's terms.
    void work(String account, String worker, Instant last, long units, long shares) {
        run(
                """
                INSERT INTO pool.slice (minute, server_id, epoch, account_id, worker_id, nbits, subsidy_sats,
                    difficulty_units, shares, first_sequence, first_time, last_sequence, last_time)
                SELECT ?, ?, ?, a.id, w.id, ?, ?, ?, ?, 1, ?, 1, ?
                FROM pool.account a JOIN pool.worker_terms w ON w.account_id = a.id
                WHERE a.name = ? AND w.name = ? ORDER BY w.id LIMIT 1
                """,
                statement -> {
                    set(statement, 1, last.truncatedTo(ChronoUnit.MINUTES));
                    statement.setInt(2, SERVER);
                    statement.setInt(3, EPOCH);
                    statement.setInt(4, NBITS);
                    statement.setLong(5, SUBSIDY_SATS);
                    statement.setLong(6, units);
                    statement.setLong(7, shares);
                    set(statement, 8, last);
                    set(statement, 9, last);
                    statement.setString(10, account);
                    statement.setString(11, worker);
                });
    }

    void block(int number, Instant time, String account, String state, int confirmations) {
        run(
                """
                INSERT INTO pool.block (hash, height, time, server_id, epoch, sequence, account_id, worker_id,
                    job_id, reward_sats, subsidy_sats, nbits, state, confirmations)
                SELECT ?, ?, ?, ?, ?, ?, a.id, w.id, (SELECT min(id) FROM pool.job), ?, ?, ?, ?, ?
                FROM pool.account a JOIN pool.worker_terms w ON w.account_id = a.id
                WHERE a.name = ? ORDER BY w.id LIMIT 1
                """,
                statement -> {
                    statement.setBytes(1, hash(number).bytes());
                    statement.setInt(2, 840_000 + number);
                    set(statement, 3, time);
                    statement.setInt(4, SERVER);
                    statement.setInt(5, EPOCH);
                    statement.setLong(6, number);
                    statement.setLong(7, SUBSIDY_SATS + number);
                    statement.setLong(8, SUBSIDY_SATS);
                    statement.setInt(9, NBITS);
                    statement.setString(10, state);
                    statement.setInt(11, confirmations);
                    statement.setString(12, account);
                });
    }

    /// The whole block but the fee to one miner.
    void distribution(int number, String account, long creditMsat, long feeMsat) {
        inTransaction(connection -> {
            execute(
                    connection,
                    """
                    INSERT INTO pool.distribution (key, block_id, scheme, version, parameters,
                        newest_time, newest_server, newest_epoch, newest_sequence,
                        oldest_time, oldest_server, oldest_epoch, oldest_sequence, boundary,
                        reward_msat, fee_msat, credits_msat, unattributed_msat, operator_msat, lines)
                    SELECT 'block:' || ?, id, 'PPLNS', 1, '{}', time, 1, 1, 1, time, 1, 1, 1, 'EXACT',
                        ?, ?, ?, 0, 0, 1
                    FROM pool.block WHERE hash = ?
                    """,
                    statement -> {
                        statement.setInt(1, number);
                        statement.setLong(2, creditMsat + feeMsat);
                        statement.setLong(3, feeMsat);
                        statement.setLong(4, creditMsat);
                        statement.setBytes(5, hash(number).bytes());
                    });
            execute(
                    connection,
                    """
                    INSERT INTO pool.distribution_line (distribution_id, account_id, credit_msat)
                    SELECT d.id, a.id, ? FROM pool.distribution d, pool.account a
                    WHERE d.key = 'block:' || ? AND a.name = ?
                    """,
                    statement -> {
                        statement.setLong(1, creditMsat);
                        statement.setInt(2, number);
                        statement.setString(3, account);
                    });
        });
    }

    void owes(String account, LedgerCode code, long msat) {
        inTransaction(connection -> {
            long owner;
            try (var statement =
                    connection.prepareStatement("SELECT id FROM pool.account WHERE name = ?")) {
                statement.setString(1, account);
                try (var rows = statement.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    owner = rows.getLong(1);
                }
            }
            var posting =
                    Posting.of(code + ":" + account, "TEST", Instant.EPOCH)
                            .debit(LedgerAccount.of(LedgerCode.IMMATURE), msat)
                            .credit(LedgerAccount.of(code, owner), msat)
                            .build();
            assertThat(Books.post(connection, posting)).isInstanceOf(PostResult.Created.class);
        });
    }

    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    private interface Values {
        void into(PreparedStatement statement) throws SQLException;
    }

    private void run(String sql, Values values) {
        inTransaction(connection -> execute(connection, sql, values));
    }

    private static void execute(Connection connection, String sql, Values values)
            throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            values.into(statement);
            statement.executeUpdate();
        }
    }

    private void inTransaction(Work work) {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            work.on(connection);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void set(PreparedStatement statement, int index, Instant instant)
            throws SQLException {
        statement.setObject(index, OffsetDateTime.ofInstant(instant, ZoneOffset.UTC));
    }
}
