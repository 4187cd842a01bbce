package adit.stratum.v1;

import io.netty.buffer.ByteBuf;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// The few pieces of JSON that our lines are made of, written straight into a buffer.
final class JsonOut {
    private static final byte[] NULL = "null".getBytes(US_ASCII);

    private JsonOut() {}

    static void ascii(ByteBuf out, String text) {
        out.writeCharSequence(text, US_ASCII);
    }

    /// An id as it was sent, `null` where it has no length.
    static void id(ByteBuf out, byte[] line, int offset, int length) {
        if (length == 0) {
            out.writeBytes(NULL);
        } else {
            out.writeBytes(line, offset, length);
        }
    }

    /// A string with its quotes. All but printable ASCII is escaped, which the plainest firmware survives.
    static void string(ByteBuf out, String text) {
        out.writeByte('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                ascii(out, "\\u");
                V1Hex.putNumber(out, c, 4);
            } else {
                if (c == '"' || c == '\\') {
                    out.writeByte('\\');
                }
                out.writeByte(c);
            }
        }
        out.writeByte('"');
    }

    /// Digit by digit, because each refused share has one: a string of them would be garbage.
    static void number(ByteBuf out, long value) {
        if (value < 0) {
            ascii(out, Long.toString(value));
            return;
        }
        if (value >= 10) {
            number(out, value / 10);
        }
        out.writeByte((int) ('0' + value % 10));
    }

    /// Hex bytes with their quotes.
    static void hex(ByteBuf out, byte[] bytes) {
        out.writeByte('"');
        V1Hex.put(out, bytes);
        out.writeByte('"');
    }

    /// A header field as 8 digits with their quotes.
    static void hex8(ByteBuf out, int value) {
        out.writeByte('"');
        V1Hex.putNumber(out, value & 0xffff_ffffL, 8);
        out.writeByte('"');
    }
}
