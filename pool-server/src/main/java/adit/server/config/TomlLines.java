package adit.server.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where each key of a TOML file stands, which the TOML parser does not keep.
///
/// It follows a file that the parser has already accepted, so it only has to tell keys from values: headers, dotted and
/// quoted keys, and values over several lines. Keys inside an inline table are found at the line of that table.
/// Paths read `listener[1].port`, sections that may be repeated counted from 0.
final class TomlLines {
    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, Integer> repeats = new HashMap<>();
    private final String text;
    private String section = "";
    private int at;
    private int line = 1;

    private TomlLines(String text) {
        this.text = text;
    }

    static TomlLines of(String text) {
        var found = new TomlLines(text);
        found.scan();
        return found;
    }

    /// The line of this key, else of what it would be in; the first line where nothing of it is there.
    int lineOf(String... path) {
        for (int parts = path.length; parts > 0; parts--) {
            var found = lines.get(String.join(".", List.of(path).subList(0, parts)));
            if (found != null) {
                return found;
            }
        }
        return 1;
    }

    private void scan() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                skipComment();
            } else if (c == '[') {
                header();
            } else if (c > ' ') {
                key();
            } else {
                advance();
            }
        }
    }

    private void header() {
        boolean isRepeated = text.startsWith("[[", at);
        int start = at + (isRepeated ? 2 : 1);
        int end = text.indexOf(']', start);
        var name = plain(text.substring(start, end));
        section = isRepeated ? name + "[" + (repeats.merge(name, 1, Integer::sum) - 1) + "]" : name;
        lines.putIfAbsent(section, line);
        at = end + (isRepeated ? 2 : 1);
    }

    private void key() {
        int start = at;
        while (text.charAt(at) != '=') {
            if (text.charAt(at) == '"' || text.charAt(at) == '\'') {
                skipString();
            } else {
                advance();
            }
        }
        var name = plain(text.substring(start, at));
        lines.putIfAbsent(section.isEmpty() ? name : section + "." + name, line);
        advance();
        value();
    }

    /// Goes to the end of a value: the first end of line outside of brackets and strings.
    private void value() {
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n' && depth == 0) {
                return;
            }
            if (c == '"' || c == '\'') {
                skipString();
            } else if (c == '#') {
                skipComment();
            } else {
                depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
                advance();
            }
        }
    }

    private void skipString() {
        var one = text.substring(at, at + 1);
        var quote = text.startsWith(one.repeat(3), at) ? one.repeat(3) : one;
        skip(quote.length());
        while (!text.startsWith(quote, at)) {
            skip(one.equals("\"") && text.charAt(at) == '\\' ? 2 : 1);
        }
        skip(quote.length());
        // A string in three quotes may end with two more of them.
        while (quote.length() == 3 && text.startsWith(one, at)) {
            skip(1);
        }
    }

    private void skipComment() {
        while (at < text.length() && text.charAt(at) != '\n') {
            advance();
        }
    }

    private void skip(int characters) {
        for (int i = 0; i < characters; i++) {
            advance();
        }
    }

    private void advance() {
        if (text.charAt(at) == '\n') {
            line++;
        }
        at++;
    }

    private static String plain(String name) {
        return name.strip().replaceAll("[\"'\\s]", "");
    }
}
