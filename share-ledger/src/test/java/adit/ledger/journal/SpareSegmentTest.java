package adit.ledger.journal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// The next segment grows while the one before is used, and is whole when it is needed.
final class SpareSegmentTest {

    private static final int SEGMENT_BYTES = 1 << 16;
    private static final int STEP_BYTES = SEGMENT_BYTES / 16;
    private static final String NAME = SpareSegment.fileName(7, 3);

    private final FaultyStorage storage = new FaultyStorage();
    private final ArrayDeque<Runnable> steps = new ArrayDeque<>();
    private final SpareSegment spare =
            new SpareSegment(storage, Samples.settings(SEGMENT_BYTES), 3, steps::add);

    @Test
    void isFilledAsFastAgainAsTheOneBeforeIsUsed() throws Exception {
        spare.used(STEP_BYTES / 2 - 1);
        assertThat(steps).as("not for every few bytes").isEmpty();

        spare.used(1);
        runSteps();
        assertThat(storage.content(NAME)).hasSize(STEP_BYTES).containsOnly(0);

        spare.used(SEGMENT_BYTES / 4);
        runSteps();
        assertThat(storage.content(NAME)).hasSize(STEP_BYTES + SEGMENT_BYTES / 2);

        spare.used(SEGMENT_BYTES);
        runSteps();
        assertThat(storage.content(NAME)).as("and no longer").hasSize(SEGMENT_BYTES);
    }

    @Test
    void isFilledStepByStepAndNobodyWaits() {
        spare.used(STEP_BYTES);
        spare.used(STEP_BYTES);
        spare.used(STEP_BYTES);
        assertThat(steps).as("one at a time").hasSize(1);

        runSteps();
        spare.used(0);
        runSteps();

        assertThat(storage.content(NAME)).as("what was due meanwhile").hasSize(6 * STEP_BYTES);
    }

    @Test
    void isWholeAndDurableWhenItIsTaken() throws Exception {
        spare.used(STEP_BYTES);
        runSteps();

        var file = spare.take();

        assertThat(storage.content(NAME)).hasSize(SEGMENT_BYTES).containsOnly(0);
        assertThat(storage.afterKill().content(NAME)).hasSize(SEGMENT_BYTES);
        file.close();
    }

    @Test
    void waitsForTheStepThatRunsWhenItIsTaken() throws Exception {
        spare.used(STEP_BYTES);
        var taken =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return spare.take();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
        assertThat(taken).isNotDone();

        runSteps();

        taken.join().close();
        assertThat(storage.content(NAME)).hasSize(SEGMENT_BYTES);
    }

    @Test
    void isBegunAnewWhereAStepHasFailed() throws Exception {
        spare.used(STEP_BYTES);
        runSteps();
        storage.failing(FaultyStorage.Fault.EIO, 1);
        spare.used(STEP_BYTES);
        runSteps();
        spare.used(STEP_BYTES);
        assertThat(steps).as("nothing more is written behind a failure").isEmpty();

        var file = spare.take();
        WholeWrite.to(file, ByteBuffer.wrap(new byte[] {1}), 0);

        assertThat(storage.content(NAME)).hasSize(SEGMENT_BYTES);
        assertThat(storage.content(NAME)[0]).as("the file that has the name").isEqualTo((byte) 1);
        file.close();
    }

    @Test
    void leavesNothingBehindWhenItIsClosed() throws Exception {
        spare.used(STEP_BYTES);
        runSteps();

        spare.close();

        assertThat(storage.list()).doesNotContain(NAME);
    }

    private void runSteps() {
        while (!steps.isEmpty()) {
            steps.remove().run();
        }
    }
}
