package adit.server.job;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class ToldTipTest {

    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(ToldTip.LONGEST_MILLIS);

    private final ToldTip tip = new ToldTip();

    @Test
    void waitsForTheLastTellerButNotForEver() throws InterruptedException {
        tip.begin(SampleJobs.TIP_A, 2);
        tip.told(SampleJobs.TIP_A);
        long begun = System.nanoTime();
        tip.await(SampleJobs.TIP_A, 2);

        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(LONGEST_NANOS);
    }

    @Test
    void whoCameBeforeTheTellingGoesOnWhenTheLastHasTold() throws InterruptedException {
        var waiter = Thread.ofVirtual().start(this::awaitTipA);
        tip.begin(SampleJobs.TIP_A, 1);
        tip.told(SampleJobs.TIP_A);
        waiter.join();

        assertThat(tip.isTold(SampleJobs.TIP_A)).isTrue();
    }

    @Test
    void isNotDeceivedByTellersOfAnotherTip() {
        tip.begin(SampleJobs.TIP_A, 1);
        tip.begin(SampleJobs.TIP_B, 1);
        tip.told(SampleJobs.TIP_A);
        assertThat(tip.isTold(SampleJobs.TIP_B)).isFalse();

        tip.told(SampleJobs.TIP_B);
        assertThat(tip.isTold(SampleJobs.TIP_B)).isTrue();
    }

    private void awaitTipA() {
        try {
            tip.await(SampleJobs.TIP_A, 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
