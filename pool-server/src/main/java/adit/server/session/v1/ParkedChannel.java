package adit.server.session.v1;

/// A channel as another process takes it over: who may come back for it, and what it gets.
///
/// @param sessionId as the miner was told it, 24 hex digits
/// @param agent what the miner called itself; only the same may come back
public record ParkedChannel(String sessionId, long difficultyUnits, String agent) {}
