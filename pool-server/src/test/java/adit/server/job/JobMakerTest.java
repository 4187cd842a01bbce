package adit.server.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import adit.node.Proposal;
import adit.pow.Hash;
import adit.pow.Job;
import adit.pow.Template;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;

import static org.assertj.core.api.Assertions.assertThat;

/// What miners work on while a node is asked about its own templates.
final class JobMakerTest {

    private static final Proposal VALID = new Proposal.Valid();
    private static final Proposal REFUSED = new Proposal.Invalid("bad-txns");

    private final ArrayDeque<Runnable> jobsThread = new ArrayDeque<>();
    private final FakeProver node = new FakeProver();
    private final List<String> heard = new ArrayList<>();
    private final List<Long> known = new ArrayList<>();
    private long nanos = 7;
    private final JobBoard board = new JobBoard();
    private final LinkedBlockingQueue<Runnable> handedOver = new LinkedBlockingQueue<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final JobMaker maker =
            new JobMaker(
                    board,
                    SampleJobs.PAYOUT_SCRIPT,
                    "/adit/",
                    SampleJobs.MASK,
                    1,
                    (_, _, _) -> {},
                    new JobProof(node, handedOver::add, new PoolMetrics(meters)),
                    jobsThread::add,
                    new EventLog(),
                    () -> nanos);

    JobMakerTest() {
        board.addAudience(
                new JobBoard.Audience() {
                    @Override
                    public void announce(Job job, boolean newTip, long knownNanos, Runnable told) {
                        told.run();
                        known.add(knownNanos);
                        heard.add(
                                (job.template().isEmpty() ? "empty" : "full")
                                        + (newTip ? ", clean" : ""));
                    }

                    @Override
                    public void workEnds() {
                        heard.add("end");
                    }
                });
    }

    @Test
    void numbersNoJobOfARunLikeOneOfTheRunsBeforeIt() {
        for (int epoch = 1; epoch < 10_000; epoch++) {
            int last = (int) JobMaker.number(epoch, (1 << 27) - 1);
            for (int later = epoch + 1; later <= epoch + 20; later++) {
                int first = (int) JobMaker.number(later, 0);
                assertThat(Integer.toUnsignedLong(last - first))
                        .as("from epoch %d to epoch %d", epoch, later)
                        .isGreaterThanOrEqualTo(1L << 27);
            }
        }
        assertThat(JobMaker.number(1, 8)).isEqualTo(JobMaker.number(1, 7) + 1);
    }

    @Test
    void doesNotLetMinersWaitForTheProof() throws Exception {
        offer(full(1));
        assertThat(heard).containsExactly("full, clean");

        answer(VALID);
        assertThat(heard).containsExactly("full, clean");
        assertThat(meters.get("adit.template.proposals").tag("answer", "valid").counter().count())
                .isEqualTo(1);
    }

    @Test
    void movesMinersOffAJobItsNodeRefusesAtOnce() throws Exception {
        offer(full(1));
        answer(REFUSED);

        assertThat(heard).containsExactly("full, clean", "empty, clean");
        assertThat(node.avoided).containsExactly("sample");
        assertThat(board.current().orElseThrow().rewardSats()).isEqualTo(SampleJobs.SUBSIDY_SATS);
    }

    @Test
    void provesFullTemplatesOfThatNodeBeforeTheyAreMined() throws Exception {
        offer(full(1));
        answer(REFUSED);
        answer(VALID);
        offer(full(2));
        answer(REFUSED);
        offer(full(3));
        assertThat(heard).containsExactly("full, clean", "empty, clean");

        answer(VALID);
        assertThat(heard).containsExactly("full, clean", "empty, clean", "full");
        offer(full(4));
        assertThat(heard).hasSize(4);
    }

    @Test
    void givesNewTipsOfThatNodeWithoutTransactionsFirst() throws Exception {
        offer(full(1));
        answer(REFUSED);
        answer(VALID);

        offer(template(2, SampleJobs.TIP_B));

        assertThat(heard).containsExactly("full, clean", "empty, clean", "empty, clean");
        answer(VALID);
        assertThat(heard.getLast()).isEqualTo("full");
    }

    @Test
    void takesDownAJobThatIsRefusedEvenWithoutTransactions() throws Exception {
        offer(full(1));
        answer(REFUSED);
        answer(REFUSED);

        assertThat(heard).containsExactly("full, clean", "empty, clean", "end");
    }

    @Test
    void asksAboutTheNewestJobNext() throws Exception {
        offer(full(1));
        offer(full(2));
        offer(full(3));
        answer(new Proposal.Outdated());
        answer(REFUSED);
        answer(VALID);

        // About the first job, the third, and the one that took its place.
        assertThat(node.asked).hasSize(3);
        assertThat(heard).containsExactly("full, clean", "full", "full", "empty, clean");
    }

    @Test
    void minesOnWhereTheNodeCannotBeAsked() throws Exception {
        offer(full(1));
        answer(new Proposal.NotChecked("method not found"));

        assertThat(heard).containsExactly("full, clean");
        assertThat(node.avoided).isEmpty();
    }

    @Test
    void knowsOfATipFromWhenItsTemplateComesAndNotFromWhenItsTurnIs() {
        maker.template(full(1));
        nanos = 250;
        jobsThread.remove().run();

        assertThat(known).containsExactly(7L);
    }

    private void offer(Template template) {
        maker.template(template);
        jobsThread.remove().run();
    }

    /// Lets the node answer the question it is asked, and the answer arrive.
    private void answer(Proposal answer) throws InterruptedException {
        node.answers.put(answer);
        var arrived = handedOver.poll(20, TimeUnit.SECONDS);
        assertThat(arrived).isNotNull();
        arrived.run();
    }

    private static Template full(long id) {
        return template(id, SampleJobs.TIP_A);
    }

    private static Template template(long id, Hash tip) {
        return SampleJobs.job(id, tip, SampleJobs.HARD).template();
    }

    /// A node that thinks until the test says what.
    private static final class FakeProver implements JobProof.Node {
        private final SynchronousQueue<Proposal> answers = new SynchronousQueue<>();
        private final List<byte[]> asked = new CopyOnWriteArrayList<>();
        private final List<String> avoided = new ArrayList<>();

        @Override
        public Proposal propose(byte[] block, String node) {
            asked.add(block);
            try {
                return answers.take();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void avoid(String node) {
            avoided.add(node);
        }
    }
}
