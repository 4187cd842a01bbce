package adit.server.job;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import adit.node.Proposal;
import adit.pow.Job;
import adit.server.metrics.PoolMetrics;

/// The question to a node what it thinks of the block we would make of its own template, asked beside the work.
///
/// Miners do not wait for the answer: a job is out at once, and taken back where the node says no.
///
/// **Owner:** the `jobs` thread; the node is asked on a virtual thread. **Limits:** one question at a time; of the jobs
/// that come meanwhile the newest is asked about next.
public final class JobProof {
    private static final Logger LOG = LoggerFactory.getLogger(JobProof.class);

    private final Node node;
    private final Executor jobs;
    private final PoolMetrics metrics;
    private boolean isAsking;
    private @Nullable Question next;

    /// **Seam:** the node a template came from.
    public interface Node {
        /// What it thinks of a block without proof of work; waits for the answer.
        Proposal propose(byte[] block, String node);

        /// It refused what it had offered: another is to be preferred for a while.
        void avoid(String node);
    }

    private record Question(Job job, Consumer<Proposal> answer) {
        byte[] block() {
            return job.block(new byte[JobMaker.EXTRANONCE_BYTES], 0, job.ntime(), 0);
        }
    }

    public JobProof(Node node, Executor jobs, PoolMetrics metrics) {
        this.node = node;
        this.jobs = jobs;
        this.metrics = metrics;
    }

    /// Asks about a job; the answer comes on the `jobs` thread, or never where a newer job took its place.
    void ask(Job job, Consumer<Proposal> answer) {
        var question = new Question(job, answer);
        if (isAsking) {
            next = question;
        } else {
            start(question);
        }
    }

    private void start(Question question) {
        isAsking = true;
        Thread.ofVirtual()
                .name("proposal")
                .start(() -> {
                    var proposal = propose(question);
                    try {
                        jobs.execute(() -> answered(question, proposal));
                    } catch (RejectedExecutionException stopping) {
                        LOG.debug("an answer to a proposal came too late", stopping);
                    }
                });
    }

    private Proposal propose(Question question) {
        try {
            return node.propose(question.block(), question.job.template().node());
        } catch (RuntimeException defect) {
            return new Proposal.NotChecked("asking failed: " + defect);
        }
    }

    private void answered(Question question, Proposal proposal) {
        isAsking = false;
        switch (proposal) {
            case Proposal.Valid() -> metrics.proposal("valid");
            case Proposal.Outdated() -> metrics.proposal("outdated");
            case Proposal.NotChecked(var why) -> {
                metrics.proposal("not_checked");
                LOG.debug("a template was not checked: {}", why);
            }
            case Proposal.Invalid _ -> {
                metrics.proposal("invalid");
                node.avoid(question.job.template().node());
            }
        }
        question.answer.accept(proposal);
        var waiting = next;
        if (!isAsking && waiting != null) {
            next = null;
            start(waiting);
        }
    }
}
