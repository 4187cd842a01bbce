package adit.ledger.journal;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Opens and reads journals for tests, with everything on the journal's own thread.
final class Journals {
    static final UUID NODE = UUID.fromString("0b5e2f1c-1d2e-4f3a-8b4c-5d6e7f809102");

    private Journals() {}

    static ShareJournal open(JournalStorage storage, int segmentBytes) {
        return open(storage, segmentBytes, InstantSource.fixed(Samples.NOON));
    }

    static ShareJournal open(JournalStorage storage, int segmentBytes, InstantSource clock) {
        return ShareJournal.open(Samples.settings(segmentBytes), storage, seams(clock));
    }

    static JournalSeams seams(InstantSource clock) {
        return new JournalSeams(
                clock, System::nanoTime, () -> NODE, Runnable::run, CommitObserver.NONE);
    }

    /// Everything there is, of all epochs, in order.
    static List<JournalRecord> readAll(ShareSource source) {
        var all = new ArrayList<JournalRecord>();
        for (var extent : source.epochs()) {
            long next = extent.firstSequence();
            while (next <= extent.lastSequence()) {
                var some = source.read(extent.epoch(), next, 50);
                all.addAll(some);
                next += some.size();
            }
        }
        return all;
    }

    static List<Integer> nonces(List<JournalRecord> records) {
        return records.stream()
                .filter(JournalRecord.Share.class::isInstance)
                .map(record -> ((JournalRecord.Share) record).nonce())
                .toList();
    }

    /// Appends one group and waits until it is durable.
    static void append(ShareJournal journal, RecordGroup group) throws Exception {
        var outcomes = new Outcomes();
        journal.append(group, outcomes);
        var told = outcomes.next();
        if (!told.isDurable()) {
            throw new IllegalStateException("refused: " + told.refusal());
        }
    }
}
