package adit.server.settle;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import adit.ledger.postgres.BlockState;
import adit.ledger.postgres.Blocks;
import adit.ledger.postgres.Books;
import adit.ledger.postgres.Distributions;
import adit.ledger.postgres.FakeShareSource;
import adit.ledger.postgres.FaultyDataSource;
import adit.ledger.postgres.FoundBlock;
import adit.ledger.postgres.FrozenDistribution;
import adit.ledger.postgres.LedgerAccount;
import adit.ledger.postgres.ShareProjector;
import adit.ledger.postgres.TestDatabase;
import adit.node.Confirmations;
import adit.pow.Hash;
import adit.server.block.BlockFollower;
import adit.server.block.FakeChain;
import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;

import static org.assertj.core.api.Assertions.assertThat;

/// A pool of two servers without miners or nodes: journals written by a test, a real database, a chain on request.
///
/// Accounts are `a1` … `a9`, declared in this order so that their ids have it too. Each has a worker per scheme:
/// reference 10·account + scheme (0 PPLNS, 1 PROP, 2 SOLO, 3 PPS, 4 late by our
/// fault), at a fee of 1 %, even accounts at 2 %.
final class SettledPool implements AutoCloseable {
    static final Instant NOON = Instant.parse("2026-11-21T12:00:20Z");
    static final List<String> SCHEMES = List.of("PPLNS", "PROP", "SOLO", "PPS");

    /// What shares are recorded under: a scheme, or that they are late by our fault, which finds no block.
    private static final List<String> TERMS = List.of("PPLNS", "PROP", "SOLO", "PPS", "OURS");

    static final long SUBSIDY_SATS = 312_500_000;
    static final long ONE = 1L << 32;

    /// Network difficulty 64 and about 100.
    static final int D64 = 0x1c03fffc;

    static final int D100 = 0x1c028f5a;
    static final int ACCOUNTS = 5;

    final TestDatabase database = TestDatabase.create();
    final FaultyDataSource faulty = new FaultyDataSource(database.dataSource());
    final FakeShareSource one = new FakeShareSource(1);
    final FakeShareSource two = new FakeShareSource(2);
    final FakeChain chain = new FakeChain();
    final PoolConfig.Scheme scheme;
    private final List<ShareProjector> projectors = new ArrayList<>();
    private final Settler settler;
    Instant now = NOON.plus(Duration.ofHours(1));

    SettledPool(String windowBlocks) {
        scheme =
                new PoolConfig.Scheme(
                        PoolConfig.Scheme.Kind.PPLNS, 100, new BigDecimal(windowBlocks), 10);
        settler = newSettler();
        for (var source : List.of(one, two)) {
            projectors.add(new ShareProjector(database.dataSource(), source, 500, _ -> {}));
            begin(source, NOON);
        }
        project();
    }

    /// Another process that would settle too.
    Settler newSettler() {
        var events = new EventLog();
        var follower = new BlockFollower(chain, Duration.ofMinutes(10), events, () -> now);
        return new Settler(faulty, scheme, follower::follow, events, () -> now, _ -> {});
    }

    static void begin(FakeShareSource source, Instant at) {
        source.at(at).beginEpoch();
        for (int account = 1; account <= ACCOUNTS; account++) {
            source.account(account, "a" + account);
            for (var terms : TERMS) {
                source.worker(
                        worker(account, terms),
                        account,
                        "rig",
                        terms,
                        account % 2 == 0 ? 200 : 100);
            }
        }
        source.job(1, D64, SUBSIDY_SATS).job(2, D100, SUBSIDY_SATS / 2);
    }

    static int worker(int account, String scheme) {
        return 10 * account + TERMS.indexOf(scheme);
    }

    static void share(
            FakeShareSource source, int account, String scheme, long job, long difficulty) {
        source.share(account, worker(account, scheme), job, difficulty * ONE);
    }

    /// A share and the block it is.
    static void block(FakeShareSource source, int account, String scheme) {
        share(source, account, scheme, 1, 8);
        source.block(account, worker(account, scheme), 1, D64, SUBSIDY_SATS);
    }

    /// Lets both servers' clocks pass whatever was before, and projects it.
    void passAndProject() {
        for (var source : List.of(one, two)) {
            long newest =
                    Math.max(one.lastPosition().timeMicros(), two.lastPosition().timeMicros());
            source.at(Times.ofMicros(newest + 1)).tip();
        }
        project();
    }

    void project() {
        for (var projector : projectors) {
            while (projector.runOnce() > 0) {
                assertThat(projector.status().trouble()).isEmpty();
            }
        }
    }

    /// One pass, which succeeds and leads, as soon as a session that was cut off before is gone.
    void settle() throws SQLException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        boolean isLeading = settler.runOnce();
        while (!isLeading && System.nanoTime() < deadline) {
            isLeading = settler.runOnce();
        }
        assertThat(isLeading).isTrue();
    }

    Settler settler() {
        return settler;
    }

    ShareModel model() {
        return ShareModel.of(List.of(one, two));
    }

    void confirm(ShareModel.Block block, int confirmations) {
        chain.put(Hash.of(block.hash()), new Confirmations.Active(confirmations));
    }

    void orphan(ShareModel.Block block) {
        chain.put(Hash.of(block.hash()), new Confirmations.NotActive());
    }

    FoundBlock stored(ShareModel.Block block) throws SQLException {
        try (var connection = database.dataSource().getConnection()) {
            return Blocks.find(connection, block.hash()).orElseThrow();
        }
    }

    BlockState state(ShareModel.Block block) throws SQLException {
        return stored(block).state();
    }

    FrozenDistribution distribution(ShareModel.Block block) throws SQLException {
        var prefix = block.scheme().equals("PPS") ? "block:" : "credit:";
        var suffix = block.scheme().equals("PPS") ? "" : ":" + block.scheme() + ":v1";
        try (var connection = database.dataSource().getConnection()) {
            return Distributions.find(
                            connection, prefix + Hash.of(block.hash()).displayHex() + suffix)
                    .orElseThrow();
        }
    }

    /// All balances that are not zero, with accounts by name: `L:MINER_IMMATURE:a1`.
    Map<String, Long> balances() throws SQLException {
        try (var connection = database.dataSource().getConnection()) {
            var names = names(connection);
            var balances = new TreeMap<String, Long>();
            Books.balancesMsat(connection)
                    .forEach((account, msat) -> balances.put(shown(account, names), msat));
            var trial = Books.trialBalance(connection);
            assertThat(trial.debitsMsat()).isEqualTo(trial.creditsMsat());
            return balances;
        }
    }

    long transactions() throws SQLException {
        return Long.parseLong(ask("SELECT count(*) FROM pool.ledger_txn"));
    }

    /// The first column of the first row.
    String ask(String query) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    void execute(String sql) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        faulty.callOff();
        settler.close();
        database.close();
    }

    private static String shown(LedgerAccount account, Map<Long, String> names) {
        return account.code().isOwned()
                ? account.code().code() + ":" + names.get(account.owner())
                : account.code().code();
    }

    private static Map<Long, String> names(Connection connection) throws SQLException {
        var names = new TreeMap<Long, String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT id, name FROM pool.account")) {
            while (rows.next()) {
                names.put(rows.getLong(1), rows.getString(2));
            }
        }
        return names;
    }
}
