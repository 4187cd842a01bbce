package adit.stratum.v1;

import java.util.Arrays;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Reads a submit line straight from its bytes, without allocation.
///
/// It knows the forms that firmware sends: the members `id`, `method` and `params`, in any order and each
/// once, no others, no escapes, nothing but ASCII. Whatever else it meets it leaves to the JSON parser, also
/// everything that is wrong, so that there is one place which knows the words for it.
///
/// **Owner:** the event loop of its decoder.
final class SubmitScanner {
    private static final byte[] MEMBER_ID = "\"id\"".getBytes(US_ASCII);
    private static final byte[] MEMBER_METHOD = "\"method\"".getBytes(US_ASCII);
    private static final byte[] MEMBER_PARAMS = "\"params\"".getBytes(US_ASCII);
    private static final byte[] METHOD = "mining.submit".getBytes(US_ASCII);
    private static final byte[] NULL = "null".getBytes(US_ASCII);
    private static final int MAX_STRING = 256;
    private static final int MAX_ID_DIGITS = 18;
    private static final int MAX_PARAMS = 6;

    /// What every step answers where this is no line for us.
    private static final int NO = -1;

    private static final int SEEN_ID = 1;
    private static final int SEEN_METHOD = 2;
    private static final int SEEN_PARAMS = 4;

    private final Submit submit;
    private final int[] starts = new int[MAX_PARAMS];
    private final int[] lengths = new int[MAX_PARAMS];
    private int params;

    SubmitScanner(Submit submit) {
        this.submit = submit;
    }

    /// Whether the line, which begins with a brace, was read. If not, what the submit holds means nothing.
    boolean scan(byte[] line, int offset, int end) {
        submit.id(0, 0);
        int seen = 0;
        int at = offset;
        do {
            at = skipBlanks(line, at + 1, end);
            int name = memberAt(line, at, end);
            if (name == NO || (seen & name) != 0) {
                return false;
            }
            seen |= name;
            at = skipBlanks(line, at + nameLength(name) + 2, end);
            if (at == end || line[at] != ':') {
                return false;
            }
            at = value(line, name, skipBlanks(line, at + 1, end), end);
            if (at == NO) {
                return false;
            }
            at = skipBlanks(line, at, end);
        } while (at < end && line[at] == ',');
        return (seen & SEEN_METHOD) != 0
                && (seen & SEEN_PARAMS) != 0
                && at < end
                && line[at] == '}'
                && skipBlanks(line, at + 1, end) == end
                && fill(line);
    }

    private static int nameLength(int name) {
        return name == SEEN_ID ? 2 : 6;
    }

    /// Which of our members is named here, with its quotes.
    private static int memberAt(byte[] line, int at, int end) {
        if (stands(MEMBER_ID, line, at, end)) {
            return SEEN_ID;
        }
        if (stands(MEMBER_METHOD, line, at, end)) {
            return SEEN_METHOD;
        }
        return stands(MEMBER_PARAMS, line, at, end) ? SEEN_PARAMS : NO;
    }

    private static boolean stands(byte[] word, byte[] line, int at, int end) {
        return at + word.length <= end
                && Arrays.equals(line, at, at + word.length, word, 0, word.length);
    }

    private int value(byte[] line, int name, int at, int end) {
        if (at == end) {
            return NO;
        }
        return switch (name) {
            case SEEN_ID -> id(line, at, end);
            case SEEN_METHOD -> method(line, at, end);
            default -> params(line, at, end);
        };
    }

    private static int method(byte[] line, int at, int end) {
        int close = stringEnd(line, at, end);
        boolean isSubmit =
                close != NO && Arrays.equals(line, at + 1, close, METHOD, 0, METHOD.length);
        return isSubmit ? close + 1 : NO;
    }

    /// Integers without sign, short strings, and null; other ids are rare.
    private int id(byte[] line, int at, int end) {
        int close = at;
        if (line[at] == '"') {
            close = stringEnd(line, at, end);
            if (close == NO) {
                return NO;
            }
            close++;
        } else if (line[at] == 'n') {
            return stands(NULL, line, at, end) ? at + NULL.length : NO;
        } else {
            while (close < end && line[close] >= '0' && line[close] <= '9') {
                close++;
            }
            boolean hasLeadingZero = line[at] == '0' && close > at + 1;
            if (close == at || close - at > MAX_ID_DIGITS || hasLeadingZero) {
                return NO;
            }
        }
        if (close - at > V1Request.MAX_ID_BYTES) {
            return NO;
        }
        submit.id(at, close - at);
        return close;
    }

    /// Notes where the five or six strings stand; what they say is looked at when the line has proved good.
    private int params(byte[] line, int at, int end) {
        if (line[at] != '[') {
            return NO;
        }
        params = 0;
        int next = at;
        do {
            next = skipBlanks(line, next + 1, end);
            int close = params == MAX_PARAMS ? NO : stringEnd(line, next, end);
            if (close == NO) {
                return NO;
            }
            starts[params] = next + 1;
            lengths[params] = close - next - 1;
            params++;
            next = skipBlanks(line, close + 1, end);
        } while (next < end && line[next] == ',');
        return next < end && line[next] == ']' && params >= 5 ? next + 1 : NO;
    }

    private boolean fill(byte[] line) {
        int extranonceLength = extranonce(line);
        long ntime = number(line, 3);
        long nonce = number(line, 4);
        boolean hasBits = params == MAX_PARAMS && lengths[5] > 0;
        long bits = hasBits ? number(line, 5) : 0;
        if (extranonceLength < 0 || (ntime | nonce | bits) < 0) {
            return false;
        }
        submit.user(line, starts[0], lengths[0]);
        job(line);
        submit.extranonceLength(extranonceLength);
        submit.header((int) ntime, (int) nonce);
        submit.versionBits(hasBits, (int) bits);
        return true;
    }

    private void job(byte[] line) {
        int length = lengths[1];
        long id = 0;
        for (int i = 0; i < length; i++) {
            byte c = line[starts[1] + i];
            int digit = V1Hex.digit(c);
            if (digit < 0 || length > 16 || (c >= 'A' && c <= 'F')) {
                submit.job(0, 0);
                return;
            }
            id = id << 4 | digit;
        }
        submit.job(id, length);
    }

    private int extranonce(byte[] line) {
        int length = lengths[2];
        var target = submit.extranonce();
        if ((length & 1) != 0 || length > 2 * target.length) {
            return NO;
        }
        int from = starts[2];
        for (int i = 0; i < length; i += 2) {
            int value = V1Hex.digit(line[from + i]) << 4 | V1Hex.digit(line[from + i + 1]);
            if (value < 0) {
                return NO;
            }
            target[i >> 1] = (byte) value;
        }
        return length >> 1;
    }

    private long number(byte[] line, int param) {
        int length = lengths[param];
        if (length == 0 || length > 8) {
            return NO;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            int digit = V1Hex.digit(line[starts[param] + i]);
            if (digit < 0) {
                return NO;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /// Where the closing quote of the string that opens here stands.
    private static int stringEnd(byte[] line, int at, int end) {
        if (at >= end || line[at] != '"') {
            return NO;
        }
        int limit = Math.min(end, at + MAX_STRING + 2);
        for (int i = at + 1; i < limit; i++) {
            byte c = line[i];
            if (c == '"') {
                return i;
            }
            if (c < ' ' || c == '\\') {
                return NO;
            }
        }
        return NO;
    }

    private static int skipBlanks(byte[] line, int at, int end) {
        int next = at;
        while (next < end
                && (line[next] == ' '
                        || line[next] == '\t'
                        || line[next] == '\r'
                        || line[next] == '\n')) {
            next++;
        }
        return next;
    }
}
