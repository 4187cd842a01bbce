package adit.server.session.v1;

import java.util.Arrays;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import adit.server.source.CloseReason;

import static org.assertj.core.api.Assertions.assertThat;

final class FarewellTest {

    @Test
    void fitsTheSmallestScreen() {
        var words =
                Stream.concat(
                        Stream.of(Farewell.RESTART, Farewell.NO_WORK, Farewell.NOTHING_RECORDED),
                        Arrays.stream(CloseReason.values()).map(Farewell::of));

        assertThat(words)
                .allSatisfy(text ->
                        assertThat(text)
                                .matches("[ -~]*")
                                .hasSizeLessThanOrEqualTo(Farewell.MOST_CHARS));
    }
}
