package adit.server.takeover;

import java.util.List;

/// What one process hands to the next: its listening sockets, and which miner holds which prefix.
///
/// @param channels one line each, in the words of the sessions' own room
public record HandedOver(List<Port> ports, List<String> channels) {

    /// Where there was nobody to hand anything over.
    public static final HandedOver NOTHING = new HandedOver(List.of(), List.of());

    public HandedOver {
        ports = List.copyOf(ports);
        channels = List.copyOf(channels);
    }

    /// A listening socket.
    ///
    /// @param host as the configuration names it
    /// @param descriptor its number in this process
    public record Port(String host, int port, int descriptor) {}
}
