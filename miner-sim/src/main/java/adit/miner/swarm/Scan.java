package adit.miner.swarm;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// The few things a swarm looks for in a line of a pool, whatever order its members stand in.
///
/// A test of the pool's words is [adit.miner.ScriptedV1Client]'s; here a line costs tens of nanoseconds.
final class Scan {

    static final int NONE = -1;

    static final byte[] RESULT_TRUE = "\"result\":true".getBytes(US_ASCII);
    static final byte[] RESULT_TRUE_SPACED = "\"result\": true".getBytes(US_ASCII);
    static final byte[] METHOD = "\"method\"".getBytes(US_ASCII);
    static final byte[] NOTIFY = "mining.notify".getBytes(US_ASCII);
    static final byte[] PARAMS = "\"params\"".getBytes(US_ASCII);
    static final byte[] ID = "\"id\"".getBytes(US_ASCII);
    static final byte[] MASK = "version-rolling.mask\"".getBytes(US_ASCII);

    private Scan() {}

    /// Where this begins at or after `from`, or [#NONE].
    static int find(byte[] line, int from, int end, byte[] wanted) {
        byte first = wanted[0];
        int last = end - wanted.length;
        for (int i = from; i <= last; i++) {
            if (line[i] == first && stands(line, i, wanted)) {
                return i;
            }
        }
        return NONE;
    }

    static boolean isAccepted(byte[] line, int from, int end) {
        return find(line, from, end, RESULT_TRUE) >= 0
                || find(line, from, end, RESULT_TRUE_SPACED) >= 0;
    }

    /// The number of a reply's id, or [#NONE].
    static long id(byte[] line, int from, int end) {
        int at = find(line, from, end, ID);
        if (at < 0) {
            return NONE;
        }
        int digit = at + ID.length;
        while (digit < end && (line[digit] == ':' || line[digit] == ' ')) {
            digit++;
        }
        long value = 0;
        int start = digit;
        while (digit < end && line[digit] >= '0' && line[digit] <= '9') {
            value = value * 10 + line[digit++] - '0';
        }
        return digit == start ? NONE : value;
    }

    /// The opening quote of the next string, or [#NONE].
    static int quote(byte[] line, int from, int end) {
        for (int i = from; i < end; i++) {
            if (line[i] == '"') {
                return i;
            }
        }
        return NONE;
    }

    /// The number that stands right before a closing bracket: in a subscribe reply the size of what a miner
    /// varies. [#NONE] where there is none.
    static int numberAtEndOfList(byte[] line, int from, int end) {
        for (int i = end - 1; i > from; i--) {
            if (line[i] == ']' && line[i - 1] >= '0' && line[i - 1] <= '9') {
                int start = i - 1;
                while (start > from && line[start - 1] >= '0' && line[start - 1] <= '9') {
                    start--;
                }
                return Integer.parseInt(new String(line, start, i - start, US_ASCII));
            }
        }
        return NONE;
    }

    private static boolean stands(byte[] line, int at, byte[] wanted) {
        for (int k = 1; k < wanted.length; k++) {
            if (line[at + k] != wanted[k]) {
                return false;
            }
        }
        return true;
    }
}
