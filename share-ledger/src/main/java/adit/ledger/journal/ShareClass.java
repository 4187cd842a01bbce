package adit.ledger.journal;

/// Why a share is in the journal and whether it earns.
public enum ShareClass {
    /// On time, credited.
    ACCEPTED(0),
    /// Rejected for lateness alone; kept as evidence, weight 0.
    STALE(1),
    /// Late within the grace period, credited.
    GRACE(2);

    private final byte code;

    ShareClass(int code) {
        this.code = (byte) code;
    }

    public boolean isCredited() {
        return this != STALE;
    }

    byte code() {
        return code;
    }

    static ShareClass ofCode(int code) {
        return switch (code) {
            case 0 -> ACCEPTED;
            case 1 -> STALE;
            case 2 -> GRACE;
            default -> throw new IllegalArgumentException("share class " + code);
        };
    }
}
