package adit.server.net;

import java.util.List;

import io.netty.buffer.ByteBuf;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// What the first bytes of a connection say about who is calling.
///
/// A browser gets a page when its request has ended, because a socket closed on unread bytes takes the
/// answer with it. What nobody here understands is closed at once rather than kept waiting for the end of
/// a line that will never come.
enum FirstBytes {
    STRATUM_V1,
    /// The beginning of a TLS handshake.
    TLS,
    /// A whole request, or more than we care to read of one.
    HTTP,
    /// What could be the beginning of an HTTP request.
    UNFINISHED,
    OTHER;

    private static final int MAX_REQUEST_BYTES = 8192;
    private static final int TLS_HANDSHAKE_RECORD = 0x16;

    private static final List<byte[]> HTTP_METHODS =
            List.of(
                    "GET ".getBytes(US_ASCII),
                    "HEAD ".getBytes(US_ASCII),
                    "POST ".getBytes(US_ASCII),
                    "PUT ".getBytes(US_ASCII),
                    "DELETE ".getBytes(US_ASCII),
                    "OPTIONS ".getBytes(US_ASCII));

    /// @param in at least one byte
    static FirstBytes of(ByteBuf in) {
        int first = in.getByte(in.readerIndex());
        if (first == '{' || isBlank(first)) {
            return STRATUM_V1;
        }
        if (first == TLS_HANDSHAKE_RECORD) {
            return TLS;
        }
        for (var method : HTTP_METHODS) {
            int common = commonBytes(in, method);
            if (common == method.length || common == in.readableBytes()) {
                return isWholeRequest(in) ? HTTP : UNFINISHED;
            }
        }
        return OTHER;
    }

    /// Whether the header has ended, with an empty line; the body is of no interest.
    private static boolean isWholeRequest(ByteBuf in) {
        for (int i = in.readerIndex(); i < in.writerIndex() - 1; i++) {
            int next = in.getByte(i + 1) == '\r' ? i + 2 : i + 1;
            if (in.getByte(i) == '\n' && next < in.writerIndex() && in.getByte(next) == '\n') {
                return true;
            }
        }
        return in.readableBytes() > MAX_REQUEST_BYTES;
    }

    private static int commonBytes(ByteBuf in, byte[] method) {
        int common = 0;
        while (common < Math.min(in.readableBytes(), method.length)
                && in.getByte(in.readerIndex() + common) == method[common]) {
            common++;
        }
        return common;
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
