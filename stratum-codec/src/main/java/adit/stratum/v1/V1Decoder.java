package adit.stratum.v1;

import java.math.BigDecimal;
import java.math.BigInteger;

import adit.stratum.MalformedMessage;

/// Reads what a miner sends: one line in, one [V1Request] out.
///
/// A submit in one of the forms that firmware uses is read by [SubmitScanner] and costs no allocation; every
/// other line goes through the JSON parser. Both paths give the same answer for the same line.
///
/// **Owner:** one event loop. **Invariant:** throws nothing but [MalformedMessage], whatever the bytes.
/// **Limits:** lines of 16 KiB, strings of 8,192 characters, see [JsonLine] for the rest.
public final class V1Decoder {
    private static final int MAX_STRING = 8_192;
    private static final int MAX_AGENT = 128;
    private static final int MAX_SESSION_ID = 64;
    private static final int MAX_METHOD = 64;
    private static final int TARGET_DIGITS = 64;
    private static final V1Request NOTHING = new V1Request.Nothing();

    private final JsonLine json = new JsonLine(MAX_STRING, JsonLine.MAX_MINER_NUMBER);
    private final Submit submit = new Submit();
    private final SubmitScanner scanner = new SubmitScanner(submit);
    private final SubmitReader submitReader = new SubmitReader(submit);

    public V1Decoder() {}

    /// Reads one line, given without its line feed. The line must stay as it is while the request is in use.
    public V1Request decode(byte[] line, int offset, int length) throws MalformedMessage {
        int end = offset + length;
        int start = offset;
        while (start < end && isBlank(line[start])) {
            start++;
        }
        if (start == end) {
            return NOTHING;
        }
        if (line[start] != '{') {
            throw new MalformedMessage("not a JSON object");
        }
        return scanner.scan(line, start, end) ? submit : decodeAny(line, start, end - start);
    }

    /// The way through the JSON parser, which can read every line.
    V1Request decodeAny(byte[] line, int offset, int length) throws MalformedMessage {
        json.read(line, offset, length);
        int idOffset = json.idOffset();
        int idLength = json.idLength();
        boolean isIdTooLong = idLength > V1Request.MAX_ID_BYTES;
        if (!json.hasMethod()) {
            String text = json.is(json.result(), JsonKind.STRING) ? json.text(json.result()) : "";
            return new V1Request.Reply(
                    idOffset, isIdTooLong ? 0 : idLength, printable(text, MAX_AGENT));
        }
        var method = V1Method.of(json.method());
        if (isIdTooLong) {
            return new V1Request.Invalid(0, 0, method, true, "id is longer than 256 bytes");
        }
        if (method == V1Method.UNKNOWN) {
            return new V1Request.Unknown(idOffset, idLength, printable(json.method(), MAX_METHOD));
        }
        boolean isAbsent =
                json.params() == JsonLine.ABSENT || json.is(json.params(), JsonKind.NULL);
        if (!isAbsent && !json.is(json.params(), JsonKind.ARRAY)) {
            return invalid(method, "params must be an array");
        }
        return request(method, idOffset, idLength);
    }

    private V1Request request(V1Method method, int idOffset, int idLength) {
        return switch (method) {
            case CONFIGURE -> configure(idOffset, idLength);
            case SUBSCRIBE -> subscribe(idOffset, idLength);
            case AUTHORIZE -> authorize(idOffset, idLength);
            case SUBMIT -> submit(idOffset, idLength);
            case SUGGEST_DIFFICULTY -> suggestDifficulty(idOffset, idLength);
            case SUGGEST_TARGET ->
                    new V1Request.SuggestTarget(idOffset, idLength, target(param(0)));
            case EXTRANONCE_SUBSCRIBE -> new V1Request.ExtranonceSubscribe(idOffset, idLength);
            case MULTI_VERSION -> new V1Request.MultiVersion(idOffset, idLength);
            case GET_TRANSACTIONS -> new V1Request.GetTransactions(idOffset, idLength);
            case GET_TXNHASHES -> new V1Request.GetTxnHashes(idOffset, idLength);
            case CAPABILITIES -> capabilities(idOffset, idLength);
            case HASHRATE -> new V1Request.Hashrate(idOffset, idLength);
            case PING -> new V1Request.Ping(idOffset, idLength);
            case PONG -> new V1Request.Pong(idOffset, idLength);
            case NOOP -> new V1Request.Noop(idOffset, idLength);
            case TERM -> new V1Request.Term(idOffset, idLength);
            case UNKNOWN, NONE -> new V1Request.Unknown(idOffset, idLength, "");
        };
    }

    private V1Request configure(int idOffset, int idLength) {
        var reader = new ConfigureReader(json);
        String wrong = reader.read(param(0), param(1));
        return wrong.isEmpty()
                ? new V1Request.Configure(idOffset, idLength, reader.extensions())
                : invalid(V1Method.CONFIGURE, wrong);
    }

    private V1Request subscribe(int idOffset, int idLength) {
        int agent = param(0);
        boolean isNamed = json.is(agent, JsonKind.STRING);
        if (agent != JsonLine.ABSENT && !isNamed && !json.is(agent, JsonKind.NULL)) {
            return invalid(V1Method.SUBSCRIBE, "the user agent must be a string");
        }
        int session = param(1);
        String sessionId = json.is(session, JsonKind.STRING) ? json.text(session) : "";
        return new V1Request.Subscribe(
                idOffset,
                idLength,
                isNamed ? printable(json.text(agent), MAX_AGENT) : "",
                // No session id of ours is longer, so this one is as good as none.
                sessionId.length() > MAX_SESSION_ID ? "" : sessionId);
    }

    private V1Request authorize(int idOffset, int idLength) {
        int user = param(0);
        if (!json.is(user, JsonKind.STRING)) {
            return invalid(V1Method.AUTHORIZE, "the user name must be a string");
        }
        int password = param(1);
        return new V1Request.Authorize(
                idOffset,
                idLength,
                json.text(user),
                password == JsonLine.ABSENT ? "" : json.text(password));
    }

    private V1Request submit(int idOffset, int idLength) {
        String wrong = submitReader.read(json);
        if (!wrong.isEmpty()) {
            return invalid(V1Method.SUBMIT, wrong);
        }
        submit.id(idOffset, idLength);
        return submit;
    }

    private V1Request suggestDifficulty(int idOffset, int idLength) {
        int wish = param(0);
        String text = "";
        if (V1Method.isDifficultyInName(json.method())) {
            text = V1Method.difficultyInName(json.method());
        } else if (json.is(wish, JsonKind.NUMBER) || json.is(wish, JsonKind.STRING)) {
            text = json.text(wish);
        }
        var difficulty = V1Number.decimal(text);
        return new V1Request.SuggestDifficulty(
                idOffset,
                idLength,
                difficulty != null && difficulty.signum() > 0 ? difficulty : BigDecimal.ZERO);
    }

    private V1Request capabilities(int idOffset, int idLength) {
        int wishes = param(0);
        boolean isObject = json.is(wishes, JsonKind.OBJECT);
        return new V1Request.Capabilities(
                idOffset,
                idLength,
                isObject ? target(json.member(wishes, "suggested_target")) : BigInteger.ZERO);
    }

    private BigInteger target(int at) {
        if (!json.is(at, JsonKind.STRING) || json.text(at).length() != TARGET_DIGITS) {
            return BigInteger.ZERO;
        }
        var bytes = new byte[TARGET_DIGITS / 2];
        boolean isHex = V1Hex.bytes(json.text(at), bytes) == bytes.length;
        return isHex ? new BigInteger(1, bytes) : BigInteger.ZERO;
    }

    private int param(int n) {
        boolean isArray = json.is(json.params(), JsonKind.ARRAY);
        return isArray ? json.element(json.params(), n) : JsonLine.ABSENT;
    }

    private V1Request invalid(V1Method method, String text) {
        boolean hasId = json.idLength() > 0;
        return new V1Request.Invalid(
                json.idOffset(), json.idLength(), method, method.isAnswered(hasId), text);
    }

    static String printable(String text, int maxLength) {
        int length = Math.min(text.length(), maxLength);
        var clean = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            clean.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return clean.toString();
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
