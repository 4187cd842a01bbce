package adit.server.session.v1;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

import adit.server.job.ExtranonceSpace;

/// What a miner is told to name when it comes back for its channel: 16 hex digits nobody can guess, and the
/// 8 of the channel's prefix, by which every process knows which of its event loops to ask.
@SuppressWarnings("ArrayRecordComponent") // never mutated and never compared as a record
record SessionId(long secret, byte[] prefix) {

    private static final int SECRET_DIGITS = 2 * Long.BYTES;
    private static final int DIGITS = SECRET_DIGITS + 2 * ExtranonceSpace.PREFIX_BYTES;

    /// Empty where the text is no session id of ours; miners bring those of other pools along.
    static Optional<SessionId> parse(String text) {
        if (text.length() != DIGITS) {
            return Optional.empty();
        }
        for (int i = 0; i < DIGITS; i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                return Optional.empty();
            }
        }
        long secret = HexFormat.fromHexDigitsToLong(text, 0, SECRET_DIGITS);
        var prefix = HexFormat.of().parseHex(text, SECRET_DIGITS, DIGITS);
        return Optional.of(new SessionId(secret, prefix));
    }

    boolean isSame(SessionId other) {
        return secret == other.secret && Arrays.equals(prefix, other.prefix);
    }

    String text() {
        return HexFormat.of().toHexDigits(secret) + HexFormat.of().formatHex(prefix);
    }
}
