package adit.stratum.v1;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

import adit.stratum.MalformedMessage;

/// One JSON-RPC object of a line, cut into tokens: where its id stands, its method, and a flat run of tokens
/// for `params`, `result` and `error`.
///
/// Members may come in any order, so the values are kept until the method is known. Unknown members are
/// checked like all others but never materialised.
///
/// **Owner:** the event loop of its decoder; refilled for each line. **Limits:** depth 8, 256 tokens, names of 64
/// characters; strings, and numbers outside the id, as the constructor says.
final class JsonLine {
    static final int ABSENT = -1;
    static final int MAX_LINE_BYTES = 16_384;

    private static final int MAX_DEPTH = 8;
    private static final int MAX_TOKENS = 256;
    private static final int MAX_NAME = 64;

    /// What a miner may write, and what a pool may: the exact decimals of the least difficulties are longer.
    static final int MAX_MINER_NUMBER = 32;

    static final int MAX_POOL_NUMBER = 64;

    /// The parser remembers names between lines, so it must not see long ones even for once.
    private static final int MAX_NAME_BYTES = 4 * MAX_NAME;

    private final int maxString;
    private final int maxNumber;
    private final JsonFactory json;
    private final JsonKind[] kinds = new JsonKind[MAX_TOKENS];
    private final String[] texts = new String[MAX_TOKENS];
    private final int[] ends = new int[MAX_TOKENS];
    private final int[] open = new int[MAX_DEPTH];

    private int size;
    private int idOffset;
    private int idLength;
    private boolean isIdNull;
    private boolean hasMethod;
    private String method = "";
    private int params;
    private int result;
    private int error;

    JsonLine(int maxString, int maxNumber) {
        this.maxString = maxString;
        this.maxNumber = maxNumber;
        Arrays.fill(kinds, JsonKind.NULL);
        Arrays.fill(texts, "");
        this.json =
                JsonFactory.builder()
                        .streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxNestingDepth(MAX_DEPTH)
                                        .maxTokenCount(MAX_TOKENS)
                                        .maxStringLength(MAX_LINE_BYTES)
                                        .maxNumberLength(MAX_LINE_BYTES)
                                        .maxNameLength(MAX_NAME_BYTES)
                                        .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                        .recyclerPool(JsonRecyclerPools.newBoundedPool(1))
                        .build();
    }

    /// Reads the object that starts at the offset. The caller has made sure that a brace stands there.
    void read(byte[] line, int offset, int length) throws MalformedMessage {
        if (length > MAX_LINE_BYTES) {
            throw new MalformedMessage("line too long");
        }
        if (!Utf8.isText(line, offset, length)) {
            throw new MalformedMessage("not UTF-8 text");
        }
        clear();
        try (var parser = json.createParser(ObjectReadContext.empty(), line, offset, length)) {
            readMembers(parser, offset);
            if (parser.nextToken() != null) {
                throw new MalformedMessage("more than one object in a line");
            }
        } catch (JacksonException e) {
            throw new MalformedMessage("not JSON within our limits");
        }
    }

    /// 0 where the id is absent or null.
    int idOffset() {
        return isIdNull ? 0 : idOffset;
    }

    /// 0 where the id is absent or null.
    int idLength() {
        return isIdNull ? 0 : idLength;
    }

    boolean hasMethod() {
        return hasMethod;
    }

    /// Empty where the method is no string.
    String method() {
        return method;
    }

    int params() {
        return params;
    }

    int result() {
        return result;
    }

    int error() {
        return error;
    }

    boolean is(int at, JsonKind kind) {
        return at != ABSENT && kinds[at] == kind;
    }

    JsonKind kind(int at) {
        return kinds[at];
    }

    /// The content of a string or name, the digits of a number, else empty.
    String text(int at) {
        return texts[at];
    }

    /// The place behind this value and all it holds. The first thing it holds stands right behind it.
    int end(int at) {
        return ends[at];
    }

    /// Where the n-th member of an array stands, or [#ABSENT].
    int element(int array, int n) {
        int at = array + 1;
        for (int i = 0; i < n && at < ends[array]; i++) {
            at = ends[at];
        }
        return at < ends[array] ? at : ABSENT;
    }

    int elements(int array) {
        int count = 0;
        for (int at = array + 1; at < ends[array]; at = ends[at]) {
            count++;
        }
        return count;
    }

    /// Where the value of a member of an object stands, or [#ABSENT].
    int member(int object, String name) {
        for (int at = object + 1; at < ends[object]; at = ends[at + 1]) {
            if (texts[at].equals(name)) {
                return at + 1;
            }
        }
        return ABSENT;
    }

    private void clear() {
        Arrays.fill(texts, 0, size, "");
        size = 0;
        idOffset = 0;
        idLength = 0;
        isIdNull = true;
        hasMethod = false;
        method = "";
        params = ABSENT;
        result = ABSENT;
        error = ABSENT;
    }

    private void readMembers(JsonParser parser, int offset) throws MalformedMessage {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new MalformedMessage("not a JSON object");
        }
        while (next(parser) != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (name.equals("id")) {
                readId(parser, offset);
                continue;
            }
            var token = next(parser);
            switch (name) {
                case "method" -> {
                    hasMethod = true;
                    method = token == JsonToken.VALUE_STRING ? parser.getString() : "";
                    skip(parser, token);
                }
                case "params" -> params = capture(parser, token);
                case "result" -> result = capture(parser, token);
                case "error" -> error = capture(parser, token);
                default -> skip(parser, token);
            }
        }
    }

    /// The id may hold numbers of any length, as it is only ever echoed.
    private void readId(JsonParser parser, int offset) {
        var token = parser.nextToken();
        isIdNull = token == JsonToken.VALUE_NULL;
        idOffset = offset + (int) parser.currentTokenLocation().getByteOffset();
        if (token == JsonToken.START_ARRAY || token == JsonToken.START_OBJECT) {
            parser.skipChildren();
        } else {
            parser.finishToken();
        }
        idLength = offset + (int) parser.currentLocation().getByteOffset() - idOffset;
    }

    private void skip(JsonParser parser, JsonToken first) throws MalformedMessage {
        int depth = 0;
        for (var token = first; ; token = next(parser)) {
            if (token == JsonToken.START_ARRAY || token == JsonToken.START_OBJECT) {
                depth++;
            } else if (token == JsonToken.END_ARRAY || token == JsonToken.END_OBJECT) {
                depth--;
            }
            if (depth == 0) {
                return;
            }
        }
    }

    private int capture(JsonParser parser, JsonToken first) throws MalformedMessage {
        int start = size;
        int depth = 0;
        for (var token = first; ; token = next(parser)) {
            if (token == JsonToken.END_ARRAY || token == JsonToken.END_OBJECT) {
                ends[open[--depth]] = size;
            } else {
                var kind = kindOf(token);
                if (kind == JsonKind.ARRAY || kind == JsonKind.OBJECT) {
                    open[depth++] = size;
                }
                add(kind, textOf(parser, kind));
            }
            if (depth == 0) {
                return start;
            }
        }
    }

    private void add(JsonKind kind, String text) {
        kinds[size] = kind;
        texts[size] = text;
        ends[size] = size + 1;
        size++;
    }

    private JsonToken next(JsonParser parser) throws MalformedMessage {
        @Nullable JsonToken token = parser.nextToken();
        if (token == null) {
            throw new MalformedMessage("truncated");
        }
        int limit = Integer.MAX_VALUE;
        if (token == JsonToken.VALUE_STRING) {
            limit = maxString;
        } else if (token == JsonToken.PROPERTY_NAME) {
            limit = MAX_NAME;
        } else if (token.isNumeric()) {
            limit = maxNumber;
        }
        if (limit != Integer.MAX_VALUE && parser.getStringLength() > limit) {
            throw new MalformedMessage("a string, number or name too long");
        }
        return token;
    }

    private static String textOf(JsonParser parser, JsonKind kind) {
        return switch (kind) {
            case STRING, NUMBER -> parser.getString();
            case NAME -> parser.currentName();
            case TRUE, FALSE, NULL, ARRAY, OBJECT -> "";
        };
    }

    private static JsonKind kindOf(JsonToken token) throws MalformedMessage {
        return switch (token) {
            case START_OBJECT -> JsonKind.OBJECT;
            case START_ARRAY -> JsonKind.ARRAY;
            case PROPERTY_NAME -> JsonKind.NAME;
            case VALUE_STRING -> JsonKind.STRING;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JsonKind.NUMBER;
            case VALUE_TRUE -> JsonKind.TRUE;
            case VALUE_FALSE -> JsonKind.FALSE;
            case VALUE_NULL -> JsonKind.NULL;
            case END_OBJECT, END_ARRAY, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    throw new MalformedMessage("not JSON");
        };
    }
}
