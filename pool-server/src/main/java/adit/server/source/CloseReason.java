package adit.server.source;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Why the pool closes a connection that it had let in.
public enum CloseReason {
    /// Too many from sources without work wait for their login, and this one has waited longest.
    SETUP_FULL(false),
    /// Not one line, or no login, in time.
    SETUP_LATE(false),
    /// No byte for as long as the operator allows.
    SILENT(false),
    /// Bytes, but no submission for hours.
    NO_SHARES(false),
    /// It does not read what it is sent.
    UNREAD(false),
    /// What cannot be a line of the protocol.
    MALFORMED(false),
    /// A browser, or an old miner looking for Stratum; it got a page.
    HTTP(false),
    /// A TLS handshake that failed.
    HANDSHAKE(false),
    /// From a proxy of ours, without a PROXY header or with a wrong one.
    PROXY_HEADER(false),
    /// It has delivered no work, and sends too much.
    MESSAGES(false),
    /// Lines that were understood and wrong, too many a minute.
    PROTOCOL_ERRORS(true),
    /// Names that cannot be logged in with, too many a minute.
    FAILED_LOGINS(true),
    /// Nothing but refused shares for minutes.
    INVALID_SHARES(true);

    private final boolean isOffence;

    CloseReason(boolean isOffence) {
        this.isOffence = isOffence;
    }

    /// Those for which a source is kept out, by their labels.
    static Map<String, CloseReason> offences() {
        return Arrays.stream(values())
                .filter(CloseReason::isOffence)
                .collect(Collectors.toUnmodifiableMap(CloseReason::label, Function.identity()));
    }

    /// Whether its source is kept out for a while, unless it has credit.
    public boolean isOffence() {
        return isOffence;
    }

    /// As metrics, logs and the API name it.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
