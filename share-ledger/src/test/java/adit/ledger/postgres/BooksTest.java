package adit.ledger.postgres;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static adit.ledger.postgres.LedgerCode.MINER_AVAILABLE;
import static adit.ledger.postgres.LedgerCode.MINER_IMMATURE;
import static adit.ledger.postgres.LedgerCode.OPERATOR_CAPITAL;
import static adit.ledger.postgres.LedgerCode.WALLET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BooksTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private TestDatabase database;
    private Connection connection;

    @BeforeEach
    void openBooksWithSomeMiners() throws Exception {
        database = TestDatabase.create();
        connection = database.dataSource().getConnection();
        execute(
                "INSERT INTO pool.account (id, name) OVERRIDING SYSTEM VALUE"
                        + " SELECT n, 'miner ' || n FROM generate_series(1, 100) n");
        connection.setAutoCommit(false);
    }

    @AfterEach
    void close() throws Exception {
        connection.rollback();
        assertThat(LedgerAudit.books(connection)).isEmpty();
        connection.close();
        database.close();
    }

    static Stream<JsonNode> vectors() {
        var in = BooksTest.class.getResourceAsStream("/vectors/ledger.json");
        return JsonMapper.shared().readTree(in).valueStream();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void agreesWithTheVectors(JsonNode vector) throws Exception {
        var results = new ArrayList<String>();
        for (JsonNode step : vector.get("input").get("steps")) {
            results.add(describe(book(step)));
        }
        connection.commit();

        var expected = vector.get("expected");
        assertThat(results)
                .containsExactlyElementsOf(
                        expected.get("results").valueStream().map(JsonNode::asString).toList());
        var balances = new TreeMap<String, Long>();
        Books.balancesMsat(connection)
                .forEach((account, msat) -> balances.put(account.toString(), msat));
        var expectedBalances = new TreeMap<String, Long>();
        expected.get("balances")
                .propertyStream()
                .forEach(e -> expectedBalances.put(e.getKey(), e.getValue().asLong()));
        assertThat(balances).isEqualTo(expectedBalances);
        assertThat(Books.trialBalance(connection))
                .isEqualTo(
                        new Books.TrialBalance(
                                expected.get("trial_balance_debits").asBigInteger(),
                                expected.get("trial_balance_credits").asBigInteger()));
    }

    @Test
    void bringsABlockBackWhenItsReversalIsReversed() throws Exception {
        assertThat(Books.post(connection, capital("credit:a", 5)))
                .isInstanceOf(PostResult.Created.class);
        assertThat(Books.reverse(connection, "orphan:a:1", "credit:a", NOON))
                .isInstanceOf(PostResult.Created.class);
        assertThat(Books.balancesMsat(connection)).isEmpty();

        assertThat(Books.reverse(connection, "unorphan:a:1", "orphan:a:1", NOON))
                .isInstanceOf(PostResult.Created.class);
        assertThat(Books.balancesMsat(connection)).containsEntry(LedgerAccount.of(WALLET), 5L);
        assertThat(Books.reverse(connection, "orphan:a:2", "credit:a", NOON))
                .isInstanceOf(PostResult.AlreadyReversed.class);
        assertThat(Books.reverse(connection, "orphan:a:2", "unorphan:a:1", NOON))
                .isInstanceOf(PostResult.Created.class);
        assertThat(Books.balancesMsat(connection)).isEmpty();
        connection.commit();
    }

    @Test
    void knowsAPostingWhoseLinesComeInAnotherOrder() throws Exception {
        var one =
                Posting.of("k", "CREDIT", NOON)
                        .debit(LedgerAccount.of(WALLET), 3)
                        .credit(LedgerAccount.of(MINER_AVAILABLE, 1), 1)
                        .credit(LedgerAccount.of(MINER_AVAILABLE, 2), 2)
                        .build();
        var other = new Posting("k", "CREDIT", NOON.plusSeconds(60), one.lines().reversed());

        assertThat(Books.post(connection, one)).isEqualTo(new PostResult.Created(1));
        assertThat(Books.post(connection, other)).isEqualTo(new PostResult.Exists(1));
    }

    @Test
    void refusesToReverseWhatNobodyBooked() {
        assertThatThrownBy(() -> Books.reverse(connection, "orphan:x", "credit:x", NOON))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesToBookOutsideATransaction() throws Exception {
        connection.setAutoCommit(true);

        assertThatThrownBy(() -> Books.post(connection, capital("k", 1)))
                .isInstanceOf(IllegalStateException.class);
        connection.setAutoCommit(false);
    }

    @Test
    void booksTwentyThousandLinesInOneStatement() throws Exception {
        execute(
                "INSERT INTO pool.account (id, name) OVERRIDING SYSTEM VALUE"
                        + " SELECT n, 'miner ' || n FROM generate_series(101, 20000) n");
        var posting = Posting.of("big", "CREDIT", NOON);
        LongStream.rangeClosed(1, 20_000)
                .forEach(owner -> posting.credit(LedgerAccount.of(MINER_IMMATURE, owner), owner));
        posting.debit(LedgerAccount.of(LedgerCode.IMMATURE), 20_000L * 20_001 / 2);

        assertThat(Books.post(connection, posting.build())).isInstanceOf(PostResult.Created.class);
        connection.commit();
        assertThat(Books.balanceMsat(connection, LedgerAccount.of(MINER_IMMATURE, 777)))
                .isEqualTo(777);
    }

    @Test
    void keepsTheChainWholeUnderConcurrentPostings() throws Exception {
        int writers = 4;
        int postings = 25;
        try (var executor = Executors.newFixedThreadPool(writers)) {
            var running = new ArrayList<Future<?>>();
            for (int w = 0; w < writers; w++) {
                int writer = w;
                running.add(
                        executor.submit(() -> {
                            try (var own = database.dataSource().getConnection()) {
                                own.setAutoCommit(false);
                                for (int i = 0; i < postings; i++) {
                                    // Every event is posted by two writers.
                                    var result =
                                            Books.post(
                                                    own,
                                                    capital(
                                                            "event:" + (writer / 2) + ":" + i,
                                                            i + 1));
                                    own.commit();
                                    assertThat(result.isBooked()).isTrue();
                                }
                            }
                            return null;
                        }));
            }
            for (Future<?> one : running) {
                one.get(30, TimeUnit.SECONDS);
            }
        }

        assertThat(Books.balanceMsat(connection, LedgerAccount.of(WALLET)))
                .isEqualTo(2L * postings * (postings + 1) / 2);
    }

    @Test
    void sumsRandomPostingsLikeAnIndependentModel() throws Exception {
        long seed = TestSeed.next();
        var random = new Random(seed);
        var model = new TreeMap<LedgerAccount, BigInteger>();
        for (int i = 0; i < 200; i++) {
            long owner = 1L + random.nextInt(5);
            long amount = 1 + random.nextLong(1_000);
            boolean pays = random.nextBoolean();
            var builder = Posting.of("p" + i, pays ? "PAY" : "CREDIT", NOON);
            var posting =
                    (pays
                                    ? builder.debit(
                                                    LedgerAccount.of(MINER_AVAILABLE, owner),
                                                    amount)
                                            .credit(LedgerAccount.of(WALLET), amount)
                                    : builder.debit(LedgerAccount.of(WALLET), amount)
                                            .credit(
                                                    LedgerAccount.of(MINER_AVAILABLE, owner),
                                                    amount))
                            .build();
            var before =
                    model.getOrDefault(LedgerAccount.of(MINER_AVAILABLE, owner), BigInteger.ZERO);
            boolean overdraws = pays && before.longValueExact() < amount;

            var result = Books.post(connection, posting);

            assertThat(result)
                    .as("seed %d posting %d", seed, i)
                    .isInstanceOf(
                            overdraws ? PostResult.WouldOverdraw.class : PostResult.Created.class);
            if (!overdraws) {
                var change = BigInteger.valueOf(pays ? -amount : amount);
                model.merge(LedgerAccount.of(MINER_AVAILABLE, owner), change, BigInteger::add);
                model.merge(LedgerAccount.of(WALLET), change, BigInteger::add);
            }
        }
        model.values().removeIf(balance -> balance.signum() == 0);
        var balances = new TreeMap<LedgerAccount, BigInteger>();
        Books.balancesMsat(connection)
                .forEach((account, msat) -> balances.put(account, BigInteger.valueOf(msat)));
        assertThat(balances).as("seed %d", seed).isEqualTo(model);
        connection.commit();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE pool.ledger_entry SET amount_msat = 1",
                "DELETE FROM pool.ledger_entry",
                "TRUNCATE pool.ledger_entry",
                "UPDATE pool.ledger_txn SET idem_key = 'x'",
                "DELETE FROM pool.ledger_txn",
                "UPDATE pool.ledger_account SET non_negative = false",
                "DELETE FROM pool.ledger_account",
                "UPDATE pool.account_balance SET credits = credits + 1, debits = debits + 1",
                "DELETE FROM pool.account_balance",
                "UPDATE pool.ledger_head SET id = 7",
                "INSERT INTO pool.ledger_entry SELECT 1, 3, account_id, side, 1 FROM pool.ledger_entry",
                "INSERT INTO pool.ledger_entry SELECT 1, 3, min(account_id), 1, 1 FROM pool.ledger_entry",
            })
    void isDefendedByTheDatabaseItself(String attack) throws Exception {
        Books.post(connection, capital("k", 5));
        connection.commit();

        assertThatThrownBy(() -> execute(attack))
                .isInstanceOf(SQLException.class)
                .satisfies(e -> assertThat(((SQLException) e).getSQLState()).startsWith("23"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // one side only
                "VALUES (2, 1, 1, 1, 5)",
                // unequal sides
                "VALUES (2, 1, 1, 1, 5), (2, 2, 2, -1, 4)",
                // fewer lines than announced
                "SELECT 2, 1, 1, 1, 5 WHERE false",
                // more lines than announced
                "VALUES (2, 1, 1, 1, 5), (2, 2, 2, -1, 4), (2, 3, 2, -1, 1)",
            })
    void takesNoTransactionThatDoesNotBalanceEvenPastBooks(String entries) throws Exception {
        Books.post(connection, capital("k", 5));
        connection.commit();

        assertThatThrownBy(
                        () -> {
                            insertRawTransaction(2, "(SELECT hash FROM pool.ledger_head)");
                            execute(
                                    "INSERT INTO pool.ledger_entry (txn_id, line, account_id, side, amount_msat) "
                                            + entries);
                            connection.commit();
                        })
                .isInstanceOf(SQLException.class)
                .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("23000"));
    }

    @Test
    void takesNoOverdraftEvenPastBooks() throws Exception {
        Books.post(
                connection,
                Posting.of("k", "CREDIT", NOON)
                        .debit(LedgerAccount.of(WALLET), 5)
                        .credit(LedgerAccount.of(MINER_AVAILABLE, 1), 5)
                        .build());
        connection.commit();
        insertRawTransaction(2, "(SELECT hash FROM pool.ledger_head)");

        assertThatThrownBy(() ->
                        execute(
                                "INSERT INTO pool.ledger_entry"
                                        + " SELECT 2, line, account_id, -side, 6 FROM pool.ledger_entry WHERE txn_id = 1"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("overdrawn");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 4})
    void takesNoTransactionThatLeavesTheChain(long id) throws Exception {
        Books.post(connection, capital("k", 5));
        connection.commit();

        assertThatThrownBy(() -> insertRawTransaction(id, "(SELECT hash FROM pool.ledger_head)"))
                .isInstanceOf(SQLException.class);
        connection.rollback();
        assertThatThrownBy(() -> insertRawTransaction(2, "sha256('elsewhere')"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("does not continue the chain");
    }

    private void insertRawTransaction(long id, String previous) throws SQLException {
        execute(
                "INSERT INTO pool.ledger_txn"
                        + " (id, kind, idem_key, effective_at, posted_at, lines, payload_hash, prev_hash, hash) VALUES ("
                        + id
                        + ", 'RAW', 'raw', now(), now(), 2, sha256('p'), "
                        + previous
                        + ", sha256('h'))");
    }

    private PostResult book(JsonNode step) throws SQLException {
        String key = step.get("key").asString();
        if (step.has("reverse")) {
            return Books.reverse(connection, key, step.get("reverse").asString(), NOON);
        }
        var lines = new ArrayList<Posting.Line>();
        for (JsonNode line : step.get("lines")) {
            lines.add(
                    new Posting.Line(
                            LedgerAccount.parse(line.get("account").asString()),
                            line.get("side").asString().equals("D")
                                    ? LedgerCode.Side.DEBIT
                                    : LedgerCode.Side.CREDIT,
                            line.get("amount").asLong()));
        }
        return Books.post(connection, new Posting(key, step.get("kind").asString(), NOON, lines));
    }

    private static String describe(PostResult result) {
        return switch (result) {
            case PostResult.Created _ -> "CREATED";
            case PostResult.Exists _ -> "EXISTS";
            case PostResult.WouldOverdraw(var account) -> "WOULD_OVERDRAW:" + account;
            case PostResult.KeyConflict _ -> "KEY_CONFLICT";
            case PostResult.Unbalanced _ -> "UNBALANCED";
            case PostResult.AlreadyReversed _ -> "ALREADY_REVERSED";
        };
    }

    private static Posting capital(String key, long msat) {
        return Posting.of(key, "CAPITAL", NOON)
                .debit(LedgerAccount.of(WALLET), msat)
                .credit(LedgerAccount.of(OPERATOR_CAPITAL), msat)
                .build();
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
