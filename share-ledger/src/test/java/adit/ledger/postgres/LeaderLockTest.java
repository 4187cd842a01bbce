package adit.ledger.postgres;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LeaderLockTest {
    private TestDatabase database;

    @BeforeEach
    void createDatabase() {
        database = TestDatabase.create();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    @Test
    void isHeldByOneAtATime() throws Exception {
        try (var leader = LeaderLock.tryAcquire(database.dataSource(), "settler").orElseThrow();
                var other =
                        LeaderLock.tryAcquire(database.dataSource(), "disburser").orElseThrow()) {
            assertThat(leader.isHeld()).isTrue();
            assertThat(other.isHeld()).isTrue();
            assertThat(LeaderLock.tryAcquire(database.dataSource(), "settler")).isEmpty();
        }

        try (var next = LeaderLock.tryAcquire(database.dataSource(), "settler").orElseThrow()) {
            assertThat(next.isHeld()).isTrue();
        }
    }

    @Test
    void takesTheUnfinishedWorkOfADeposedLeaderWithIt() throws Exception {
        try (var leader = LeaderLock.tryAcquire(database.dataSource(), "settler").orElseThrow()) {
            leader.connection().setAutoCommit(false);
            try (var statement = leader.connection().createStatement()) {
                statement.execute("INSERT INTO pool.account (name) VALUES ('half done')");
            }
            database.endConnections();

            assertThat(leader.isHeld()).isFalse();
            assertThatThrownBy(() -> leader.connection().commit()).isInstanceOf(SQLException.class);
            try (var next = LeaderLock.tryAcquire(database.dataSource(), "settler").orElseThrow()) {
                assertThat(MinerQueries.account(next.connection(), "half done")).isEmpty();
            }
        }
    }

    @Test
    void isFreeAfterwardsThoughItCouldNotBeGivenBackByWord() throws Exception {
        try (var pooled = database.dataSource().getConnection()) {
            var leader = LeaderLock.tryAcquire(keeping(pooled), "settler").orElseThrow();
            leader.close();

            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            var next = LeaderLock.tryAcquire(database.dataSource(), "settler");
            while (next.isEmpty() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
                next = LeaderLock.tryAcquire(database.dataSource(), "settler");
            }
            assertThat(next).isPresent();
            next.get().close();
        }
    }

    /// A connection pool of one, which keeps its session when it is closed, on a database that refuses to unlock.
    private static DataSource keeping(Connection session) {
        var kept =
                Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (_, method, arguments) -> {
                            boolean isUnlock =
                                    method.getName().equals("prepareStatement")
                                            && String.valueOf(arguments[0]).contains("unlock");
                            if (isUnlock) {
                                throw new SQLException("canceling statement", "57014");
                            }
                            return method.getName().equals("close")
                                    ? null
                                    : method.invoke(session, arguments);
                        });
        return (DataSource)
                Proxy.newProxyInstance(
                        DataSource.class.getClassLoader(),
                        new Class<?>[] {DataSource.class},
                        (_, _, _) -> kept);
    }
}
