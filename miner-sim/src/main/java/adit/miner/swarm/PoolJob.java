package adit.miner.swarm;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// What a swarm keeps of a `mining.notify`: enough to submit on it, and to tell a new tip.
///
/// @param line the whole line, so that the same line to the next connection need not be read again
record PoolJob(byte[] line, String id, String previousHash, String ntime, boolean clean) {

    private static final int BEHIND_BRANCH_STRINGS = 3;

    /// Reads a notify; null where the line does not have the form of one.
    static @Nullable PoolJob read(byte[] line, int from, int end) {
        int params = Scan.find(line, from, end, Scan.PARAMS);
        if (params < 0) {
            return null;
        }
        var cursor = new Cursor(line, end, params + Scan.PARAMS.length);
        var id = cursor.string();
        var previousHash = cursor.string();
        cursor.string();
        cursor.string();
        cursor.skipPast(']');
        var ntime = "";
        for (int i = 0; i < BEHIND_BRANCH_STRINGS; i++) {
            ntime = cursor.string();
        }
        if (cursor.failed || ntime.isEmpty()) {
            return null;
        }
        cursor.skipPast(',');
        boolean clean = cursor.next() == 't';
        return new PoolJob(Arrays.copyOfRange(line, from, end), id, previousHash, ntime, clean);
    }

    boolean isSameLine(byte[] other, int from, int end) {
        return Arrays.equals(line, 0, line.length, other, from, end);
    }

    /// A place in a line, moved on by each reading.
    private static final class Cursor {
        private final byte[] line;
        private final int end;
        private int at;
        private boolean failed;

        Cursor(byte[] line, int end, int at) {
            this.line = line;
            this.end = end;
            this.at = at;
        }

        String string() {
            int open = Scan.quote(line, at, end);
            int close = open < 0 ? Scan.NONE : Scan.quote(line, open + 1, end);
            if (close < 0) {
                failed = true;
                return "";
            }
            at = close + 1;
            return new String(line, open + 1, close - open - 1, US_ASCII);
        }

        void skipPast(char wanted) {
            while (at < end && line[at] != wanted) {
                at++;
            }
            at++;
        }

        char next() {
            while (at < end && line[at] == ' ') {
                at++;
            }
            return at < end ? (char) line[at] : ' ';
        }
    }
}
