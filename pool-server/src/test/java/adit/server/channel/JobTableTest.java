package adit.server.channel;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import adit.pow.Target;

import static org.assertj.core.api.Assertions.assertThat;

@NullUnmarked // a test fails on null by itself
final class JobTableTest {

    private final JobTable table = new JobTable();

    @Test
    void keepsSixteenJobsOfThisTip() {
        for (int number = 1; number <= 17; number++) {
            table.add(sent(number, 0));
        }

        assertThat(table.active(wire(1, 0))).isNull();
        assertThat(table.active(wire(2, 0))).isNotNull();
        assertThat(table.active(wire(17, 0))).isNotNull();
        assertThat(table.past(wire(17, 0))).isNull();
    }

    @Test
    void tellsReissuesApart() {
        table.add(sent(1, 0));
        table.add(sent(1, 1));

        assertThat(table.active(wire(1, 0)).reissue()).isZero();
        assertThat(table.active(wire(1, 1)).reissue()).isOne();
        assertThat(table.active(wire(1, 2))).isNull();
    }

    @Test
    void keepsTheJobsOfTheTipBeforeApart() {
        table.add(sent(1, 0));
        table.turnTip();
        table.add(sent(2, 0));

        assertThat(table.active(wire(1, 0))).isNull();
        assertThat(table.past(wire(1, 0))).isNotNull();
        assertThat(table.active(wire(2, 0))).isNotNull();
    }

    @Test
    void forgetsWhatWasStaleBefore() {
        table.add(sent(1, 0));
        table.turnTip();
        table.add(sent(2, 0));
        table.turnTip();

        assertThat(table.past(wire(1, 0))).isNull();
        assertThat(table.past(wire(2, 0))).isNotNull();
    }

    @Test
    void knowsTheLatestAlsoAfterATurn() {
        assertThat(table.latest()).isNull();
        var sent = sent(3, 0);
        table.add(sent);
        table.turnTip();

        assertThat(table.latest()).isSameAs(sent);
    }

    private static SentJob sent(long number, int reissue) {
        return new SentJob(ChannelRig.job(number), reissue, 1, Target.ANY);
    }

    private static long wire(long number, int reissue) {
        return number << 8 | reissue;
    }
}
