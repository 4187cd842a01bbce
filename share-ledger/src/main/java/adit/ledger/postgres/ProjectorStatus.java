package adit.ledger.postgres;

/// Where the projector stands: the next record it will store, how many durable ones wait, and what stops it ("" if
/// nothing does).
public record ProjectorStatus(int epoch, long nextSequence, long waitingRecords, String trouble) {}
