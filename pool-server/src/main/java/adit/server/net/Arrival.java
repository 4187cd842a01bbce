package adit.server.net;

import java.net.InetSocketAddress;

import adit.server.source.Visit;

/// A connection that has said what it is, as its session is told.
///
/// @param client who is calling: the one a proxy of ours speaks for, otherwise the other end of the socket
/// @param acceptedNanos when it came, on the loop's clock
/// @param visit its place among the sources
public record Arrival(InetSocketAddress client, long acceptedNanos, Visit visit) {}
