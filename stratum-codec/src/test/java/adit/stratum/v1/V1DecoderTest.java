package adit.stratum.v1;

import org.junit.jupiter.api.Test;

import adit.stratum.MalformedMessage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

final class V1DecoderTest {
    private final V1Decoder decoder = new V1Decoder();

    @Test
    void readsASubscribeWithItsIdWhereItStands() throws MalformedMessage {
        var line =
                "xx {\"params\": [\"cgminer/4.11.1\"], \"id\": [1, \"a\"] , \"method\": \"mining.subscribe\"}"
                        .getBytes(UTF_8);

        var request = decoder.decode(line, 2, line.length - 2);

        assertThat(request).isInstanceOf(V1Request.Subscribe.class);
        assertThat(new String(line, request.idOffset(), request.idLength(), UTF_8))
                .isEqualTo("[1, \"a\"]");
    }

    @Test
    void readsASubmit() throws MalformedMessage {
        var line =
                "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"bc1q.rig1\",\"00000006f1\",\"0000000000000001\",\"68a5c001\",\"12345678\",\"00002000\"]}"
                        .getBytes(UTF_8);

        var request = decoder.decode(line, 0, line.length);

        assertThat(request)
                .isInstanceOfSatisfying(
                        Submit.class,
                        submit -> {
                            assertThat(submit.jobId()).isEqualTo(0x6f1);
                            assertThat(submit.nonce()).isEqualTo(0x12345678);
                            assertThat(submit.versionBits()).isEqualTo(0x2000);
                        });
    }
}
