package adit.server.firmware;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What is known of miners' firmware, found by the agent a miner names itself with.
///
/// Entries are tried in the order of the file and the first that fits decides. Case is not looked at. An agent that
/// fits none, or none at all, is [Firmware#UNKNOWN].
///
/// **Invariant:** immutable. **Limits:** agents of [#MAX_AGENT_CHARS] printable characters; what is beyond is cut off.
public final class FirmwareBook {
    public static final int MAX_AGENT_CHARS = 128;

    private final List<Entry> entries;

    /// One kind of firmware, the agents it goes by, and where each fact about it comes from, by the fact's key.
    record Entry(
            Firmware firmware, String startsWith, String contains, Map<String, String> sources) {
        boolean fits(String lowerCaseAgent) {
            return contains.isEmpty()
                    ? lowerCaseAgent.startsWith(startsWith.toLowerCase(Locale.ROOT))
                    : lowerCaseAgent.contains(contains.toLowerCase(Locale.ROOT));
        }
    }

    FirmwareBook(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    List<Entry> entries() {
        return entries;
    }

    public Firmware of(String agent) {
        var clean = clean(agent).toLowerCase(Locale.ROOT);
        for (var entry : entries) {
            if (entry.fits(clean)) {
                return entry.firmware();
            }
        }
        return Firmware.UNKNOWN;
    }

    /// An agent as it may be shown: printable ASCII only, not too long.
    public static String clean(String agent) {
        var clean = new StringBuilder(Math.min(agent.length(), MAX_AGENT_CHARS));
        for (int i = 0; i < agent.length() && clean.length() < MAX_AGENT_CHARS; i++) {
            char c = agent.charAt(i);
            if (c >= ' ' && c <= '~') {
                clean.append(c);
            }
        }
        return clean.toString();
    }
}
