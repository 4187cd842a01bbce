package adit.miner;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

final class GrinderTest {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long HARD_UNITS = 1L << 60;

    private final List<Submission> found = new ArrayList<>();
    private long now;
    private int room = Integer.MAX_VALUE;

    @Test
    void holdsItsRate() {
        var grinder = new Grinder(5_000, Grinder.NONCE_BITS, () -> now);
        grinder.workOn(work(1, HARD_UNITS), finds());

        while (now < 20 * SECOND_NANOS) {
            now += grinder.runOnce();
        }

        assertThat(grinder.hashes()).isCloseTo(100_000, within(500L));
    }

    @Test
    void restsWithoutWork() {
        var grinder = new Grinder(0, Grinder.NONCE_BITS, () -> now);

        assertThat(grinder.runOnce()).isEqualTo(Grinder.IDLE_NANOS);
        grinder.workOn(work(1, HARD_UNITS), finds());
        assertThat(grinder.runOnce()).isZero();
        grinder.idle();
        assertThat(grinder.runOnce()).isEqualTo(Grinder.IDLE_NANOS);
        assertThat(grinder.hashes()).isEqualTo(Pace.UNLIMITED_BURST);
    }

    @Test
    void takesUpNewWork() {
        var grinder = new Grinder(0, Grinder.NONCE_BITS, () -> now);
        grinder.workOn(work(1, 64), finds());
        grinder.runOnce();
        int before = found.size();
        grinder.workOn(work(2, 64), finds());
        grinder.runOnce();

        assertThat(found.subList(0, before)).isNotEmpty().allMatch(s -> s.jobId() == 1);
        assertThat(found.subList(before, found.size())).isNotEmpty().allMatch(s -> s.jobId() == 2);
    }

    @Test
    void restsWhenItsFindsAreNotTaken() {
        room = 3;
        var grinder = new Grinder(0, Grinder.NONCE_BITS, () -> now);
        grinder.workOn(work(1, 1), finds());

        assertThat(grinder.runOnce()).isEqualTo(Pace.SLOT_NANOS);
        assertThat(found).hasSize(3);
        assertThat(grinder.hashes()).isEqualTo(3);
    }

    private static Work work(long jobId, long difficultyUnits) {
        return Work.of(Jobs.job(jobId, true), new byte[4], 8, 0, difficultyUnits, 5);
    }

    private Finds finds() {
        return new Finds() {
            @Override
            public boolean hasRoom() {
                return found.size() < room;
            }

            @Override
            public void found(Work work, Submission submission) {
                found.add(submission);
            }
        };
    }
}
