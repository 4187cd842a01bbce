package adit.server.session.v1;

import adit.server.source.CloseReason;

/// What the pool says to a miner's owner when it lets the miner go, for firmware that shows messages.
///
/// **Limits:** [#MOST_CHARS], which is what the smallest firmware keeps.
final class Farewell {

    static final int MOST_CHARS = 256;

    static final String RESTART =
            "This pool is being restarted or upgraded. Your miner finds it again by itself.";
    static final String NO_WORK =
            "This pool has no work just now: none of its Bitcoin nodes gives any. Your miner turns to its other pools.";
    static final String NOTHING_RECORDED =
            "This pool cannot record shares just now. Your miner turns to its other pools.";

    private Farewell() {}

    /// Empty where nobody would read it: no login, or no ears.
    static String of(CloseReason reason) {
        return switch (reason) {
            case SETUP_FULL, SETUP_LATE, UNREAD, HTTP, HANDSHAKE, PROXY_HEADER -> "";
            case SILENT -> "Nothing has come from your miner for too long. The pool hangs up.";
            case NO_SHARES ->
                    "No share has come from your miner for two hours. The pool hangs up; look at the miner.";
            case MALFORMED ->
                    "Your miner sent a line that is no Stratum message. The pool hangs up.";
            case MESSAGES ->
                    "Your miner sends many messages and no good shares. The pool hangs up.";
            case PROTOCOL_ERRORS ->
                    "More than 30 wrong requests came from your miner in a minute. The pool hangs up.";
            case FAILED_LOGINS ->
                    "Ten logins have failed in a minute. Look at the user name; the pool hangs up.";
            case INVALID_SHARES ->
                    "All shares of the last three minutes were refused. Look at the miner; the pool hangs up.";
        };
    }
}
