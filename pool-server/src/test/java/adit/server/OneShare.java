package adit.server;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import adit.ledger.journal.GroupOutcome;
import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.JournalUnavailable;
import adit.ledger.journal.RecordGroup;
import adit.ledger.journal.ShareClass;
import adit.ledger.journal.ShareJournal;

import static org.assertj.core.api.Assertions.assertThat;

/// A share of a miner's, in a real journal.
final class OneShare {

    static final int HEIGHT = 840_000;
    static final int NBITS = 0x1c03fffc;
    static final long JOB = 7;

    private OneShare() {}

    /// With its job.
    static RecordGroup of(int account, int worker, byte[] hash, long rewardSats) {
        var group = new RecordGroup(16);
        group.needs(
                new JournalRecord.Job(
                        0,
                        0,
                        JOB,
                        HEIGHT,
                        new byte[32],
                        NBITS,
                        0x20000000,
                        0,
                        1_800_000_000,
                        rewardSats,
                        rewardSats,
                        new byte[60],
                        12,
                        new byte[60],
                        List.of()));
        group.share(
                account,
                worker,
                JOB,
                1L << 32,
                1_800_000_000,
                1,
                0x20000000,
                0,
                ShareClass.ACCEPTED,
                new byte[12],
                0,
                12,
                hash,
                1);
        return group;
    }

    /// Durable when this returns.
    static void append(ShareJournal journal, RecordGroup group) throws InterruptedException {
        var durable = new CountDownLatch(1);
        journal.append(
                group,
                new GroupOutcome() {
                    @Override
                    public void durable(RecordGroup done) {
                        durable.countDown();
                    }

                    @Override
                    public void refused(RecordGroup done, JournalUnavailable why) {
                        throw why;
                    }
                });
        assertThat(durable.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
