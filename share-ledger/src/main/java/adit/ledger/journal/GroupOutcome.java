package adit.ledger.journal;

/// What became of a group, told exactly once.
///
/// **Seam:** called on the `journal` thread (after [ShareJournal#close], on the appending one). It must
/// only hand over to its own thread: everything acknowledged waits behind it. It must not throw.
public interface GroupOutcome {
    /// Every record of the group is on stable storage.
    void durable(RecordGroup group);

    /// Not acknowledged; the records may or may not be found in the journal later.
    void refused(RecordGroup group, JournalUnavailable why);
}
