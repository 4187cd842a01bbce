package adit.stratum.v1;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/// What one line of a miner says.
///
/// Every request knows where its id stands in the line it was read from, because an id is echoed byte for
/// byte, whatever JSON value it is. Text of a peer that is meant for display (agent, info, method) is already
/// cleaned to printable ASCII; a user name, a password and a session id are as they were sent.
///
/// **Invariant:** `idLength` is 0 where the id is absent, `null`, or longer than [#MAX_ID_BYTES]: replies then carry
/// `null`.
public sealed interface V1Request
        permits Submit,
                V1Request.Configure,
                V1Request.Subscribe,
                V1Request.Authorize,
                V1Request.SuggestDifficulty,
                V1Request.SuggestTarget,
                V1Request.ExtranonceSubscribe,
                V1Request.MultiVersion,
                V1Request.GetTransactions,
                V1Request.GetTxnHashes,
                V1Request.Capabilities,
                V1Request.Hashrate,
                V1Request.Ping,
                V1Request.Pong,
                V1Request.Noop,
                V1Request.Term,
                V1Request.Unknown,
                V1Request.Reply,
                V1Request.Invalid,
                V1Request.Nothing {
    int MAX_ID_BYTES = 256;

    int idOffset();

    int idLength();

    default boolean isNotification() {
        return idLength() == 0;
    }

    /// Whether anything at all may be sent back that bears this request's id.
    default boolean isAnswered() {
        return method().isAnswered(!isNotification());
    }

    default V1Method method() {
        return switch (this) {
            case Configure _ -> V1Method.CONFIGURE;
            case Subscribe _ -> V1Method.SUBSCRIBE;
            case Authorize _ -> V1Method.AUTHORIZE;
            case Submit _ -> V1Method.SUBMIT;
            case SuggestDifficulty _ -> V1Method.SUGGEST_DIFFICULTY;
            case SuggestTarget _ -> V1Method.SUGGEST_TARGET;
            case ExtranonceSubscribe _ -> V1Method.EXTRANONCE_SUBSCRIBE;
            case MultiVersion _ -> V1Method.MULTI_VERSION;
            case GetTransactions _ -> V1Method.GET_TRANSACTIONS;
            case GetTxnHashes _ -> V1Method.GET_TXNHASHES;
            case Capabilities _ -> V1Method.CAPABILITIES;
            case Hashrate _ -> V1Method.HASHRATE;
            case Ping _ -> V1Method.PING;
            case Pong _ -> V1Method.PONG;
            case Noop _ -> V1Method.NOOP;
            case Term _ -> V1Method.TERM;
            case Unknown _ -> V1Method.UNKNOWN;
            case Invalid invalid -> invalid.method();
            case Reply _, Nothing _ -> V1Method.NONE;
        };
    }

    /// `mining.configure`, the extensions in the order asked for and each once.
    record Configure(int idOffset, int idLength, List<V1Extension> extensions)
            implements V1Request {}

    /// `mining.subscribe`; agent and session id are empty where the miner names none.
    record Subscribe(int idOffset, int idLength, String agent, String sessionId)
            implements V1Request {}

    /// `mining.authorize`; the password is empty where it is absent or no scalar.
    record Authorize(int idOffset, int idLength, String user, String password)
            implements V1Request {}

    /// `mining.suggest_difficulty`; zero where the wish is no positive number and is to be ignored.
    record SuggestDifficulty(int idOffset, int idLength, BigDecimal difficulty)
            implements V1Request {}

    /// `mining.suggest_target`; zero where the wish is no target and is to be ignored.
    record SuggestTarget(int idOffset, int idLength, BigInteger target) implements V1Request {}

    /// `mining.extranonce.subscribe`, also by the misspelt name.
    record ExtranonceSubscribe(int idOffset, int idLength) implements V1Request {}

    /// `mining.multi_version`, which is met with silence.
    record MultiVersion(int idOffset, int idLength) implements V1Request {}

    /// `mining.get_transactions`, answered with an empty list.
    record GetTransactions(int idOffset, int idLength) implements V1Request {}

    /// `mining.get_txnhashes`, a question only ckpool knows.
    record GetTxnHashes(int idOffset, int idLength) implements V1Request {}

    /// `mining.capabilities`; the suggested target is zero where there is none.
    record Capabilities(int idOffset, int idLength, BigInteger suggestedTarget)
            implements V1Request {}

    /// A hashrate report in one of the dialects of other coins.
    record Hashrate(int idOffset, int idLength) implements V1Request {}

    record Ping(int idOffset, int idLength) implements V1Request {}

    record Pong(int idOffset, int idLength) implements V1Request {}

    record Noop(int idOffset, int idLength) implements V1Request {}

    /// `mining.term`: the miner asks us to close the connection.
    record Term(int idOffset, int idLength) implements V1Request {}

    /// A method we don't serve; the name is empty where it is no string.
    record Unknown(int idOffset, int idLength, String name) implements V1Request {}

    /// The miner's answer to a call of ours; the text is its result where that is a string.
    record Reply(int idOffset, int idLength, String text) implements V1Request {}

    /// A request that can be read but says something wrong: error 20 with a text for a person.
    record Invalid(int idOffset, int idLength, V1Method method, boolean isAnswered, String text)
            implements V1Request {}

    /// An empty line.
    record Nothing() implements V1Request {
        @Override
        public int idOffset() {
            return 0;
        }

        @Override
        public int idLength() {
            return 0;
        }
    }
}
