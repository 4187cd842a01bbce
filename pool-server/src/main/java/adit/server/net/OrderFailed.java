package adit.server.net;

import org.jspecify.annotations.Nullable;

/// An order that ended without a certificate, in words for the operator. Some are the authority's own: they are
/// cut, and nothing in them leaves the line.
final class OrderFailed extends RuntimeException {

    private static final long serialVersionUID = 1;
    private static final int MOST_WORDS = 400;

    OrderFailed(String words, @Nullable Throwable cause) {
        super(oneLine(words), cause);
    }

    private static String oneLine(String words) {
        var line = words.replaceAll("[^ -~]+", " ");
        return line.length() <= MOST_WORDS ? line : line.substring(0, MOST_WORDS) + "...";
    }
}
