package adit.stratum.v1;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// Our reading of UTF-8 beside the JDK's strict one.
final class Utf8Test {
    private static final long SEED = 3;
    private static final int[] EDGES = {
        0x20, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0x9f, 0xa0, 0xed, 0xef, 0xf0, 0x8f,
        0x90, 0xf4, 0xf5, 0xff
    };

    private final Random random = new Random(SEED);

    @Test
    void agreesWithTheJdkOnWhatIsText() {
        int texts = 0;
        for (int i = 0; i < 200_000; i++) {
            var bytes = new byte[1 + random.nextInt(5)];
            for (int k = 0; k < bytes.length; k++) {
                bytes[k] = (byte) EDGES[random.nextInt(EDGES.length)];
            }
            boolean isText = isText(bytes);
            texts += isText ? 1 : 0;

            assertThat(Utf8.isText(bytes, 0, bytes.length))
                    .as("seed %d: %s", SEED, Arrays.toString(bytes))
                    .isEqualTo(isText);
        }
        assertThat(texts).isGreaterThan(1_000);
    }

    @Test
    void takesNoControlCharactersButBlanks() {
        for (byte c = 0; c < 0x20; c++) {
            assertThat(Utf8.isText(new byte[] {c}, 0, 1))
                    .isEqualTo(c == '\t' || c == '\n' || c == '\r');
        }
    }

    @Test
    void writesWhatTheJdkWrites() {
        var target = new byte[64];
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int k = random.nextInt(8); k > 0; k--) {
                int point = random.nextInt(Character.MAX_CODE_POINT + 1);
                text.appendCodePoint(point >= 0xd800 && point <= 0xdfff ? 0x7ff : point);
            }

            int length = Utf8.encode(text.toString(), target);

            assertThat(Arrays.copyOf(target, length)).isEqualTo(text.toString().getBytes(UTF_8));
        }
    }

    @Test
    void writesNoHalvesAndNothingThatDoesNotFit() {
        assertThat(Utf8.encode("a\ud800", new byte[8])).isEqualTo(-1);
        assertThat(Utf8.encode("\udc00\ud800", new byte[8])).isEqualTo(-1);
        assertThat(Utf8.encode("ab", new byte[1])).isEqualTo(-1);
        assertThat(Utf8.encode("\u20ac", new byte[2])).isEqualTo(-1);
        assertThat(Utf8.encode("\u20ac", new byte[3])).isEqualTo(3);
    }

    private static boolean isText(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
