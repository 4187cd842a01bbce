package adit.server.net;

import java.util.HexFormat;
import java.util.Random;

import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import adit.server.account.Vectors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

final class ProxyHeaderTest {

    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

    @Test
    void readsTheVectorsAndWaitsForTheirEnd() {
        var vectors = Vectors.sv1("proxy_protocol");
        assertThat(vectors).hasSize(6);
        for (var vector : vectors) {
            var bytes = HexFormat.of().parseHex(vector.get("hex").asString());
            for (int length = 1; length < bytes.length; length++) {
                assertThat(read(bytes, length)).isEqualTo(new ProxyHeader.Unfinished());
            }
            var whole = (ProxyHeader.Whole) read(bytes, bytes.length);
            assertThat(whole.length()).isEqualTo(bytes.length);
            assertThat(shown(whole)).isEqualTo(shown(vector.get("src")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "{",
                "PROXY TCP4 192.0.2.7 198.51.100.9 56324 3333\n",
                "PROXY TCP4 192.0.2.7 198.51.100.9 56324\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.9 56324 3333 1\r\n",
                "PROXY TCP4  198.51.100.9 56324 3333\r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.9 56324 3333\r\n",
                "PROXY TCP4 example.org 198.51.100.9 56324 3333\r\n",
                "PROXY TCP4 ::1 198.51.100.9 56324 3333\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.9 65536 3333\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.9 056 3333\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.9 -1 3333\r\n",
                "PROXY TCP6 192.0.2.7 198.51.100.9 56324 3333\r\n",
                "PROXY TCP6 fe80::1%eth0 ::1 56324 3333\r\n",
                "PROXY UDP4 192.0.2.7 198.51.100.9 56324 3333\r\n",
                "PROXY \r\n",
                SIGNATURE + "\021\021\0\0",
                SIGNATURE + "\042\021\0\0",
                SIGNATURE + "\041\021\0\013aaaabbbbppq",
                SIGNATURE + "\041\022\0\014aaaabbbbppqq",
                SIGNATURE + "\041\061\0\0",
                SIGNATURE + "\041\021\377\377",
            })
    void refusesWhatIsNoHeader(String text) {
        var bytes = text.getBytes(ISO_8859_1);
        assertThat(read(bytes, bytes.length)).isEqualTo(new ProxyHeader.Malformed());
    }

    @Test
    void readsOfALineNoMoreThanItMayHave() {
        var line = "PROXY UNKNOWN " + "f".repeat(91);
        assertThat(read(line)).isEqualTo(new ProxyHeader.Unfinished());
        assertThat(read(line + "\r\n")).isEqualTo(new ProxyHeader.Whole(107, null));
        assertThat(read(line + "f\r\n")).isEqualTo(new ProxyHeader.Malformed());
    }

    @Test
    void skipsWhatAProxyAddsUpToItsLimit() {
        int extras = ProxyHeader.MOST_V2_BYTES - 16 - 12;
        assertThat(v2(extras)).isInstanceOf(ProxyHeader.Whole.class);
        assertThat(v2(extras + 1)).isEqualTo(new ProxyHeader.Malformed());
    }

    @Test
    void survivesAnyBytes() {
        long seed = 5;
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            var bytes = new byte[1 + random.nextInt(60)];
            random.nextBytes(bytes);
            var start = (random.nextBoolean() ? SIGNATURE : "PROXY ").getBytes(ISO_8859_1);
            System.arraycopy(start, 0, bytes, 0, Math.min(start.length, bytes.length));
            assertThat(read(bytes, bytes.length)).as("seed %d", seed).isNotNull();
        }
    }

    private static ProxyHeader v2(int extras) {
        int length = 12 + extras;
        return read(
                SIGNATURE
                        + "\041\021"
                        + (char) (length >> 8)
                        + (char) (length & 0xff)
                        + "aaaabbbbppqq"
                        + "x".repeat(extras));
    }

    private static ProxyHeader read(String text) {
        var bytes = text.getBytes(ISO_8859_1);
        return read(bytes, bytes.length);
    }

    private static ProxyHeader read(byte[] bytes, int length) {
        return ProxyHeader.read(Unpooled.wrappedBuffer(bytes, 0, length));
    }

    private static String shown(JsonNode source) {
        return source.isNull() ? "nobody" : source.asString();
    }

    private static String shown(ProxyHeader.Whole header) {
        return header.client() == null ? "nobody" : NetUtil.toSocketAddressString(header.client());
    }
}
