package adit.server.job;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

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
/// A job's number begins with the journal's epoch, so that miners who come back after a restart quote
/// numbers that are unknown rather than another job's. Epoch and count also stand in the coinbase: two jobs
/// on equal templates never hold the same work, and a share of an earlier run can never be one of this.
///
/// **Owner:** the `jobs` thread; node threads only hand templates over.
public final class JobMaker implements TemplateListener {

    public static final int REISSUE_BYTES = 1;

    /// What a coinbase leaves open: which re-issue of the job it is, the channel's prefix, and what the
    /// miner varies.
    public static final int EXTRANONCE_BYTES =
            REISSUE_BYTES + ExtranonceSpace.PREFIX_BYTES + ExtranonceSpace.ROLLABLE_BYTES;

    private static final int COUNTER_BITS = 20;
    private static final long NUMBER_MASK = 0xffff_ffffL;

    private final JobBoard board;
    private final byte[] payoutScript;
    private final byte[] tag;
    private final int versionMask;
    private final Executor jobs;
    private final TipRecord tips;
    private final EventLog events;
    private final int epoch;
    private int count;
    private @Nullable Hash tip;
    private boolean withoutTemplate;

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
            Executor jobs,
            EventLog events) {
        this.board = board;
        this.payoutScript = payoutScript;
        this.tag = tag.getBytes(StandardCharsets.UTF_8);
        this.versionMask = versionMask;
        this.epoch = epoch;
        this.tips = tips;
        this.jobs = jobs;
        this.events = events;
    }

    @Override
    public void template(Template template) {
        jobs.execute(() -> {
            try {
                publish(template);
            } catch (RuntimeException defect) {
                events.bug("making a job, so miners keep the one they have", defect);
            }
        });
    }

    @Override
    public void noTemplate(String why) {
        jobs.execute(() -> {
            withoutTemplate = true;
            events.noTemplate(why);
            board.withdraw();
        });
    }

    private void publish(Template template) {
        if (withoutTemplate) {
            withoutTemplate = false;
            events.templatesAreBack(template.node(), template.height());
        }
        count++;
        long number = ((long) epoch << COUNTER_BITS) + count & NUMBER_MASK;
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
        if (!template.previousHash().equals(tip)) {
            tip = template.previousHash();
            tips.tip(template.previousHash().bytes(), template.height(), template.nBits());
            events.newTip(template.previousHash().displayHex(), template.height(), template.node());
        }
        Check.that(
                CoinbaseClass.TINY_SOC.holds(
                        coinbase.strippedBytes(), template.branch().siblings().size()),
                "the pool's own coinbase fits every firmware");
        board.publish(new Job(number, template, coinbase, versionMask));
    }
}
