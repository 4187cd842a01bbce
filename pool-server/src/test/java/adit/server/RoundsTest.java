package adit.server;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import adit.server.metrics.EventLog;

import static org.assertj.core.api.Assertions.assertThat;

final class RoundsTest {

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Rounds rounds = new Rounds(thread, new EventLog());

    @AfterEach
    void stops() throws InterruptedException {
        thread.shutdownNow();
        // What fails in it is logged, and must not be in another test.
        assertThat(thread.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void goOnAfterATurnThatFails() throws Exception {
        var turns = new CountDownLatch(3);

        rounds.every(
                Duration.ofMillis(1),
                "a test",
                () -> {
                    turns.countDown();
                    throw new IllegalStateException("of the test");
                });

        assertThat(turns.await(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void beginNoTurnOnceTheyAreEnded() throws Exception {
        var turns = new AtomicInteger();
        var begun = new CountDownLatch(1);
        rounds.every(
                Duration.ofMillis(1),
                "a test",
                () -> {
                    turns.incrementAndGet();
                    begun.countDown();
                });
        assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();

        rounds.end();

        int until = thread.submit(turns::get).get();
        assertThat(thread.schedule(turns::get, 50, TimeUnit.MILLISECONDS).get()).isEqualTo(until);
    }
}
