package adit.node;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/// A node set against nodes that fail in every way we know of.
final class NodeSetTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Hash NEXT = Hash.ofContent(new byte[] {43});
    private static final Hash BLOCK = Hash.ofContent(new byte[] {44});

    static final NodeTimings TIMINGS =
            new NodeTimings(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(1),
                    Duration.ofMillis(50),
                    Duration.ofMinutes(1),
                    Duration.ofHours(2),
                    Duration.ZERO);

    /// So long between looks that only long polls and announcements can bring news in time.
    private static final NodeTimings SLOW =
            new NodeTimings(
                    TIMINGS.callDeadline(),
                    TIMINGS.submitDeadline(),
                    TIMINGS.longPollDeadline(),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(5),
                    TIMINGS.staleTip(),
                    TIMINGS.comeBack());

    /// For nodes that don't answer: much shorter than a test's patience.
    static final NodeTimings HASTY =
            new NodeTimings(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(2),
                    TIMINGS.longPollDeadline(),
                    TIMINGS.healthInterval(),
                    TIMINGS.refreshInterval(),
                    TIMINGS.staleTip(),
                    TIMINGS.comeBack());

    private final FakeTemplateListener listener = new FakeTemplateListener();
    private final List<NodeSet> sets = new ArrayList<>();
    private FakeNode first;
    private FakeNode second;

    @BeforeEach
    void open() throws IOException {
        first = new FakeNode();
        second = new FakeNode();
    }

    @AfterEach
    void close() throws IOException {
        sets.forEach(NodeSet::close);
        first.close();
        second.close();
    }

    @Test
    void minesOnThePreferredNode() throws Exception {
        var set = start(first.settings("first"), second.settings("second"));

        assertThat(listener.template(template -> template.node().equals("first")).previousHash())
                .isEqualTo(first.tip());
        assertThat(set.status().getFirst())
                .isEqualTo(new NodeStatus("first", NodeHealth.READY, "at height 100", 100, true));
    }

    /// Miners hang up on a pool that says nothing for a minute or two.
    @Test
    void givesATemplateAgainAndAgainWhileNothingChanges() throws Exception {
        var now = new AtomicReference<>(freshClock().instant());
        startOn(ChainParameters.regtest(), TIMINGS, now::get, first.settings("first"));
        var before = listener.template(_ -> true);
        for (int i = 0; i < 3; i++) {
            listener.rest();
            now.updateAndGet(time -> time.plus(TIMINGS.refreshInterval()));

            assertThat(listener.template(_ -> true).previousHash())
                    .isEqualTo(before.previousHash());
        }
    }

    @Test
    void hearsOfANewTipByLongPoll() throws Exception {
        startSlow(first.settings("first"));
        listener.template(_ -> true);

        first.moveTo(NEXT, 101);

        assertThat(listener.template(template -> template.previousHash().equals(NEXT)).height())
                .isEqualTo(102);
    }

    @Test
    void givesAnEmptyTemplateBeforeTheFullOne() throws Exception {
        var ready = new CountDownLatch(1);
        startSlow(first.settingsWithZmq("first"));
        listener.template(_ -> true);
        first.awaitLongPoll();
        first.on(
                "getblocktemplate",
                (_, out, _) -> {
                    ready.await();
                    var template = first.template();
                    template.put("version", 0x20000004);
                    FakeNode.write(out, 200, FakeNode.envelope(template, null));
                });
        moveAndAnnounce(NEXT, 101);

        var empty = listener.template(template -> template.previousHash().equals(NEXT));
        assertThat(empty.isEmpty()).isTrue();
        assertThat(empty.version()).isEqualTo(0x20000000);
        assertThat(empty.height()).isEqualTo(102);
        assertThat(empty.nBits()).isEqualTo(0x207fffff);
        assertThat(empty.minTime()).isEqualTo((int) first.tipTime + 1);
        assertThat(empty.coinbaseValueSats()).isEqualTo(ChainParameters.regtest().subsidySats(102));

        ready.countDown();
        assertThat(listener.template(template -> template.version() == 0x20000004).previousHash())
                .isEqualTo(NEXT);
    }

    @Test
    void waitsForTheFullTemplateWhereTheDifficultyMayChange() throws Exception {
        var full = new CountDownLatch(1);
        startOn(publicChain(), SLOW, freshClock(), first.settingsWithZmq("first"));
        listener.template(_ -> true);
        first.awaitLongPoll();
        first.on(
                "getblocktemplate",
                (_, out, _) -> {
                    full.await();
                    var template = first.template();
                    template.put("version", 0x20000004);
                    FakeNode.write(out, 200, FakeNode.envelope(template, null));
                });
        moveAndAnnounce(NEXT, 2015);
        full.countDown();

        var next = listener.template(template -> template.previousHash().equals(NEXT));

        assertThat(next.height()).isEqualTo(2016);
        assertThat(next.version()).isEqualTo(0x20000004);
    }

    @Test
    void failsOverAtOnceWhenANodeDies() throws Exception {
        // The quickest of three: a machine that has other things to do is no fault of ours.
        var took = Duration.ofDays(1);
        for (int i = 0; i < 3; i++) {
            try (var dying = new FakeNode();
                    var set = startSlow(dying.settings("first"), second.settings("second"))) {
                listener.template(template -> template.node().equals("first"));

                long resetNanos = System.nanoTime();
                dying.die();

                listener.template(template -> template.node().equals("second"));
                var now = Duration.ofNanos(System.nanoTime() - resetNanos);
                took = now.compareTo(took) < 0 ? now : took;
                assertThat(set.status().getFirst().inUse()).isFalse();
            }
        }
        System.out.println("failed over " + took.toMillis() + " ms after the connection was reset");
        assertThat(took).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void leavesANodeWhoseTemplateWasRefused() throws Exception {
        var set = start(first.settings("first"), second.settings("second"));
        listener.template(template -> template.node().equals("first"));

        set.avoid("first");

        listener.template(template -> template.node().equals("second"));
    }

    @Test
    void doesNotMineByAClockThatIsWrong() throws Exception {
        for (long hours : List.of(-3L, 3L)) {
            var off = Instant.ofEpochSecond(first.tipTime).plus(Duration.ofHours(hours));
            var timings =
                    new NodeTimings(
                            TIMINGS.callDeadline(),
                            TIMINGS.submitDeadline(),
                            TIMINGS.longPollDeadline(),
                            TIMINGS.healthInterval(),
                            TIMINGS.refreshInterval(),
                            Duration.ofDays(1),
                            TIMINGS.comeBack());

            var set =
                    startOn(
                            publicChain(),
                            timings,
                            InstantSource.fixed(off),
                            first.settings("first"));

            assertThat(listener.nothing())
                    .isEqualTo(
                            "first has a clock %d seconds %s ours: one of the two is wrong"
                                    .formatted(
                                            hours < 0 ? 10_810 : 10_790,
                                            hours < 0 ? "ahead of" : "behind"));
            assertThat(set.status().getFirst().health()).isEqualTo(NodeHealth.WRONG_CLOCK);
        }
    }

    @Test
    void failsOverWithinTheDeadlineWhenANodeHangs() throws Exception {
        startOn(
                ChainParameters.regtest(),
                HASTY,
                freshClock(),
                first.settings("first"),
                second.settings("second"));
        listener.template(template -> template.node().equals("first"));

        first.hang("getblockchaininfo");

        listener.template(template -> template.node().equals("second"));
    }

    @Test
    void comesBackToThePreferredNode() throws Exception {
        first.initialDownload = true;
        startOn(
                publicChain(),
                TIMINGS,
                freshClock(),
                first.settings("first"),
                second.settings("second"));
        listener.template(template -> template.node().equals("second"));

        first.initialDownload = false;

        listener.template(template -> template.node().equals("first"));
    }

    @Test
    void followsTheNodeThatIsAhead() throws Exception {
        start(first.settings("first"), second.settings("second"));
        listener.template(template -> template.node().equals("first"));

        second.moveTo(NEXT, 101);

        var ahead = listener.template(template -> template.node().equals("second"));
        assertThat(ahead.previousHash()).isEqualTo(NEXT);
    }

    @Test
    void saysOnceThatThereIsNoTemplate() throws Exception {
        start(first.settings("first"));
        listener.template(_ -> true);

        first.error("getblockchaininfo", -1, "something is wrong");

        assertThat(listener.nothing()).isEqualTo("first answered an error: something is wrong");
        first.off("getblockchaininfo");
        assertThat(listener.next()).isInstanceOf(FakeTemplateListener.ATemplate.class);
    }

    @Test
    void bearsABusyMoment() throws Exception {
        var busy = new CountDownLatch(2);
        start(first.settings("first"));
        listener.template(_ -> true);
        first.on(
                "getblockchaininfo",
                (_, out, _) -> {
                    busy.countDown();
                    if (busy.getCount() == 0) {
                        first.off("getblockchaininfo");
                    }
                    FakeNode.write(out, 503, "");
                });
        assertThat(busy.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        first.moveTo(NEXT, 101);

        assertThat(listener.next())
                .isInstanceOfSatisfying(
                        FakeTemplateListener.ATemplate.class,
                        told -> assertThat(told.template().previousHash()).isEqualTo(NEXT));
    }

    @Test
    void submitsToAllWithoutWaitingForAny() throws Exception {
        first.hang("submitblock");
        second.result("submitblock", "bad-cb-amount");
        try (var third = new FakeNode()) {
            third.on(
                    "submitblock",
                    (_, out, _) -> FakeNode.write(out, 200, FakeNode.envelope(null, null)));
            var set =
                    startOn(
                            ChainParameters.regtest(),
                            HASTY,
                            freshClock(),
                            first.settings("hangs"),
                            second.settings("refuses"),
                            third.settings("accepts"));

            var answers = new LinkedBlockingQueue<SubmitResult>();
            var submission = set.submit(new byte[] {1}, BLOCK, answers::add);

            assertThat(submission.await(PATIENCE)).isTrue();
            assertThat(submission.outcome()).isEqualTo(SubmitOutcome.ACCEPTED);
            for (int i = 0; i < 3; i++) {
                assertThat(answers.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isNotNull();
            }
            assertThat(submission.isDone()).isTrue();
            assertThat(submission.results())
                    .extracting(SubmitResult::node, SubmitResult::outcome, SubmitResult::detail)
                    .contains(
                            tuple("refuses", SubmitOutcome.REFUSED, "bad-cb-amount"),
                            tuple("accepts", SubmitOutcome.ACCEPTED, "accepted"));
            assertThat(submission.results().getLast().node()).isEqualTo("hangs");
        }
    }

    @Test
    void looksForABlockWhoseSubmissionWasCutOff() throws Exception {
        first.on("submitblock", (_, _, socket) -> FakeNode.reset(socket));
        var set = start(first.settings("first"));

        var submission = set.submit(new byte[] {1}, BLOCK, _ -> {});

        assertThat(submission.await(PATIENCE)).isTrue();
        assertThat(submission.outcome()).isEqualTo(SubmitOutcome.ACCEPTED);
    }

    @Test
    void concludesNothingFromNodesThatAreNotUpToDate() throws Exception {
        first.initialDownload = true;
        var set = startOn(publicChain(), TIMINGS, freshClock(), first.settings("first"));
        listener.nothing();

        assertThat(set.confirmations(BLOCK)).isEqualTo(new Confirmations.NodesUnavailable());
    }

    private NodeSet start(NodeSettings... nodes) {
        return startOn(ChainParameters.regtest(), TIMINGS, freshClock(), nodes);
    }

    private NodeSet startSlow(NodeSettings... nodes) {
        return startOn(ChainParameters.regtest(), SLOW, freshClock(), nodes);
    }

    private NodeSet startOn(
            ChainParameters chain,
            NodeTimings timings,
            InstantSource clock,
            NodeSettings... nodes) {
        var set =
                new NodeSet(chain, Arrays.asList(nodes), timings, listener, ChainFloor.NONE, clock);
        sets.add(set);
        set.start();
        return set;
    }

    // A subscription takes effect some time after it was made, so the announcement is repeated.
    private void moveAndAnnounce(Hash tip, int height) throws InterruptedException {
        long before = headersAsked();
        first.moveQuietlyTo(tip, height);
        var pause = new CountDownLatch(1);
        for (int i = 0; i < 600 && headersAsked() == before; i++) {
            first.announce();
            pause.await(50, TimeUnit.MILLISECONDS);
        }
        assertThat(headersAsked()).isGreaterThan(before);
    }

    private long headersAsked() {
        return first.calls().stream().filter("getblockheader"::equals).count();
    }

    private InstantSource freshClock() {
        return InstantSource.fixed(Instant.ofEpochSecond(first.tipTime));
    }

    /// Regtest's numbers without regtest's indulgence.
    static ChainParameters publicChain() {
        return new ChainParameters(
                "regtest",
                Set.of("regtest"),
                ChainParameters.regtest().genesisHash(),
                150,
                2016,
                600,
                0x207fffff,
                false,
                false,
                false,
                false);
    }
}
