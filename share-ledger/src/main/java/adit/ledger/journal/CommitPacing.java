package adit.ledger.journal;

import java.util.concurrent.TimeUnit;

/// Decides whether a commit is worth holding back for more records.
///
/// A write and sync costs the same for one record as for hundreds, so under heavy traffic commits of
/// [#HOLD_RECORDS] carry most; one busy connection, though, only waits for its own replies, and holding
/// would slow it down. Hence: hold only above [#BUSY_RECORDS_PER_SECOND] from several connections.
///
/// **Owner:** `journal`.
final class CommitPacing {
    static final int HOLD_RECORDS = 128;
    static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    static final int BUSY_RECORDS_PER_SECOND = 10_000;

    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long BUSY_RECORDS_PER_WINDOW =
            BUSY_RECORDS_PER_SECOND * WINDOW_NANOS / TimeUnit.SECONDS.toNanos(1);

    private final DistinctConnections connections = new DistinctConnections();
    private long windowStart;
    private long recordsInWindow;
    private boolean busy;

    CommitPacing(long nowNanos) {
        windowStart = nowNanos;
    }

    void took(RecordGroup group) {
        recordsInWindow += group.records();
        connections.addAll(group.connections());
    }

    boolean holds(long nowNanos) {
        long passed = nowNanos - windowStart;
        if (passed >= WINDOW_NANOS) {
            // A long pause makes the rate low however much came right after it.
            busy =
                    connections.areMany()
                            && recordsInWindow >= BUSY_RECORDS_PER_WINDOW * (passed / WINDOW_NANOS);
            windowStart = nowNanos;
            recordsInWindow = 0;
            connections.clear();
        }
        return busy;
    }
}
