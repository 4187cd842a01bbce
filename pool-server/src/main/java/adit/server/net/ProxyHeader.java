package adit.server.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// The header by which a proxy says for whom it speaks, as far as it has come.
///
/// ```text
/// v1   PROXY TCP4 192.0.2.7 198.51.100.9 56324 3333\r\n        TCP4, TCP6 or UNKNOWN; at most 107 bytes
/// v2   signature 12 · version 4 bits, command 4 · family 4, transport 4 · length 2 · addresses, then extras
/// ```
/// **Spec:** haproxy's `proxy-protocol.txt`. **Limits:** [#MOST_V1_BYTES], [#MOST_V2_BYTES].
sealed interface ProxyHeader {

    /// More has to come.
    record Unfinished() implements ProxyHeader {}

    /// No header, or a wrong one.
    record Malformed() implements ProxyHeader {}

    /// A whole header.
    ///
    /// @param client null where the proxy speaks for itself or does not say
    record Whole(int length, @Nullable InetSocketAddress client) implements ProxyHeader {}

    int MOST_V1_BYTES = 107;

    /// The extras a proxy may add, such as what it knows of the client's TLS, are skipped; this leaves room
    /// for them.
    int MOST_V2_BYTES = 4096;

    static ProxyHeader read(ByteBuf in) {
        if (beginsWith(in, V2.SIGNATURE)) {
            return V2.read(in);
        }
        return beginsWith(in, V1.START) ? V1.read(in) : new Malformed();
    }

    /// Whether `in` is the beginning of `start`, or begins with it.
    private static boolean beginsWith(ByteBuf in, byte[] start) {
        int common = Math.min(in.readableBytes(), start.length);
        return ByteBufUtil.equals(in, in.readerIndex(), Unpooled.wrappedBuffer(start), 0, common);
    }

    /// The header as a line of text.
    final class V1 {
        private static final byte[] START = "PROXY ".getBytes(ISO_8859_1);
        private static final int MOST_PORT = 65_535;

        private V1() {}

        private static ProxyHeader read(ByteBuf in) {
            int readable = Math.min(in.readableBytes(), MOST_V1_BYTES);
            int end = in.indexOf(in.readerIndex(), in.readerIndex() + readable, (byte) '\n');
            if (end < 0) {
                return readable < MOST_V1_BYTES ? new Unfinished() : new Malformed();
            }
            int length = end + 1 - in.readerIndex();
            var line = in.toString(in.readerIndex(), length, ISO_8859_1);
            return line.endsWith("\r\n")
                    ? parse(line.substring(0, length - 2).split(" ", -1), length)
                    : new Malformed();
        }

        private static ProxyHeader parse(String[] words, int length) {
            if (words[1].equals("UNKNOWN")) {
                return new Whole(length, null);
            }
            boolean four = words[1].equals("TCP4");
            if (words.length != 6 || !(four || words[1].equals("TCP6"))) {
                return new Malformed();
            }
            int port = port(words[4]);
            if (!isAddress(words[2], four)
                    || !isAddress(words[3], four)
                    || port < 0
                    || port(words[5]) < 0) {
                return new Malformed();
            }
            return new Whole(
                    length, address(NetUtil.createByteArrayFromIpAddressString(words[2]), port));
        }

        private static boolean isAddress(String text, boolean four) {
            return four
                    ? NetUtil.isValidIpV4Address(text)
                    : NetUtil.isValidIpV6Address(text)
                            && text.chars().allMatch(c -> ":.".indexOf(c) >= 0 || isHex(c));
        }

        private static boolean isHex(int c) {
            return Character.digit(c, 16) >= 0 && c < 0x80;
        }

        private static int port(String text) {
            boolean digits =
                    !text.isEmpty()
                            && text.length() <= 5
                            && text.chars().allMatch(c -> c >= '0' && c <= '9')
                            && (text.length() == 1 || text.charAt(0) != '0');
            int port = digits ? Integer.parseInt(text) : -1;
            return port <= MOST_PORT ? port : -1;
        }
    }

    /// The header as bytes.
    final class V2 {
        private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(ISO_8859_1);
        private static final int FIXED_BYTES = 16;
        private static final int VERSION_2_LOCAL = 0x20;
        private static final int VERSION_2_PROXY = 0x21;
        private static final int UNSPECIFIED = 0x00;
        private static final int TCP_OVER_4 = 0x11;
        private static final int TCP_OVER_6 = 0x21;

        private V2() {}

        private static ProxyHeader read(ByteBuf in) {
            if (in.readableBytes() < FIXED_BYTES) {
                return new Unfinished();
            }
            int start = in.readerIndex();
            int command = in.getUnsignedByte(start + 12);
            int family = in.getUnsignedByte(start + 13);
            int length = FIXED_BYTES + in.getUnsignedShort(start + 14);
            if (length > MOST_V2_BYTES) {
                return new Malformed();
            }
            if (in.readableBytes() < length) {
                return new Unfinished();
            }
            return switch (command) {
                case VERSION_2_LOCAL -> new Whole(length, null);
                case VERSION_2_PROXY -> speaksFor(in, start + FIXED_BYTES, family, length);
                default -> new Malformed();
            };
        }

        private static ProxyHeader speaksFor(ByteBuf in, int at, int family, int length) {
            int bytes =
                    switch (family) {
                        case TCP_OVER_4 -> 4;
                        case TCP_OVER_6 -> 16;
                        default -> 0;
                    };
            if (bytes == 0) {
                return family == UNSPECIFIED ? new Whole(length, null) : new Malformed();
            }
            // Two addresses, two ports.
            if (length - FIXED_BYTES < 2 * bytes + 4) {
                return new Malformed();
            }
            int port = in.getUnsignedShort(at + 2 * bytes);
            return new Whole(length, address(ByteBufUtil.getBytes(in, at, bytes), port));
        }
    }

    private static InetSocketAddress address(byte[] ip, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(ip), port);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalArgumentException(wrongLength);
        }
    }
}
