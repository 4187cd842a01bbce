package adit.payout;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class WindowTest {
    @Test
    void saysWhereItEndedInsideASlice() {
        var report =
                window(Pplns.Cutoff.PARTIAL, slice(1, 90, 90, 400), slice(2, 80, 70, 2_000))
                        .report();

        assertThat(report.crossed()).isEqualTo(new OrderRange(80, 70));
        assertThat(report.oldestOrder()).isEqualTo(70);
        assertThat(report.oldestWeight()).isEqualTo(Rational.of(3, 5));
    }

    @Test
    void saysWhatItLeftOutWhereTheCrossingShareIsExcluded() {
        var report =
                window(Pplns.Cutoff.EXCLUDE, slice(1, 90, 90, 400), slice(2, 80, 70, 2_000))
                        .report();

        assertThat(report.crossed()).isEqualTo(new OrderRange(80, 70));
        assertThat(report.oldestOrder()).isEqualTo(90);
    }

    @Test
    void crossesNothingWhereItEndsBetweenShares() {
        var report =
                window(Pplns.Cutoff.PARTIAL, slice(1, 90, 90, 1_000), slice(2, 80, 80, 1)).report();

        assertThat(report.crossed()).isNull();
        assertThat(report.filledBlocks()).isEqualTo(Rational.ONE);
    }

    @Test
    void takesSlicesOfOneMinuteTogether() {
        var window =
                window(
                        Pplns.Cutoff.PARTIAL,
                        slice(1, 90, 90, 400),
                        slice(2, 80, 70, 300),
                        slice(3, 80, 60, 900));

        assertThat(window.report().crossed()).isEqualTo(new OrderRange(80, 60));
        var weights = window.weights().get(0);
        assertThat(weights).isNotNull();
        assertThat(weights.values().stream().map(w -> new Rational(w, window.filled())))
                .containsExactly(Rational.of(4, 10), Rational.of(15, 100), Rational.of(45, 100));
    }

    @Test
    void readsNoFurtherThanItReaches() {
        var read = new ArrayList<Long>();
        Iterable<WorkSlice> work =
                () ->
                        Stream.iterate(100L, order -> order - 1)
                                .peek(read::add)
                                .map(order -> slice(1, order, order, 300))
                                .iterator();

        var window = Window.of(pplns(Pplns.Cutoff.PARTIAL), work);

        assertThat(window.report().oldestOrder()).isEqualTo(97);
        assertThat(read).hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void refusesWorkOutOfOrder() {
        assertThatThrownBy(() ->
                        window(Pplns.Cutoff.PARTIAL, slice(1, 80, 80, 1), slice(1, 90, 90, 1)))
                .hasMessage("work must come newest first");
    }

    @Test
    void isEmptyWithoutWork() {
        var window = window(Pplns.Cutoff.PARTIAL);

        assertThat(window.isEmpty()).isTrue();
        assertThat(window.report()).isEqualTo(WindowReport.NONE);
    }

    private static Window window(Pplns.Cutoff cutoff, WorkSlice... newestFirst) {
        return Window.of(pplns(cutoff), List.of(newestFirst));
    }

    private static Pplns pplns(Pplns.Cutoff cutoff) {
        return new Pplns(Rational.ONE, cutoff, Pplns.Underfull.NORMALIZE);
    }

    private static WorkSlice slice(long account, long newest, long oldest, long thousandths) {
        return new WorkSlice(
                account,
                0,
                newest,
                oldest,
                BigInteger.valueOf(thousandths).shiftLeft(WorkSlice.UNIT_BITS),
                NetworkDifficulty.of(Rational.of(1_000)),
                312_500_000,
                WorkSlice.OWN_TEMPLATE);
    }
}
