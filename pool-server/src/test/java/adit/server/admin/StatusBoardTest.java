package adit.server.admin;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import adit.ledger.postgres.TestDatabase;
import adit.server.metrics.EventLog;
import adit.server.source.LoadLevel;

import static org.assertj.core.api.Assertions.assertThat;

/// How often the status page looks at the pool and its database.
final class StatusBoardTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicInteger seconds = new AtomicInteger();
    private final InstantSource clock = () -> NOON.plusSeconds(seconds.get());
    private final FakePool pool = new FakePool();
    private final TestDatabase database = TestDatabase.create();
    private final StatusBoard board =
            new StatusBoard(
                    new PoolFacts("Test pool", "mainnet", "0.1", "PPLNS", 150, 0, NOON, List.of()),
                    pool,
                    new LedgerReads(database.dataSource()),
                    new EventLog(),
                    clock);

    @BeforeEach
    void look() {
        board.lookNow();
    }

    @AfterEach
    void close() {
        board.close();
        database.close();
    }

    @Test
    void looksEachTimeItIsDue() {
        assertThat(looksOf(8)).isEqualTo(8);
    }

    @Test
    void looksAQuarterAsOftenWhileThePoolHasTooMuchToDo() {
        pool.labours(LoadLevel.EASED);
        assertThat(looksOf(1)).as("the news itself").isOne();
        assertThat(looksOf(8)).isEqualTo(2);

        pool.labours(LoadLevel.NORMAL);
        assertThat(looksOf(8)).isEqualTo(8);
    }

    private int looksOf(int turns) {
        int looks = 0;
        for (int i = 0; i < turns; i++) {
            seconds.incrementAndGet();
            board.lookInTime();
            if (board.latest().at().equals(clock.instant())) {
                looks++;
            }
        }
        return looks;
    }
}
