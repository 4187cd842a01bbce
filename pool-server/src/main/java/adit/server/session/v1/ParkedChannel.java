package adit.server.session.v1;

import java.util.Optional;

/// A channel as another process takes it over: who may come back for it, and what it gets.
///
/// @param sessionId as the miner was told it, 24 hex digits
/// @param agent what the miner called itself, printable ASCII; only the same may come back
public record ParkedChannel(String sessionId, long difficultyUnits, String agent) {

    private static final int PARTS = 3;

    /// One line, which [#parse] reads in the other process.
    public String line() {
        return "%s %d %s".formatted(sessionId, difficultyUnits, agent);
    }

    /// Empty where the line is of a version that says it in another way.
    public static Optional<ParkedChannel> parse(String line) {
        var parts = line.split(" ", PARTS);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            long units = Long.parseLong(parts[1]);
            return units > 0
                    ? Optional.of(new ParkedChannel(parts[0], units, parts[2]))
                    : Optional.empty();
        } catch (NumberFormatException foreign) {
            return Optional.empty();
        }
    }
}
