package adit.node;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.Locale;

/// The status and body of one HTTP/1.x answer; the body is read as it arrives.
///
/// All three framings are understood: a length, chunks, and "until I close" (btcd). A body that ends early is an
/// [EOFException] where the framing can tell, and half a JSON text where it cannot.
///
/// **Limits:** head 16 KiB, body [RpcHttp#MAX_ANSWER_BYTES].
record HttpAnswer(int status, InputStream body) {
    private static final int MAX_HEAD_BYTES = 16 * 1024;

    static HttpAnswer read(InputStream in) throws IOException {
        var head = new Head(in);
        var first = head.line();
        if (!first.startsWith("HTTP/1.") || first.length() < 12) {
            throw new ProtocolException("this is not an HTTP server");
        }
        int status = number(first.substring(9, 12), 10);
        long length = Long.MAX_VALUE;
        boolean chunked = false;
        for (var line = head.line(); !line.isEmpty(); line = head.line()) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                throw new ProtocolException("a header without a colon");
            }
            var name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            var value = line.substring(colon + 1).strip();
            switch (name) {
                case "content-length" -> length = number(value, 10);
                case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
                default -> {}
            }
        }
        if (length != Long.MAX_VALUE && length > RpcHttp.MAX_ANSWER_BYTES) {
            throw new ProtocolException("an answer of " + length + " bytes");
        }
        return new HttpAnswer(
                status, chunked ? new Body(in, 0, true) : new Body(in, length, false));
    }

    private static int number(String digits, int radix) throws ProtocolException {
        try {
            return Integer.parseUnsignedInt(digits, radix);
        } catch (NumberFormatException e) {
            throw new ProtocolException("'" + digits + "' where a number belongs");
        }
    }

    /// The lines before the body, and those between chunks.
    private static final class Head {
        private final InputStream in;
        private int left = MAX_HEAD_BYTES;

        Head(InputStream in) {
            this.in = in;
        }

        String line() throws IOException {
            var line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EOFException();
                }
                if (--left < 0) {
                    throw new ProtocolException("an HTTP head without end");
                }
                line.append((char) c);
            }
            int end = line.length();
            return end > 0 && line.charAt(end - 1) == '\r'
                    ? line.substring(0, end - 1)
                    : line.toString();
        }
    }

    /// A body of `left` bytes, or of chunks where `left` is what remains of the present one.
    private static final class Body extends InputStream {
        private final InputStream in;
        private final boolean chunked;
        private long left;
        private long total;
        private boolean firstChunk = true;
        private boolean ended;

        Body(InputStream in, long left, boolean chunked) {
            this.in = in;
            this.left = left;
            this.chunked = chunked;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (chunked && left == 0 && !ended) {
                nextChunk();
            }
            if (ended || left == 0) {
                return -1;
            }
            int read = in.read(target, offset, (int) Math.min(length, left));
            if (read < 0) {
                if (left == Long.MAX_VALUE) {
                    ended = true;
                    return -1;
                }
                throw new EOFException();
            }
            left = left == Long.MAX_VALUE ? left : left - read;
            total += read;
            if (total > RpcHttp.MAX_ANSWER_BYTES) {
                throw new ProtocolException(
                        "an answer of more than " + RpcHttp.MAX_ANSWER_BYTES + " bytes");
            }
            return read;
        }

        private void nextChunk() throws IOException {
            var lines = new Head(in);
            if (!firstChunk && !lines.line().isEmpty()) {
                throw new ProtocolException("a chunk longer than it said");
            }
            firstChunk = false;
            var size = lines.line();
            int extension = size.indexOf(';');
            left =
                    number((extension < 0 ? size : size.substring(0, extension)).strip(), 16)
                            & 0xffffffffL;
            ended = left == 0;
        }
    }
}
