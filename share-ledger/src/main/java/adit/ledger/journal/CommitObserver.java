package adit.ledger.journal;

/// Watches the disk for the operator's gauges.
///
/// **Seam:** called on the `journal` thread after every commit; must return at once.
public interface CommitObserver {
    CommitObserver NONE = (records, bytes, nanos) -> {};

    /// One write and its sync, which took `nanos` together.
    void committed(int records, int bytes, long nanos);
}
