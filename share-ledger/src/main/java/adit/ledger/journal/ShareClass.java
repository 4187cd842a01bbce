package adit.ledger.journal;

/// Why a share is in the journal and whether it earns.
///
/// **Invariant:** a code is odd where the share weighs nothing, so that a reader knows what a class earns that
/// only a later writer knows.
public enum ShareClass {
    /// On time, credited.
    ACCEPTED(0),
    /// Rejected for lateness alone; kept as evidence, weight 0.
    STALE(1),
    /// Late within the grace period, credited.
    GRACE(2),
    /// Late because the pool told this miner of the new tip too late: credited, and paid for by the operator.
    OURS(4);

    /// The scheme in the terms under which such shares are recorded, whatever scheme the worker is paid by.
    public static final String OURS_SCHEME = "OURS";

    private static final int WEIGHTLESS = 1;

    private final byte code;

    ShareClass(int code) {
        this.code = (byte) code;
    }

    public boolean isCredited() {
        return this != STALE;
    }

    /// As it is written in the journal, and in PostgreSQL.
    public byte code() {
        return code;
    }

    static ShareClass ofCode(int code) {
        return switch (code) {
            case 0 -> ACCEPTED;
            case 1 -> STALE;
            case 2 -> GRACE;
            case 4 -> OURS;
            // Of a later version: what it earns is said by its lowest bit.
            default -> (code & WEIGHTLESS) == 0 ? ACCEPTED : STALE;
        };
    }
}
