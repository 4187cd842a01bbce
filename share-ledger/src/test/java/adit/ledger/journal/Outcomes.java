package adit.ledger.journal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Collects what became of groups, for a test that waits.
final class Outcomes implements GroupOutcome {
    private static final long DEADLINE_SECONDS = 20;

    private final LinkedBlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private final List<Told> all = new CopyOnWriteArrayList<>();

    /// @param refusal "" for durable
    record Told(RecordGroup group, String refusal) {
        boolean isDurable() {
            return refusal.isEmpty();
        }
    }

    @Override
    public void durable(RecordGroup group) {
        tell(new Told(group, ""));
    }

    @Override
    public void refused(RecordGroup group, JournalUnavailable why) {
        tell(new Told(group, why.reason().name()));
    }

    List<Told> all() {
        return all;
    }

    Told next() throws InterruptedException, TimeoutException {
        var next = told.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new TimeoutException("a group was never answered");
        }
        return next;
    }

    private void tell(Told outcome) {
        all.add(outcome);
        told.add(outcome);
    }
}
