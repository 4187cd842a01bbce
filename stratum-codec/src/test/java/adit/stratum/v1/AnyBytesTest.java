package adit.stratum.v1;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import adit.stratum.MalformedMessage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/// Decoders fed with noise and with damaged lines.
final class AnyBytesTest {
    private static final long SEED = 42;
    private static final int CASES = 100_000;

    private final Random random = new Random(SEED);
    private final V1Decoder decoder = new V1Decoder();
    private final V1ServerDecoder serverDecoder = new V1ServerDecoder();

    @Test
    void throwNothingButMalformedMessageOnNoise() {
        int malformed = 0;
        for (int i = 0; i < CASES; i++) {
            var line = new byte[1 + random.nextInt(60)];
            random.nextBytes(line);
            line[0] = '{';
            malformed += isMalformed(line, i) ? 1 : 0;
        }
        assertThat(malformed).as("seed %d", SEED).isGreaterThan(CASES - 100);
    }

    @Test
    void throwNothingButMalformedMessageOnDamagedLines() {
        var lines = lines();
        int malformed = 0;
        for (int i = 0; i < CASES; i++) {
            var line = Mutations.of(random, lines.get(random.nextInt(lines.size())));
            malformed += isMalformed(line, i) ? 1 : 0;
        }
        assertThat(malformed).as("seed %d", SEED).isBetween(CASES / 10, 9 * CASES / 10);
    }

    private boolean isMalformed(byte[] line, int round) {
        boolean isMalformed = false;
        try {
            var request = decoder.decode(line, 0, line.length);
            assertThat(request.idOffset() + request.idLength()).isBetween(0, line.length);
        } catch (MalformedMessage e) {
            isMalformed = true;
        } catch (RuntimeException e) {
            fail("seed " + SEED + ", round " + round + ": " + new String(line, ISO_8859_1), e);
        }
        try {
            serverDecoder.decode(line, 0, line.length);
        } catch (MalformedMessage e) {
            return isMalformed;
        } catch (RuntimeException e) {
            fail("seed " + SEED + ", round " + round + ": " + new String(line, ISO_8859_1), e);
        }
        return isMalformed;
    }

    private static List<String> lines() {
        var lines = new ArrayList<String>();
        Vectors.sv1("client_lines").forEach(v -> lines.add(v.get("line").asString()));
        Vectors.sv1("gbt_to_notify")
                .forEach(v ->
                        lines.add(
                                "{\"id\":null,\"method\":\"mining.notify\",\"params\":"
                                        + v.get("notify_params")
                                        + "}"));
        for (var input : Vectors.badInputs()) {
            boolean isPlain = input.get("enc").asString().equals("utf8");
            if (isPlain && input.get("input").asString().length() < 400) {
                lines.add(input.get("input").asString());
            }
        }
        lines.add(
                "{\"id\":3,\"result\":[[[\"mining.notify\",\"ab\"]],\"00000001\",8],\"error\":null}");
        lines.add("{\"id\":3,\"result\":null,\"error\":[21,\"Job not found\",null]}");
        lines.add("{\"id\":null,\"method\":\"client.reconnect\",\"params\":[\"a.b\",3333,5]}");
        return lines;
    }
}
