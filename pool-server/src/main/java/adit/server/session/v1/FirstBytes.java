package adit.server.session.v1;

import java.util.List;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// What the first bytes of a connection say about who is calling.
///
/// A browser gets a page when its request has ended, because a socket closed on unread bytes takes the
/// answer with it. TLS, Stratum V2 and scanners are closed at once rather than kept waiting for the end of
/// a line that will never come.
enum FirstBytes {
    STRATUM,
    /// A whole request, or more than we care to read of one.
    HTTP,
    /// What could be the beginning of an HTTP request.
    UNFINISHED,
    OTHER;

    private static final int MAX_REQUEST_BYTES = 8192;

    private static final List<byte[]> HTTP_METHODS =
            List.of(
                    "GET ".getBytes(US_ASCII),
                    "HEAD ".getBytes(US_ASCII),
                    "POST ".getBytes(US_ASCII),
                    "PUT ".getBytes(US_ASCII),
                    "OPTIONS ".getBytes(US_ASCII));

    /// @param length at least 1
    static FirstBytes of(byte[] bytes, int length) {
        if (bytes[0] == '{' || isBlank(bytes[0])) {
            return STRATUM;
        }
        for (var method : HTTP_METHODS) {
            int common = commonBytes(bytes, length, method);
            if (common == method.length || common == length) {
                return isWholeRequest(bytes, length) ? HTTP : UNFINISHED;
            }
        }
        return OTHER;
    }

    /// Whether the header has ended, with an empty line; the body is of no interest.
    private static boolean isWholeRequest(byte[] bytes, int length) {
        for (int i = 0; i < length - 1; i++) {
            int next = bytes[i + 1] == '\r' ? i + 2 : i + 1;
            if (bytes[i] == '\n' && next < length && bytes[next] == '\n') {
                return true;
            }
        }
        return length > MAX_REQUEST_BYTES;
    }

    private static int commonBytes(byte[] bytes, int length, byte[] method) {
        int common = 0;
        while (common < Math.min(length, method.length) && bytes[common] == method[common]) {
            common++;
        }
        return common;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
