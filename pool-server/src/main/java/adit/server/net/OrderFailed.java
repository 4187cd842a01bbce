package adit.server.net;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/// An order that ended without a certificate, in words for the operator. Some are the authority's own: they are
/// cut, and nothing in them leaves the line.
final class OrderFailed extends RuntimeException {

    private static final long serialVersionUID = 1;
    private static final int MOST_WORDS = 400;

    private final Instant notBefore;

    OrderFailed(String words, @Nullable Throwable cause) {
        this(words, cause, Instant.MIN);
    }

    /// @param notBefore when the authority wants to be asked again
    OrderFailed(String words, @Nullable Throwable cause, Instant notBefore) {
        super(oneLine(words), cause);
        this.notBefore = notBefore;
    }

    Instant notBefore() {
        return notBefore;
    }

    private static String oneLine(String words) {
        var line = words.replaceAll("[^ -~]+", " ");
        return line.length() <= MOST_WORDS ? line : line.substring(0, MOST_WORDS) + "...";
    }
}
