package adit.server.settle;

import java.sql.SQLException;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import adit.ledger.postgres.JournalCursors;

import static adit.server.settle.SettledPool.NOON;
import static adit.server.settle.SettledPool.block;
import static adit.server.settle.SettledPool.share;
import static org.assertj.core.api.Assertions.assertThat;

/// What a server brings that was away for long.
final class ReturningServerTest {

    private static final long SECOND = 1_000_000;

    /// More than the settler looks at by themselves.
    private static final int MANY_BLOCKS = 501;

    private final SettledPool pool = new SettledPool("2");

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void hasTheBlocksCreditedThatMaturedMeanwhileHoweverManyCameAfter() throws Exception {
        block(pool.one, 1, "SOLO");
        pool.passAndProject();
        pool.confirm(pool.model().blocks().getLast(), 1);
        pool.settle();
        for (int i = 0; i < MANY_BLOCKS; i++) {
            pool.one.later(SECOND);
            block(pool.one, 1, "SOLO");
        }
        pool.project();
        var blocks = pool.model().blocks();
        blocks.forEach(found -> pool.confirm(found, 1));
        pool.settle();
        assertThat(credits()).isEqualTo("1");

        blocks.forEach(found -> pool.confirm(found, 101));
        pool.settle();
        pool.passAndProject();
        pool.settle();

        assertThat(credits()).isEqualTo(Integer.toString(1 + MANY_BLOCKS));
        assertThat(pool.balances())
                .doesNotContainKeys("A:IMMATURE", "L:MINER_IMMATURE:a1", "I:POOL_FEE_IMMATURE");
    }

    @Test
    void hasItsSharesPaidThatLieInNoClosedInterval() throws Exception {
        share(pool.one, 1, "PPS", 1, 4);
        pool.one.later(600 * SECOND);
        pool.passAndProject();
        pool.now = NOON.plus(Duration.ofHours(1));
        pool.settle();
        lose(2);
        pool.one.at(NOON.plus(Duration.ofDays(1))).tip();
        pool.project();
        pool.now = NOON.plus(Duration.ofDays(1)).plusSeconds(3_600);
        pool.settle();

        pool.two.at(NOON.plus(Duration.ofHours(2)));
        share(pool.two, 2, "PPS", 1, 8);
        pool.passAndProject();
        pool.settle();

        assertThat(pool.balances())
                .isEqualTo(
                        new ModelBooks()
                                .shares(pool.model().pps(Times.begin(pool.now).timeMicros()))
                                .balances())
                .containsKey("L:MINER_AVAILABLE:a2");
    }

    private String credits() throws SQLException {
        return pool.ask("SELECT count(*) FROM pool.distribution WHERE block_id IS NOT NULL");
    }

    private void lose(int server) throws SQLException {
        try (var connection = pool.database.dataSource().getConnection()) {
            JournalCursors.declareLost(connection, server, true, pool.now);
        }
    }
}
