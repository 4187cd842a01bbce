package adit.server.channel;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import adit.ledger.journal.GroupOutcome;
import adit.ledger.journal.JournalUnavailable;
import adit.ledger.journal.RecordGroup;
import adit.ledger.journal.ShareJournal;

/// An event loop that runs its tasks when the test says so, on the test's own thread.
public final class ManualLoop implements Executor {

    private static final int DEADLINE_SECONDS = 20;

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /// Runs what is queued now, and what that queues.
    public void runAll() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /// Runs tasks as they come, until the condition holds.
    ///
    /// @return how many
    int runUntil(BooleanSupplier condition) {
        int run = 0;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            try {
                var task = tasks.poll(Math.max(left, 0), TimeUnit.NANOSECONDS);
                if (task == null) {
                    throw new AssertionError("nothing more happened, and the condition is not met");
                }
                task.run();
                run++;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
        return run;
    }

    /// Runs tasks until the journal has told what became of all it was given, and nothing more comes of that. Not even
    /// its having nothing in flight says so: it tells afterwards.
    public void settle(ShareJournal journal) {
        int run;
        do {
            runAll();
            var isTold = new AtomicBoolean();
            journal.append(new RecordGroup(1), new Fence(() -> isTold.set(true)));
            run = runUntil(isTold::get);
        } while (run > 1);
    }

    /// A group without records, whose outcome is told after those of all before it.
    private final class Fence implements GroupOutcome {
        private final Runnable told;

        Fence(Runnable told) {
            this.told = told;
        }

        @Override
        public void durable(RecordGroup group) {
            execute(told);
        }

        @Override
        public void refused(RecordGroup group, JournalUnavailable why) {
            execute(told);
        }
    }
}
