package adit.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import adit.server.job.SampleJobs;
import adit.server.metrics.EventLog;

import static org.assertj.core.api.Assertions.assertThat;

final class LetGoTest {

    private static final int PATIENCE_SECONDS = 120;

    private final List<String> done = new ArrayList<>();
    private int miners = 3_000;
    private boolean isWelcome = true;
    private long nanos;
    private final LetGo letGo =
            new LetGo(
                    Duration.ofSeconds(PATIENCE_SECONDS),
                    new LetGo.Doors() {
                        @Override
                        public void close() {
                            done.add("close");
                        }

                        @Override
                        public boolean open() {
                            done.add(isWelcome ? "open" : "stay closed");
                            return isWelcome;
                        }

                        @Override
                        public void letGo(long oneIn) {
                            miners -= Math.ceilDiv(miners, (int) oneIn);
                        }
                    },
                    () -> miners,
                    new EventLog(),
                    () -> nanos);

    @Test
    void keepsTheLastJobUntilPatienceIsOver() {
        work();
        letGo.workEnds();
        pass(PATIENCE_SECONDS - 1);

        assertThat(letGo.keepsLastJob()).isTrue();
        assertThat(done).isEmpty();
        pass(1);
        assertThat(letGo.keepsLastJob()).isFalse();
        assertThat(done).containsExactly("close");
    }

    @Test
    void letsMinersGoEvenlyInHalfAMinute() {
        work();
        letGo.workEnds();
        pass(PATIENCE_SECONDS);
        assertThat(miners).isEqualTo(2_900);

        pass(14);
        assertThat(miners).isEqualTo(1_500);
        pass(15);
        assertThat(miners).isZero();
        assertThat(done).containsExactly("close");
    }

    @Test
    void opensThePortsAndKeepsWhoIsLeftWhenThereIsWorkAgain() {
        work();
        letGo.workEnds();
        pass(PATIENCE_SECONDS + 9);
        work();
        pass(1_000);

        assertThat(done).containsExactly("close", "open");
        assertThat(miners).isEqualTo(2_000);
    }

    @Test
    void opensThePortsOnceSomebodyIsWelcome() {
        work();
        letGo.workEnds();
        pass(PATIENCE_SECONDS);
        isWelcome = false;
        work();
        assertThat(done).containsExactly("close", "stay closed");

        isWelcome = true;
        pass(2);

        assertThat(done).containsExactly("close", "stay closed", "open");
        assertThat(miners).as("who was there when work came back").isEqualTo(2_900);
    }

    @Test
    void countsFromTheStartWhereThereNeverWasWork() {
        pass(PATIENCE_SECONDS);

        assertThat(done).containsExactly("close");
        work();
        assertThat(done).containsExactly("close", "open");
    }

    @Test
    void countsAnewWhenWorkWasBackForAMoment() {
        work();
        letGo.workEnds();
        pass(PATIENCE_SECONDS - 1);
        work();
        letGo.workEnds();
        letGo.workEnds();
        pass(PATIENCE_SECONDS - 1);

        assertThat(done).isEmpty();
    }

    private void work() {
        letGo.announce(SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.HARD), false, 0, () -> {});
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            nanos += 1_000_000_000;
            letGo.tick();
        }
    }
}
