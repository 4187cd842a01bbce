package adit.server.net;

import java.net.InetAddress;

/// A connection that has said what it is, as its session is told.
///
/// @param client who is calling
/// @param acceptedNanos when it came, on the loop's clock
public record Arrival(InetAddress client, long acceptedNanos) {}
