package adit.stratum.v1;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

final class JsonOutTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 23, 100, 65_535, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void writesANumberAsJavaDoes(long number) {
        var out = Unpooled.buffer();
        JsonOut.number(out, number);
        assertThat(out.toString(US_ASCII)).isEqualTo(Long.toString(number));
    }
}
