package adit.server.source;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import adit.server.config.Limits;
import adit.server.source.LoadLadder.Load;

import static org.assertj.core.api.Assertions.assertThat;

final class LoadLadderTest {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;
    private static final Load IDLE = new Load(0, 0, 0, 0, 0, true);

    private long now = Long.MAX_VALUE - 3 * SECOND;
    private final LoadLadder ladder = new LoadLadder(now);

    @ParameterizedTest
    @CsvSource({
        "25, 20, 20, 85, 90, NORMAL",
        "26, 0, 0, 0, 0, EASED",
        "0, 21, 0, 0, 0, EASED",
        "0, 0, 21, 0, 0, EASED",
        "50, 21, 100, 0, 0, EASED",
        "0, 0, 101, 0, 0, SELECTIVE",
        "51, 0, 0, 0, 0, SELECTIVE",
        "75, 1000, 1000, 85, 90, SELECTIVE",
        "76, 0, 0, 0, 0, CLOSED",
        "0, 0, 0, 86, 0, CLOSED",
        "0, 0, 0, 0, 91, CLOSED",
    })
    void standsWhereItsWorstMeasureAsks(
            int ring, long commit, long loop, int memory, int files, LoadLevel level) {
        // The lowest count of records that makes so many whole percent.
        int records = (int) ((ring * (long) Limits.RECORDS_IN_FLIGHT + 99) / 100);
        var load = new Load(records, commit * MILLI, loop * MILLI, memory, files, true);

        assertThat(ladder.measured(load, now)).isEqualTo(level);
        assertThat(ladder.level()).isEqualTo(level);
        assertThat(ladder.isClosed()).isEqualTo(level == LoadLevel.CLOSED);
    }

    @Test
    void stopsWhenNothingCanBeMadeDurable() {
        assertThat(ladder.measured(new Load(0, 0, 0, 0, 0, false), now))
                .isEqualTo(LoadLevel.STOPPED);
    }

    @Test
    void saysWhatWasMeasuredInWords() {
        assertThat(new Load(12, 3 * MILLI, 21 * MILLI, 40, 2, false))
                .hasToString(
                        "12 records in flight, a commit 3 ms, a loop 21 ms late, memory 40 %, open files 2 %,"
                                + " the journal cannot be written");
    }

    @Test
    void risesAtOnceAndFallsStepByStepTwoSecondsAfterTheLastThatAsked() {
        var closed = new Load(Limits.RECORDS_IN_FLIGHT, 0, 0, 0, 0, true);
        var eased = new Load(0, 30 * MILLI, 0, 0, 0, true);
        assertThat(ladder.measured(closed, now)).isEqualTo(LoadLevel.CLOSED);
        assertThat(after(SECOND, eased)).isEqualTo(LoadLevel.CLOSED);
        assertThat(after(SECOND - 1, IDLE)).isEqualTo(LoadLevel.CLOSED);

        assertThat(after(1, IDLE)).isEqualTo(LoadLevel.EASED);
        assertThat(after(SECOND - 1, IDLE)).isEqualTo(LoadLevel.EASED);
        assertThat(after(1, IDLE)).isEqualTo(LoadLevel.NORMAL);
    }

    @Test
    void doesNotFlapWhileOneMeasurementInTwentyAsks() {
        for (int i = 0; i < 200; i++) {
            var load = i % 20 == 0 ? new Load(0, 0, 30 * MILLI, 0, 0, true) : IDLE;
            assertThat(after(100 * MILLI, load)).isEqualTo(LoadLevel.EASED);
        }
    }

    private LoadLevel after(long nanos, Load load) {
        now += nanos;
        return ladder.measured(load, now);
    }
}
