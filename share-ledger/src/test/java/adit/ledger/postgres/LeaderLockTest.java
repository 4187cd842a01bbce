package adit.ledger.postgres;

import java.sql.SQLException;

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
}
