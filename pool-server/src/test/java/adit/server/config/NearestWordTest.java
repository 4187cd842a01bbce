package adit.server.config;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class NearestWordTest {
    @Test
    void countsLettersToInsertDropOrChange() {
        assertThat(NearestWord.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestWord.distance("", "abc")).isEqualTo(3);
        assertThat(NearestWord.distance("abc", "")).isEqualTo(3);
        assertThat(NearestWord.distance("port", "port")).isZero();
    }

    @Test
    void prefersTheFirstOfTwoEquallyNear() {
        assertThat(NearestWord.to("pat", List.of("port", "part", "path"))).hasValue("part");
    }

    @Test
    void findsNoneWhereMoreThanHalfOfItWouldBeOtherLetters() {
        assertThat(NearestWord.to("web", List.of("tls", "http"))).isEmpty();
    }
}
