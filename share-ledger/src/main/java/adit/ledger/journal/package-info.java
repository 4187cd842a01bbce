/// The share journal: checksummed records in files of our own, synced before anything is acknowledged.
///
/// Event loops fill a [RecordGroup] and hand it to [ShareJournal#append]; the one platform thread
/// `journal` ([JournalWriter]) stamps, writes and syncs groups in file order; `journal-zero-fill`
/// prepares the next segment. Readers ([JournalReader], one owner each) see durable records only.
/// This package imports java.base and SLF4J and knows nothing of databases or sockets.
///
/// Start at [JournalSegment] (the file format), then [RecordFormat], [JournalWriter],
/// [JournalRecovery]. The promises are written in `docs/internals/journal-format.md`.
package adit.ledger.journal;
