package adit.server.source;

import java.util.Locale;

/// Why a connection was closed at the accept.
public enum Refusal {
    /// The pool has as many connections as it may have.
    FULL,
    /// The pool is at its load level 3.
    LOAD,
    /// The source has not delivered work, and has as many connections as it may have.
    SOURCE_FULL,
    /// The source has not delivered work, and connects too often.
    SOURCE_RATE,
    /// The source is kept out for a while.
    PENALTY;

    /// As metrics name it.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
