package adit.stratum.v1;

import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

final class V1EncoderTest {
    private static final byte[] PREFIX = HexFormat.of().parseHex("f000000d");

    @Test
    void echoesTheIdByteForByte() {
        var line = "{\"id\": [1, \"\\u0061\"] }".getBytes(UTF_8);

        assertThat(Lines.written(out -> V1Encoder.resultTrue(out, line, 7, 13)))
                .isEqualTo("{\"id\":[1, \"\\u0061\"],\"result\":true,\"error\":null}\n");
        assertThat(Lines.written(out -> V1Encoder.resultTrue(out, line, 0, 0)))
                .isEqualTo("{\"id\":null,\"result\":true,\"error\":null}\n");
    }

    @Test
    void writesErrorsOfExactlyThreeElements() {
        assertThat(
                        Lines.written(out ->
                                V1Encoder.error(
                                        out,
                                        Lines.ID,
                                        6,
                                        1,
                                        V1Error.LOW_DIFFICULTY,
                                        V1Error.LOW_DIFFICULTY.text())))
                .isEqualTo(
                        "{\"id\":7,\"result\":null,\"error\":[23,\"Low difficulty share\",null]}\n");
        assertThat(
                        Lines.written(out ->
                                V1Encoder.refused(
                                        out,
                                        Lines.ID,
                                        6,
                                        1,
                                        V1Error.UNAUTHORIZED,
                                        "Unauthorized worker")))
                .isEqualTo(
                        "{\"id\":7,\"result\":false,\"error\":[24,\"Unauthorized worker\",null]}\n");
    }

    @Test
    void escapesAllButPrintableAscii() {
        assertThat(Lines.written(out -> V1Encoder.showMessage(out, "a\"b\\c\n\u00e9\ud83d\ude00<")))
                .isEqualTo(
                        "{\"id\":null,\"method\":\"client.show_message\",\"params\":"
                                + "[\"a\\\"b\\\\c\\u000a\\u00e9\\ud83d\\ude00<\"]}\n");
    }

    @Test
    void writesTheOtherAnswers() {
        assertThat(
                        Lines.written(out ->
                                V1Encoder.subscribeResult(
                                        out, Lines.ID, 6, 1, "f000000d", PREFIX, 8)))
                .isEqualTo(
                        "{\"id\":7,\"result\":[[[\"mining.set_difficulty\",\"f000000d\"],"
                                + "[\"mining.notify\",\"f000000d\"]],\"f000000d\",8],\"error\":null}\n");
        assertThat(Lines.written(out -> V1Encoder.resultStrings(out, Lines.ID, 6, 1, List.of())))
                .isEqualTo("{\"id\":7,\"result\":[],\"error\":null}\n");
        assertThat(
                        Lines.written(out ->
                                V1Encoder.resultStrings(out, Lines.ID, 6, 1, List.of("a", "b"))))
                .isEqualTo("{\"id\":7,\"result\":[\"a\",\"b\"],\"error\":null}\n");
        assertThat(Lines.written(out -> V1Encoder.resultPong(out, Lines.ID, 6, 1)))
                .isEqualTo("{\"id\":7,\"result\":\"pong\",\"error\":null}\n");
    }

    @Test
    void writesNotifications() {
        assertThat(Lines.written(out -> V1Encoder.setDifficulty(out, "65536")))
                .isEqualTo(notification("mining.set_difficulty", "65536"));
        assertThat(Lines.written(out -> V1Encoder.setVersionMask(out, 0x1fffe000)))
                .isEqualTo(notification("mining.set_version_mask", "\"1fffe000\""));
        assertThat(Lines.written(V1Encoder::reconnect))
                .isEqualTo(notification("client.reconnect", ""));
        assertThat(Lines.written(out -> V1Encoder.reconnect(out, "pool.example", 3333, 5)))
                .isEqualTo(notification("client.reconnect", "\"pool.example\",3333,5"));
    }

    @Test
    void writesCalls() {
        assertThat(Lines.written(out -> V1Encoder.getVersion(out, 42)))
                .isEqualTo("{\"id\":42,\"method\":\"client.get_version\",\"params\":[]}\n");
        assertThat(Lines.written(out -> V1Encoder.ping(out, Long.MAX_VALUE)))
                .isEqualTo(
                        "{\"id\":9223372036854775807,\"method\":\"mining.ping\",\"params\":[]}\n");
    }

    private static String notification(String method, String params) {
        return "{\"id\":null,\"method\":\"" + method + "\",\"params\":[" + params + "]}\n";
    }
}
