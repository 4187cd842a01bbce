package adit.server;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import adit.server.metrics.PoolMetrics;
import adit.server.net.EventLoops;

import static org.assertj.core.api.Assertions.assertThat;

final class StratumWatchTest {
    private static final long MILLI = 1_000_000;

    /// Of the twenty looks of two seconds, so many are no majority.
    private static final int HALF = 10;

    private final AtomicLong now = new AtomicLong();
    private final EventLoops<Integer> loops = new EventLoops<>(2, now::get, (_, number) -> number);
    private final StratumWatch watch =
            new StratumWatch(new PoolMetrics(new SimpleMeterRegistry()), now::get);

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void takesNoPauseForALoopThatIsLate() throws InterruptedException {
        looks(2 * HALF, Duration.ZERO);
        looks(HALF, Duration.ofMillis(500));
        assertThat(watch.loopDelayNanos()).isZero();

        looks(1, Duration.ZERO);
        assertThat(watch.loopDelayNanos()).isZero();
    }

    @Test
    void saysHowLateALoopIsThatIsLateMoreOftenThanNot() throws InterruptedException {
        looks(HALF + 1, Duration.ofMillis(30));
        looks(HALF - 1, Duration.ZERO);
        assertThat(watch.loopDelayNanos()).isEqualTo(30 * MILLI);

        looks(2, Duration.ZERO);
        assertThat(watch.loopDelayNanos()).isZero();
    }

    @Test
    void saysHowLateALoopIsThatDoesNotAnswerAtAll() throws InterruptedException {
        var stands = new CountDownLatch(1);
        block(stands);
        watch.probe(loops);
        for (int i = 0; i < HALF + 1; i++) {
            now.addAndGet(100 * MILLI);
            watch.probe(loops);
        }
        assertThat(watch.loopDelayNanos()).isEqualTo(100 * MILLI);
        stands.countDown();
    }

    /// So many looks, each of which the loops answer so late before the next.
    private void looks(int count, Duration late) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            var stands = new CountDownLatch(1);
            block(stands);
            watch.probe(loops);
            now.addAndGet(late.toNanos());
            stands.countDown();
            answered();
        }
    }

    private void block(CountDownLatch until) {
        loops.forEach(_ -> {
            try {
                until.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void answered() throws InterruptedException {
        var answers = new CountDownLatch(loops.count());
        loops.forEach(_ -> answers.countDown());
        assertThat(answers.await(20, TimeUnit.SECONDS)).isTrue();
    }
}
