package adit.stratum.v1;

import java.math.BigDecimal;
import java.util.ArrayList;

import adit.stratum.MalformedMessage;

/// Reads what a pool sends: one line in, one [V1ServerMessage] out.
///
/// Stricter than firmware: a line it can't make sense of is malformed, because a test miner is there to notice.
///
/// **Owner:** one event loop. **Invariant:** throws nothing but [MalformedMessage], whatever the bytes.
public final class V1ServerDecoder {
    private static final int HASH_BYTES = 32;
    private static final int HASH_DIGITS = 64;
    private static final int MAX_EXTRANONCE_BYTES = 32;
    private static final int MAX_TEXT = 256;
    private static final V1ServerMessage NOTHING = new V1ServerMessage.Other("");

    private final JsonLine json = new JsonLine(JsonLine.MAX_LINE_BYTES, JsonLine.MAX_POOL_NUMBER);

    public V1ServerDecoder() {}

    /// Reads one line, given without its line feed.
    public V1ServerMessage decode(byte[] line, int offset, int length) throws MalformedMessage {
        if (length == 0) {
            return NOTHING;
        }
        if (line[offset] != '{') {
            throw new MalformedMessage("not a JSON object");
        }
        json.read(line, offset, length);
        long id = id(line);
        if (!json.hasMethod()) {
            return reply(id);
        }
        if (!json.is(json.params(), JsonKind.ARRAY)) {
            throw new MalformedMessage("params must be an array");
        }
        return switch (json.method()) {
            case "mining.notify" -> new V1ServerMessage.Notify(job());
            case "mining.set_difficulty" -> new V1ServerMessage.SetDifficulty(difficulty(param(0)));
            case "mining.set_extranonce" ->
                    new V1ServerMessage.SetExtranonce(
                            hex(param(0)), (int) number(param(1), 0, MAX_EXTRANONCE_BYTES));
            case "mining.set_version_mask" -> new V1ServerMessage.SetVersionMask(field(param(0)));
            case "client.reconnect" -> reconnect();
            case "client.show_message" ->
                    new V1ServerMessage.ShowMessage(
                            V1Decoder.printable(string(param(0)), MAX_TEXT));
            case "client.get_version" -> new V1ServerMessage.GetVersion(id);
            case "mining.ping" -> new V1ServerMessage.Ping(id);
            default -> new V1ServerMessage.Other(V1Decoder.printable(json.method(), MAX_TEXT));
        };
    }

    private V1Notify job() throws MalformedMessage {
        String jobId = string(param(0));
        String previous = string(param(1));
        int branchAt = param(4);
        boolean isClean = json.is(param(8), JsonKind.TRUE);
        if (!V1Hex.isJobId(jobId) || previous.length() != HASH_DIGITS) {
            throw new MalformedMessage("a job id or previous hash of the wrong form");
        }
        if (!json.is(branchAt, JsonKind.ARRAY)
                || (!isClean && !json.is(param(8), JsonKind.FALSE))) {
            throw new MalformedMessage("a notify of the wrong form");
        }
        var branch = new ArrayList<byte[]>();
        for (int at = branchAt + 1; at < json.end(branchAt); at = json.end(at)) {
            branch.add(hash(at));
        }
        return new V1Notify(
                Long.parseUnsignedLong(jobId, 16),
                V1Hex.swapWords(hash(param(1))),
                hex(param(2)),
                hex(param(3)),
                branch,
                field(param(5)),
                field(param(6)),
                field(param(7)),
                isClean);
    }

    private V1ServerMessage reconnect() throws MalformedMessage {
        if (json.elements(json.params()) == 0) {
            return new V1ServerMessage.Reconnect("", 0, 0);
        }
        int portAt = param(1);
        int waitAt = param(2);
        return new V1ServerMessage.Reconnect(
                V1Decoder.printable(string(param(0)), MAX_TEXT),
                portAt == JsonLine.ABSENT ? 0 : (int) number(portAt, 0, 65_535),
                waitAt == JsonLine.ABSENT ? 0 : (int) number(waitAt, 0, Integer.MAX_VALUE));
    }

    private V1ServerMessage reply(long id) throws MalformedMessage {
        int error = json.error();
        int code = 0;
        String text = "";
        if (json.is(error, JsonKind.ARRAY)) {
            code = (int) number(json.element(error, 0), Integer.MIN_VALUE, Integer.MAX_VALUE);
            text = V1Decoder.printable(string(json.element(error, 1)), MAX_TEXT);
        } else if (error != JsonLine.ABSENT && !json.is(error, JsonKind.NULL)) {
            throw new MalformedMessage("an error that is no array");
        }
        return new V1ServerMessage.Reply(id, result(json.result()), code, text);
    }

    private V1ServerMessage.Result result(int at) throws MalformedMessage {
        if (at == JsonLine.ABSENT) {
            return new V1ServerMessage.Result.None();
        }
        return switch (json.kind(at)) {
            case TRUE -> new V1ServerMessage.Result.Bool(true);
            case FALSE -> new V1ServerMessage.Result.Bool(false);
            case NULL -> new V1ServerMessage.Result.None();
            case ARRAY -> subscribed(at);
            case OBJECT -> configured(at);
            case STRING ->
                    new V1ServerMessage.Result.Text(V1Decoder.printable(json.text(at), MAX_TEXT));
            case NUMBER, NAME -> new V1ServerMessage.Result.Text("");
        };
    }

    private V1ServerMessage.Result subscribed(int array) throws MalformedMessage {
        if (json.elements(array) != 3) {
            return new V1ServerMessage.Result.Text("");
        }
        String sessionId = "";
        int pairs = json.element(array, 0);
        for (int at = pairs + 1; at < json.end(pairs); at = json.end(at)) {
            boolean isPair = json.is(at, JsonKind.ARRAY) && json.elements(at) == 2;
            if (isPair && json.text(at + 1).equals("mining.notify")) {
                sessionId = json.text(at + 2);
            }
        }
        return new V1ServerMessage.Result.Subscribed(
                sessionId,
                hex(json.element(array, 1)),
                (int) number(json.element(array, 2), 0, MAX_EXTRANONCE_BYTES));
    }

    private V1ServerMessage.Result configured(int object) throws MalformedMessage {
        boolean isRolling = json.is(json.member(object, "version-rolling"), JsonKind.TRUE);
        return new V1ServerMessage.Result.Configured(
                isRolling ? field(json.member(object, "version-rolling.mask")) : 0);
    }

    /// Our own calls carry small numbers as ids, so any other id is none of ours.
    private long id(byte[] line) {
        int length = json.idLength();
        if (length == 0 || length > 18) {
            return -1;
        }
        long id = 0;
        for (int i = json.idOffset(); i < json.idOffset() + length; i++) {
            if (line[i] < '0' || line[i] > '9') {
                return -1;
            }
            id = 10 * id + line[i] - '0';
        }
        return id;
    }

    private int param(int n) {
        return json.element(json.params(), n);
    }

    private String string(int at) throws MalformedMessage {
        if (!json.is(at, JsonKind.STRING)) {
            throw new MalformedMessage("a string is missing");
        }
        return json.text(at);
    }

    private byte[] hex(int at) throws MalformedMessage {
        String digits = string(at);
        var bytes = new byte[digits.length() / 2];
        if (V1Hex.bytes(digits, bytes) < 0) {
            throw new MalformedMessage("not hex");
        }
        return bytes;
    }

    private byte[] hash(int at) throws MalformedMessage {
        var bytes = hex(at);
        if (bytes.length != HASH_BYTES) {
            throw new MalformedMessage("a hash has 32 bytes");
        }
        return bytes;
    }

    /// A header field: exactly 8 digits, for some firmware ignores the job otherwise.
    private int field(int at) throws MalformedMessage {
        String digits = string(at);
        long value = V1Hex.number(digits);
        if (digits.length() != 8 || value < 0) {
            throw new MalformedMessage("a header field has 8 hex digits");
        }
        return (int) value;
    }

    private BigDecimal difficulty(int at) throws MalformedMessage {
        var value = json.is(at, JsonKind.NUMBER) ? V1Number.decimal(json.text(at)) : null;
        if (value == null || value.signum() <= 0) {
            throw new MalformedMessage("a difficulty is a positive number");
        }
        return value;
    }

    private long number(int at, long least, long most) throws MalformedMessage {
        boolean isNumber = json.is(at, JsonKind.NUMBER) || json.is(at, JsonKind.STRING);
        var value = isNumber ? V1Number.decimal(json.text(at)) : null;
        if (value == null
                || value.compareTo(BigDecimal.valueOf(least)) < 0
                || value.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw new MalformedMessage("a number out of range");
        }
        return value.longValue();
    }
}
