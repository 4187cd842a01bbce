package adit.stratum.v1;

/// The methods a miner may call, and whether a call is answered.
///
/// Miners of the cgminer family book a reply they did not expect as a share, so for some methods silence is
/// the only right answer.
public enum V1Method {
    CONFIGURE(Answer.ALWAYS),
    SUBSCRIBE(Answer.ALWAYS),
    AUTHORIZE(Answer.ALWAYS),
    SUBMIT(Answer.ALWAYS),
    SUGGEST_DIFFICULTY(Answer.NEVER),
    SUGGEST_TARGET(Answer.NEVER),
    EXTRANONCE_SUBSCRIBE(Answer.ALWAYS),
    MULTI_VERSION(Answer.NEVER),
    GET_TRANSACTIONS(Answer.ALWAYS),
    GET_TXNHASHES(Answer.IF_IT_HAS_AN_ID),
    CAPABILITIES(Answer.NEVER),
    HASHRATE(Answer.IF_IT_HAS_AN_ID),
    PING(Answer.IF_IT_HAS_AN_ID),
    PONG(Answer.NEVER),
    NOOP(Answer.IF_IT_HAS_AN_ID),
    TERM(Answer.NEVER),
    /// Anything else, also `login`, `getjob`, `keepalived` and what only ckpool's own trees speak.
    UNKNOWN(Answer.IF_IT_HAS_AN_ID),
    /// No method at all: the miner's answer to a call of ours, or an empty line.
    NONE(Answer.NEVER);

    private static final String DIFFICULTY_IN_NAME = "mining.suggest_difficulty(";

    private enum Answer {
        ALWAYS,
        IF_IT_HAS_AN_ID,
        NEVER
    }

    private final Answer answer;

    V1Method(Answer answer) {
        this.answer = answer;
    }

    static V1Method of(String name) {
        return switch (name) {
            case "mining.configure" -> CONFIGURE;
            case "mining.subscribe" -> SUBSCRIBE;
            case "mining.authorize" -> AUTHORIZE;
            case "mining.submit" -> SUBMIT;
            case "mining.suggest_difficulty" -> SUGGEST_DIFFICULTY;
            case "mining.suggest_target" -> SUGGEST_TARGET;
            case "mining.extranonce.subscribe", "mining.subscribe.extranonce" ->
                    EXTRANONCE_SUBSCRIBE;
            case "mining.multi_version" -> MULTI_VERSION;
            case "mining.get_transactions" -> GET_TRANSACTIONS;
            case "mining.get_txnhashes" -> GET_TXNHASHES;
            case "mining.capabilities" -> CAPABILITIES;
            case "mining.hashrate", "eth_submitHashrate", "mining.hashrate_report" -> HASHRATE;
            case "mining.ping" -> PING;
            case "mining.pong", "pong" -> PONG;
            case "mining.noop" -> NOOP;
            case "mining.term" -> TERM;
            default -> isDifficultyInName(name) ? SUGGEST_DIFFICULTY : UNKNOWN;
        };
    }

    /// Whether the name has the old form `mining.suggest_difficulty(512)`.
    static boolean isDifficultyInName(String name) {
        return name.startsWith(DIFFICULTY_IN_NAME) && name.endsWith(")");
    }

    /// The text between the brackets of the old form.
    static String difficultyInName(String name) {
        return name.substring(DIFFICULTY_IN_NAME.length(), name.length() - 1);
    }

    boolean isAnswered(boolean hasId) {
        return switch (answer) {
            case ALWAYS -> true;
            case IF_IT_HAS_AN_ID -> hasId;
            case NEVER -> false;
        };
    }
}
