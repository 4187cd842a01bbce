package adit.ledger.postgres;

import adit.ledger.journal.JournalRecord;

/// A share of the journal with its references turned into the ids of this database.
record ShareRow(
        JournalRecord.Share share, long accountId, long workerId, References.KnownJob job) {}
