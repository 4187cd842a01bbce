package adit.server.source;

import java.time.Instant;

/// A source that is kept out for a while, as an operator sees it.
///
/// @param source an IPv4 address or an IPv6 /64
/// @param count how many penalties it has had in a row; each doubles the next
public record Penalty(String source, CloseReason reason, Instant since, Instant until, int count) {}
