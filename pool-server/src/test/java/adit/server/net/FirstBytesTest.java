package adit.server.net;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

final class FirstBytesTest {

    @Test
    void knowsStratumByItsFirstByte() {
        for (var start : new String[] {"{", " ", "\t{", "\r\n", "\n"}) {
            assertThat(of(start)).isEqualTo(FirstBytes.STRATUM_V1);
        }
    }

    @Test
    void knowsTlsByItsFirstByte() {
        assertThat(of("\u0016")).isEqualTo(FirstBytes.TLS);
        assertThat(of("\u0016\u0003\u0001")).isEqualTo(FirstBytes.TLS);
    }

    @Test
    void waitsForTheEndOfARequestInWhateverPiecesItComes() {
        var request = "GET / HTTP/1.1\r\nHost: pool\r\n\r\n";
        for (int length = 1; length < request.length(); length++) {
            assertThat(of(request.substring(0, length))).isEqualTo(FirstBytes.UNFINISHED);
        }
        assertThat(of(request)).isEqualTo(FirstBytes.HTTP);
        assertThat(of("POST / HTTP/1.0\nA: b\n\nbody")).isEqualTo(FirstBytes.HTTP);
    }

    @Test
    void readsOfARequestNoMoreThanEightKilobytes() {
        assertThat(of("GET /" + "x".repeat(8187))).isEqualTo(FirstBytes.UNFINISHED);
        assertThat(of("GET /" + "x".repeat(8188))).isEqualTo(FirstBytes.HTTP);
    }

    @Test
    void refusesEverythingElseAtOnce() {
        for (var start :
                new String[] {"\0", "SSH-2.0", "PROXY TCP4", "PRI * HTTP/2.0", "[", "GOT "}) {
            assertThat(of(start)).as(start).isEqualTo(FirstBytes.OTHER);
        }
    }

    private static FirstBytes of(String start) {
        return FirstBytes.of(Unpooled.wrappedBuffer(start.getBytes(ISO_8859_1)));
    }
}
