package adit.ledger.journal;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/// The references that the current segment has explained already.
///
/// **Owner:** `journal`. **Limits:** by the size of a segment, as every entry was a record in it.
final class Declared {
    private final Set<Long> jobs = new HashSet<>();
    private final BitSet accounts = new BitSet();
    private final BitSet workers = new BitSet();

    /// Each answers whether the reference is new here, and remembers it.
    boolean isNewJob(long ref) {
        return jobs.add(ref);
    }

    boolean isNewAccount(int ref) {
        boolean isNew = !accounts.get(ref);
        accounts.set(ref);
        return isNew;
    }

    boolean isNewWorker(int ref) {
        boolean isNew = !workers.get(ref);
        workers.set(ref);
        return isNew;
    }

    void clear() {
        jobs.clear();
        accounts.clear();
        workers.clear();
    }
}
