package adit.server.config;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class NearestWordTest {
    @Test
    void countsLettersToInsertDropChangeOrSwap() {
        assertThat(NearestWord.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestWord.distance("", "abc")).isEqualTo(3);
        assertThat(NearestWord.distance("abc", "")).isEqualTo(3);
        assertThat(NearestWord.distance("port", "port")).isZero();
        assertThat(NearestWord.distance("prot", "port")).isEqualTo(1);
        assertThat(NearestWord.distance("opr", "port")).isEqualTo(2);
    }

    @Test
    void prefersTheFirstOfTwoEquallyNear() {
        assertThat(NearestWord.to("pat", List.of("port", "part", "path"))).hasValue("part");
    }

    @Test
    void findsNoneWhereHalfOfItWouldBeOtherLetters() {
        assertThat(NearestWord.to("web", List.of("tls", "http"))).isEmpty();
        assertThat(NearestWord.to("host", List.of("port"))).isEmpty();
        assertThat(NearestWord.to("prot", List.of("port"))).hasValue("port");
    }
}
