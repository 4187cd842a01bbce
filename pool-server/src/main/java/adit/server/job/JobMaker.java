package adit.server.job;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import adit.node.Proposal;
import adit.node.TemplateListener;
import adit.pow.Coinbase;
import adit.pow.CoinbaseOutput;
import adit.pow.Hash;
import adit.pow.Job;
import adit.pow.Template;
import adit.server.firmware.CoinbaseClass;
import adit.server.metrics.EventLog;

/// Makes one job of every template a node offers and puts it on the [JobBoard]: its coinbase pays the pool alone, so it
/// is small enough for every firmware and one for all. Where a finder is paid itself, [DirectJobs] makes another of it.
///
/// Where a job's number begins to count depends on the journal's epoch, so that miners who come back after a restart
/// quote numbers that are unknown rather than another job's. Epoch and count also stand in the coinbase: two jobs
/// on equal templates never hold the same work, and a share of an earlier run can never be one of this.
///
/// Each job is proven by its node while it is mined. One the node refuses gives way at once to one without
/// transactions, and from then on full templates of that node are proven before they are mined, until one is good.
///
/// **Owner:** the `jobs` thread; node threads only hand templates over.
public final class JobMaker implements TemplateListener {

    private static final Logger LOG = LoggerFactory.getLogger(JobMaker.class);

    public static final int REISSUE_BYTES = 1;

    /// What a coinbase leaves open: which re-issue of the job it is, the channel's prefix, and what the
    /// miner varies.
    public static final int EXTRANONCE_BYTES =
            REISSUE_BYTES + ExtranonceSpace.PREFIX_BYTES + ExtranonceSpace.ROLLABLE_BYTES;

    /// The golden section of 2^32: its multiples lie as far from one another as so many can.
    private static final int EPOCHS_APART = 0x9e37_79b9;

    private final JobBoard board;
    private final byte[] payoutScript;
    private final byte[] tag;
    private final int versionMask;
    private final Executor jobs;
    private final TipRecord tips;
    private final JobProof proof;
    private final EventLog events;
    private final LongSupplier nanoClock;
    private final int epoch;
    private int count;
    private @Nullable Hash tip;
    private boolean withoutTemplate;

    /// The node whose last full template was refused by itself; empty for none.
    private String doubtedNode = "";

    /// Where a change of tip is written down: the journal.
    @FunctionalInterface
    public interface TipRecord {
        void tip(byte[] previousHash, int height, int nBits);
    }

    public JobMaker(
            JobBoard board,
            byte[] payoutScript,
            String tag,
            int versionMask,
            int epoch,
            TipRecord tips,
            JobProof proof,
            Executor jobs,
            EventLog events,
            LongSupplier nanoClock) {
        this.board = board;
        this.payoutScript = payoutScript;
        this.tag = tag.getBytes(StandardCharsets.UTF_8);
        this.versionMask = versionMask;
        this.epoch = epoch;
        this.tips = tips;
        this.proof = proof;
        this.jobs = jobs;
        this.events = events;
        this.nanoClock = nanoClock;
    }

    @Override
    public void template(Template template) {
        // What waits for its turn here is known already: a miner told late by that is late by our
        // fault.
        long known = nanoClock.getAsLong();
        hand(() -> {
            try {
                publish(template, known);
            } catch (RuntimeException defect) {
                events.bug("making a job, so miners keep the one they have", defect);
            }
        });
    }

    @Override
    public void awaitTold(Hash newTip) throws InterruptedException {
        board.awaitTold(newTip);
    }

    @Override
    public void noTemplate(String why) {
        hand(() -> {
            withoutTemplate = true;
            events.noTemplate(why);
            board.withdraw();
        });
    }

    private void hand(Runnable task) {
        try {
            jobs.execute(task);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("a node's word came too late", stopping);
        }
    }

    private void publish(Template template, long knownNanos) {
        if (withoutTemplate) {
            withoutTemplate = false;
            events.templatesAreBack(template.node(), template.height());
        }
        if (!template.isEmpty() && template.node().equals(doubtedNode)) {
            proveFirst(template, knownNanos);
            return;
        }
        var job = job(template);
        publish(job, knownNanos);
        proof.ask(job, answer -> whileMined(job, answer));
    }

    /// A full template of a node that refused its last one.
    private void proveFirst(Template template, long knownNanos) {
        if (board.current().isEmpty() || !template.previousHash().equals(tip)) {
            publish(job(withoutTransactions(template)), knownNanos);
        }
        var full = job(template);
        proof.ask(
                full,
                answer -> {
                    switch (answer) {
                        case Proposal.Invalid(var why) -> tellRefused(template, why);
                        case Proposal.Outdated() -> {}
                        case Proposal.Valid(), Proposal.NotChecked(_) -> {
                            doubtedNode = "";
                            if (template.previousHash().equals(tip)
                                    && board.current().isPresent()) {
                                publish(full, nanoClock.getAsLong());
                            }
                        }
                    }
                });
    }

    /// The answer about a job that is out.
    private void whileMined(Job job, Proposal answer) {
        if (!(answer instanceof Proposal.Invalid(var why))) {
            return;
        }
        var template = job.template();
        tellRefused(template, why);
        if (!template.isEmpty()) {
            doubtedNode = template.node();
        }
        var mined = board.current();
        if (mined.isEmpty() || !mined.get().template().node().equals(template.node())) {
            return;
        }
        if (template.isEmpty()) {
            board.withdraw();
        } else if (template.previousHash().equals(tip)) {
            var safe = job(withoutTransactions(template));
            board.replace(safe, nanoClock.getAsLong());
            proof.ask(safe, next -> whileMined(safe, next));
        }
    }

    private void tellRefused(Template template, String why) {
        events.templateRefused(template.height(), template.node(), why);
    }

    private void publish(Job job, long knownNanos) {
        var template = job.template();
        if (!template.previousHash().equals(tip)) {
            tip = template.previousHash();
            tips.tip(template.previousHash().bytes(), template.height(), template.nBits());
            events.newTip(template.previousHash().displayHex(), template.height(), template.node());
        }
        board.publish(job, knownNanos);
    }

    private Job job(Template template) {
        count++;
        long uniqueness = (long) epoch << Integer.SIZE | count;
        var output = new CoinbaseOutput(payoutScript, template.coinbaseValueSats());
        var coinbase =
                Coinbase.of(
                        template.height(),
                        uniqueness,
                        EXTRANONCE_BYTES,
                        tag,
                        List.of(output),
                        template.witnessCommitment());
        Check.that(
                CoinbaseClass.TINY_SOC.holds(coinbase.strippedBytes(), template.branch().levels()),
                "the pool's own coinbase fits every firmware");
        return new Job(number(epoch, count), template, coinbase, versionMask);
    }

    /// 32 bits, which begin again after the last: for more than 2^27 jobs no number of another epoch of the last twenty.
    static long number(int epoch, int count) {
        return Integer.toUnsignedLong(epoch * EPOCHS_APART + count);
    }

    private static Template withoutTransactions(Template full) {
        return new Template(
                full.id(),
                full.version(),
                full.previousHash(),
                full.height(),
                full.nBits(),
                full.minTime(),
                full.currentTime(),
                full.subsidySats(),
                full.subsidySats(),
                List.of(),
                full.node());
    }
}
