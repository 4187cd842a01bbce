package adit.ledger.journal;

/// What an operator may choose about the journal.
///
/// **Limits:** names live in memory for the whole epoch, about 200 bytes each, hence the bounds on
/// accounts and workers. `segmentBytes` is where a segment is sealed; one group may reach past it.
public record JournalSettings(
        int serverId, int segmentBytes, long leastFreeBytes, int maxAccounts, int maxWorkers) {
    static final int LEAST_SEGMENT_BYTES = 1024;

    public JournalSettings {
        Field.that(serverId >= 0 && serverId <= 255, "server id");
        Field.that(segmentBytes >= LEAST_SEGMENT_BYTES, "segment bytes");
        Field.that(leastFreeBytes >= 0, "least free bytes");
        Field.that(maxAccounts > 0 && maxWorkers > 0, "accounts and workers");
    }
}
