package adit.server.net;

import java.net.InetAddress;

import adit.server.source.Visit;

/// A connection that has said what it is, as its session is told.
///
/// @param client who is calling
/// @param acceptedNanos when it came, on the loop's clock
/// @param visit its place among the sources
public record Arrival(InetAddress client, long acceptedNanos, Visit visit) {}
