package adit.server.trace;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

final class TraceLineTest {

    @Test
    void showsALineAsItWasSent() {
        var line = "{\"id\": 4,  \"method\":\"mining.submit\",\"params\":[\"a.b\",\"1\"]}";
        assertThat(fromMiner(line)).isEqualTo(line);
    }

    @Test
    void masksThePasswordOfALogin() {
        assertThat(
                        fromMiner(
                                "{\"id\":1,\"method\":\"mining.authorize\",\"params\":[\"a.b\",\"s3cret\"]}"))
                .isEqualTo(
                        "{\"id\":1,\"method\":\"mining.authorize\",\"params\":[\"a.b\",\"***\"]}");
        assertThat(
                        fromMiner(
                                "{\"params\": [ \"a.b\" , \"s3cret\" , 3 ],\"method\":\"mining.authorize\"}"))
                .isEqualTo("{\"params\": [ \"a.b\" , \"***\" ],\"method\":\"mining.authorize\"}");
    }

    @Test
    void masksAPasswordHoweverItIsDisguised() {
        assertThat(
                        fromMiner(
                                "{\"method\":\"mining.\\u0061uthorize\",\"params\":[\"a\",\"s3cret\"]}"))
                .doesNotContain("s3cret");
        assertThat(fromMiner("{\"method\":\"mining.authorize\",\"params\":[\"a\",\"s3\\\"cret\"]}"))
                .doesNotContain("cret");
        assertThat(fromMiner("{\"method\":\"mining.authorize\",\"params\":[\"a\",[\"s3cret\"]]}"))
                .doesNotContain("s3cret");
        assertThat(fromMiner("{\"method\":\"mining.authorize\",\"params\":{\"p\":\"s3cret\"}}"))
                .doesNotContain("s3cret");
        assertThat(fromMiner("{\"method\":\"mining.authorize\",\"params\":[\"a\",\"s3cret\""))
                .doesNotContain("s3cret");
        assertThat(fromMiner("[\"mining.authorize\",\"s3cret\"]")).doesNotContain("s3cret");
    }

    @Test
    void lacksNothingWhereALoginHasNoPassword() {
        var line = "{\"id\":1,\"method\":\"mining.authorize\",\"params\":[\"a.b\"]}";
        assertThat(fromMiner(line)).isEqualTo(line);
    }

    @Test
    void writesNothingATerminalWouldObey() {
        assertThat(fromMiner("{\"x\":\"\u001b[2J\u2028é\"}\r"))
                .isEqualTo("{\"x\":\"\\x1b[2J\\xe2\\x80\\xa8\\xc3\\xa9\"}\\x0d");
        assertThat(TraceLine.shown(new byte[] {0, (byte) 0xff}, false)).isEqualTo("\\x00\\xff");
    }

    private static String fromMiner(String line) {
        return TraceLine.shown(line.getBytes(UTF_8), true);
    }
}
