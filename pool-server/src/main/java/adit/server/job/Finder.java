package adit.server.job;

/// Whom the blocks of a channel pay in their own coinbase: the account's reference in the journal, and its script.
@SuppressWarnings("ArrayRecordComponent") // a script, never mutated and never compared as a record
public record Finder(int accountRef, byte[] script) {}
