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

/// How the end of a pool's service goes on, step by step.
final class DrainTest {

    private final ScheduledExecutorService jobs = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger miners = new AtomicInteger(1);
    private final AtomicInteger keeps = new AtomicInteger();
    private final CountDownLatch drained = new CountDownLatch(1);

    @AfterEach
    void stops() throws InterruptedException {
        jobs.shutdownNow();
        // What fails in it is logged, and must not be in another test.
        assertThat(jobs.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void goesOnAfterAStepThatFails() throws Exception {
        var drain =
                drain(() -> {
                    if (miners.getAndDecrement() > 0) {
                        throw new IllegalStateException("of the test");
                    }
                });
        miners.set(3);

        drain.begin(Duration.ofMillis(1), drained::countDown);

        assertThat(drained.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(keeps).as("times the steps were ended").hasValue(1);
    }

    @Test
    void letsNobodyElseGoOnceItIsCalledOff() throws Exception {
        var begun = new CountDownLatch(1);
        var drain = drain(begun::countDown);
        drain.begin(Duration.ofMinutes(1), drained::countDown);
        assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();

        drain.cancel();
        jobs.submit(() -> miners.set(0)).get();

        assertThat(keeps).as("times the steps were ended").hasValue(1);
        assertThat(drain.isOn()).isFalse();
        assertThat(jobs.schedule(drained::getCount, 300, TimeUnit.MILLISECONDS).get())
                .as("it would have been over by the next step")
                .isOne();
    }

    private Drain drain(Runnable letGo) {
        return new Drain(
                new Drain.Miners() {
                    @Override
                    public int connected() {
                        return miners.get();
                    }

                    @Override
                    public void letGo(int steps) {
                        letGo.run();
                    }

                    @Override
                    public void keep() {
                        keeps.incrementAndGet();
                    }
                },
                jobs,
                new EventLog());
    }
}
