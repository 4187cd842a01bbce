package adit.server;

import adit.ledger.journal.ShareJournal;
import adit.server.session.v1.V1Loop;

/// The numbers that stand for names in the journal, as sessions ask for them.
record JournalReferences(ShareJournal journal) implements V1Loop.References {
    @Override
    public int accountRef(String account) {
        return journal.accountRef(account);
    }

    @Override
    public int workerRef(int accountRef, String worker, String scheme, int feeBps) {
        return journal.workerRef(accountRef, worker, scheme, feeBps);
    }
}
