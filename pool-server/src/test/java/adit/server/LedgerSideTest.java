package adit.server;

import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.DirectoryStorage;
import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.JournalSettings;
import adit.ledger.journal.ShareJournal;
import adit.ledger.postgres.Books;
import adit.ledger.postgres.LedgerAccount;
import adit.ledger.postgres.LedgerCode;
import adit.ledger.postgres.MinerQueries;
import adit.ledger.postgres.TestDatabase;
import adit.node.Confirmations;
import adit.pow.Hash;
import adit.server.block.FakeChain;
import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;
import adit.server.metrics.LoggedLines;

import static org.assertj.core.api.Assertions.assertThat;

class LedgerSideTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final long REWARD_SATS = 312_500_000;

    @TempDir private Path directory;
    private final TestDatabase postgres = TestDatabase.create();
    private final SwitchedDatabase database = new SwitchedDatabase(postgres.dataSource());
    private final FakeChain chain = new FakeChain();
    private final LoggedLines logged = new LoggedLines();
    private ShareJournal journal;
    private volatile boolean canGoOn = true;

    @BeforeEach
    void openJournal() {
        journal =
                ShareJournal.open(
                        new JournalSettings(1, 1 << 20, 0, 100, 100),
                        DirectoryStorage.at(directory),
                        InstantSource.system());
    }

    @AfterEach
    void close() {
        logged.close();
        journal.close();
        postgres.close();
        assertThat(canGoOn).isTrue();
    }

    private LedgerSide ledgerSide() {
        return new LedgerSide(
                new PoolConfig.Scheme(PoolConfig.Scheme.Kind.PPLNS, 100, new BigDecimal("4"), 10),
                database.seam(),
                journal,
                chain,
                new EventLog(),
                () -> canGoOn = false);
    }

    /// One share that is a block, durable when this returns.
    private void findBlock(byte mark) throws Exception {
        int account = journal.accountRef("miner");
        int worker = journal.workerRef(account, "rig", "PPLNS", 100);
        var hash = new byte[32];
        hash[0] = mark;
        var group = OneShare.of(account, worker, hash, REWARD_SATS);
        group.blockFound(
                new JournalRecord.BlockFound(
                        0,
                        0,
                        hash,
                        OneShare.HEIGHT,
                        OneShare.JOB,
                        account,
                        worker,
                        REWARD_SATS,
                        REWARD_SATS,
                        OneShare.NBITS,
                        0));
        OneShare.append(journal, group);
    }

    private void confirm(byte mark, int confirmations) {
        var hash = new byte[32];
        hash[0] = mark;
        chain.put(Hash.of(hash), new Confirmations.Active(confirmations));
    }

    private long owedMsat(LedgerCode code) {
        try (var connection = postgres.dataSource().getConnection()) {
            var account = MinerQueries.account(connection, "miner");
            return account.isEmpty()
                    ? 0
                    : Books.balanceMsat(connection, LedgerAccount.of(code, account.getAsLong()));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @Test
    void turnsDurableSharesIntoMoneyThatIsOwed() throws Exception {
        findBlock((byte) 1);
        confirm((byte) 1, 1);
        try (var side = ledgerSide()) {
            side.start();
            await(() -> owedMsat(LedgerCode.MINER_IMMATURE) == REWARD_SATS * 990);
            assertThat(side.status().trouble()).isEmpty();
        }
        // Stopped and started again it goes on where it was.
        confirm((byte) 1, 101);
        try (var side = ledgerSide()) {
            side.start();
            await(() -> owedMsat(LedgerCode.MINER_AVAILABLE) == REWARD_SATS * 990);
        }
        assertThat(owedMsat(LedgerCode.MINER_IMMATURE)).isZero();
    }

    @Test
    void startsWithoutPostgresqlAndSaysSoOnce() throws Exception {
        database.isUp = false;
        findBlock((byte) 1);
        confirm((byte) 1, 1);
        try (var side = ledgerSide()) {
            side.start();
            await(() -> database.refused.get() >= 2);
            assertThat(logged.count("PostgreSQL is away")).isEqualTo(1);

            database.isUp = true;
            await(() -> owedMsat(LedgerCode.MINER_IMMATURE) == REWARD_SATS * 990);
            assertThat(logged.count("PostgreSQL is back")).isEqualTo(1);
        }
    }

    @Test
    void goesOnAfterTheDatabaseWasAway() throws Exception {
        try (var side = ledgerSide()) {
            side.start();
            await(() -> logged.count("This server settles") == 1);

            database.isUp = false;
            postgres.endConnections();
            findBlock((byte) 1);
            confirm((byte) 1, 1);
            await(() -> logged.count("PostgreSQL is away") == 1);
            int refused = database.refused.get();
            await(() -> database.refused.get() > refused + 1);

            database.isUp = true;
            await(() -> owedMsat(LedgerCode.MINER_IMMATURE) == REWARD_SATS * 990);
            await(() -> logged.count("PostgreSQL is back") == 1);
            assertThat(logged.count("PostgreSQL is away")).isEqualTo(1);
        }
    }

    @Test
    void stopsAtOnceWhileItWaitsForTheDatabase() {
        database.isUp = false;
        long begin;
        try (var side = ledgerSide()) {
            side.start();
            await(() -> database.refused.get() >= 1);
            begin = System.nanoTime();
        }
        assertThat(System.nanoTime() - begin).isLessThan(Duration.ofSeconds(10).toNanos());
    }

    /// A database that a test takes away: nobody new is let in.
    private static final class SwitchedDatabase {
        private final DataSource real;
        private volatile boolean isUp = true;
        private final AtomicInteger refused = new AtomicInteger();

        private SwitchedDatabase(DataSource real) {
            this.real = real;
        }

        private DataSource seam() {
            return (DataSource)
                    Proxy.newProxyInstance(
                            DataSource.class.getClassLoader(),
                            new Class<?>[] {DataSource.class},
                            (_, method, arguments) ->
                                    method.getName().equals("getConnection") && arguments == null
                                            ? connection()
                                            : method.invoke(real, arguments));
        }

        private Connection connection() throws SQLException {
            if (!isUp) {
                refused.incrementAndGet();
                throw new SQLException("connection refused", "08001");
            }
            return real.getConnection();
        }
    }
}
