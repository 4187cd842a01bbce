package adit.server.trace;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// One line of the wire as it is shown: as it was sent, except that the password of a login is masked and every
/// byte that is not printable ASCII reads `\xNN`, so that no miner can write anything into a terminal.
final class TraceLine {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String MASK = "\"***\"";
    private static final String LOGIN = "mining.authorize";
    private static final int PASSWORD_INDEX = 1;

    private TraceLine() {}

    /// A line without its end.
    ///
    /// @param in whether a miner has sent it: only those hold passwords
    static String shown(byte[] line, boolean in) {
        return in ? masked(line) : escaped(line, 0, line.length);
    }

    private static String masked(byte[] line) {
        try (var parser = JSON.createParser(ObjectReadContext.empty(), line)) {
            return masked(line, parser);
        } catch (JacksonException noJson) {
            return suspicious(line)
                    ? "(%d bytes that are no JSON and may hold a password)".formatted(line.length)
                    : escaped(line, 0, line.length);
        }
    }

    private static String masked(byte[] line, JsonParser parser) {
        boolean isLogin = false;
        int from = -1;
        int to = -1;
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return suspicious(line) ? "(no request)" : escaped(line, 0, line.length);
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = parser.currentName();
            var value = parser.nextToken();
            if (name.equals("method") && value == JsonToken.VALUE_STRING) {
                isLogin |= parser.getString().equals(LOGIN);
            } else if (name.equals("params") && value == JsonToken.START_OBJECT) {
                from = offset(parser);
                parser.skipChildren();
                to = end(parser);
            } else if (name.equals("params") && value == JsonToken.START_ARRAY) {
                int index = 0;
                for (var item = parser.nextToken();
                        item != JsonToken.END_ARRAY;
                        item = parser.nextToken()) {
                    int begin = offset(parser);
                    parser.skipChildren();
                    if (item == JsonToken.VALUE_STRING) {
                        parser.getString();
                    }
                    if (index == PASSWORD_INDEX) {
                        from = begin;
                    }
                    if (index >= PASSWORD_INDEX) {
                        to = end(parser);
                    }
                    index++;
                }
            } else {
                parser.skipChildren();
            }
        }
        return isLogin && from >= 0
                ? escaped(line, 0, from) + MASK + escaped(line, to, line.length)
                : escaped(line, 0, line.length);
    }

    private static int offset(JsonParser parser) {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private static int end(JsonParser parser) {
        return (int) parser.currentLocation().getByteOffset();
    }

    /// What looks like a login, or could be one in disguise.
    private static boolean suspicious(byte[] line) {
        var text = new String(line, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        return text.contains("auth") || text.contains("\\u");
    }

    private static String escaped(byte[] line, int from, int to) {
        var shown = new StringBuilder(to - from);
        for (byte b : Arrays.copyOfRange(line, from, to)) {
            if (b >= ' ' && b < 0x7f) {
                shown.append((char) b);
            } else {
                shown.append(String.format(Locale.ROOT, "\\x%02x", b));
            }
        }
        return shown.toString();
    }
}
