package adit.server;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

import adit.server.control.ControlCommand;
import adit.server.control.Conversation;
import adit.server.source.Penalty;
import adit.server.source.SourceAddress;
import adit.server.source.Sources;

/// `bans`: lists the sources that are kept out, and lets one in again.
///
/// ```text
/// bans list · bans lift ADDRESS
/// ```
/// **Owner:** conversations over the control socket.
final class BansControl implements ControlCommand {

    private final Sources sources;
    private final InstantSource wallClock;

    BansControl(Sources sources, InstantSource wallClock) {
        this.sources = sources;
        this.wallClock = wallClock;
    }

    @Override
    public String run(List<String> words, Conversation conversation) throws Refusal {
        if (words.equals(List.of("list"))) {
            var penalties = sources.penalties(wallClock);
            return penalties.isEmpty()
                    ? "No source is kept out."
                    : penalties.stream().map(BansControl::told).collect(Collectors.joining("\n"));
        }
        if (words.size() == 2 && words.getFirst().equals("lift")) {
            return lift(words.getLast());
        }
        throw new Refusal("Say bans list, or bans lift ADDRESS.");
    }

    private String lift(String address) throws Refusal {
        var source =
                SourceAddress.parse(address)
                        .orElseThrow(
                                () -> new Refusal("'%s' is no IP address.".formatted(address)));
        if (!sources.lift(source)) {
            throw new Refusal("%s has no penalty.".formatted(source));
        }
        return "%s may come in again.".formatted(source);
    }

    private static String told(Penalty penalty) {
        return "%s until %s: %s, penalty %d in a row"
                .formatted(
                        penalty.source(),
                        penalty.until().truncatedTo(ChronoUnit.SECONDS),
                        penalty.reason().label(),
                        penalty.count());
    }
}
