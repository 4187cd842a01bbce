package adit.server.channel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.metrics.PoolMetrics;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

/// The way of records to the journal and of replies back, on a disk that can be stopped and broken.
@NullUnmarked // a test fails on null by itself
final class ShareLoopTest {

    private final List<String> told = new ArrayList<>();
    private final FakeReplier a = new FakeReplier("a", told);
    private final FakeReplier b = new FakeReplier("b", told);
    private ChannelRig rig;
    private MiningChannel channel;
    private SentJob sent;
    private int nonce;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new ChannelRig(directory);
        channel = rig.channel();
        sent = channel.send(ChannelRig.job(1), true);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void tellsNothingBeforeItIsDurable() {
        rig.storage.stall();
        accepted(a, "1");
        rig.loop.runAll();
        assertThat(told).isEmpty();

        rig.storage.goOn();
        rig.loop.runUntil(() -> !told.isEmpty());

        assertThat(told).containsExactly("a1 ACCEPTED", "a--");
    }

    @Test
    void repliesInTheOrderOfTheRequestsAndFlushesOnceForEachRun() {
        accepted(a, "1");
        rig.shares.replyInTurn(a, Verdict.LOW_DIFFICULTY, ascii("2"), 0, 1);
        rig.shares.replyInTurn(a, ascii("line"));
        accepted(b, "3");
        accepted(a, "4");
        rig.settle();

        assertThat(told)
                .containsExactly(
                        "a1 ACCEPTED",
                        "a2 LOW_DIFFICULTY",
                        "aline",
                        "a--",
                        "b3 ACCEPTED",
                        "b--",
                        "a4 ACCEPTED",
                        "a--");
    }

    @Test
    void keepsLongIdsWholeAndEmptyOnesEmpty() {
        var id = "\"" + "x".repeat(254) + "\"";
        for (int i = 0; i < 5; i++) {
            accepted(a, id);
        }
        accepted(a, "");
        rig.settle();

        assertThat(told).hasSize(7).contains("a" + id + " ACCEPTED", "a ACCEPTED");
    }

    @Test
    void handsOverAfterSixteenRepliesWithoutWaitingForTheEndOfTheRead() {
        rig.storage.stall();
        for (int i = 0; i < 15; i++) {
            accepted(a, "" + i);
        }
        assertThat(rig.journal.recordsInFlight()).isZero();

        accepted(a, "15");

        assertThat(rig.journal.recordsInFlight()).isEqualTo(16);
    }

    @Test
    void hasAtMostThreeGroupsInFlight() {
        rig.storage.stall();
        for (int i = 0; i < 100; i++) {
            accepted(a, "" + i);
            rig.loop.runAll();
        }
        // One by one while there is room, and then no more, whatever comes.
        assertThat(rig.journal.recordsInFlight()).isEqualTo(3);

        rig.storage.goOn();
        rig.loop.runUntil(() -> told.contains("a99 ACCEPTED"));
        assertThat(acceptedIds()).hasSize(100).isSortedAccordingTo(byNumber());
    }

    @Test
    void takesMoreThanOneGroupHoldsWhileTheDiskStands() {
        rig.storage.stall();
        int shares = 5 * ShareGroup.RECORDS + 7;
        for (int i = 0; i < shares; i++) {
            accepted(a, "" + i);
        }
        rig.loop.runAll();
        assertThat(told).isEmpty();
        assertThat(rig.shares.isBehind(shares - 1)).isTrue();
        assertThat(rig.shares.isBehind(shares)).isFalse();

        rig.storage.goOn();
        rig.loop.runUntil(() -> told.contains("a" + (shares - 1) + " ACCEPTED"));

        assertThat(acceptedIds()).hasSize(shares).isSortedAccordingTo(byNumber());
        assertThat(rig.shares.isBehind(0)).isFalse();
        assertThat(rig.shares()).hasSize(shares);
    }

    @Test
    void tellsNothingOfABlockBeforeItIsSafeAndThenAllInOrder() {
        var safe = new CompletableFuture<Void>();
        rig.safe = safe;
        accepted(a, "1");
        found(b, "2");
        rig.settle();
        accepted(a, "3");
        rig.settle();
        assertThat(rig.shares()).as("all is durable").hasSize(3);
        assertThat(told).isEmpty();

        safe.complete(null);
        rig.settle();

        assertThat(told)
                .containsExactly("a1 ACCEPTED", "a--", "b2 ACCEPTED", "b--", "a3 ACCEPTED", "a--");
    }

    @Test
    void tellsNothingOfABlockThatIsSafeBeforeItsShareIsDurable() {
        rig.storage.stall();
        found(a, "1");
        rig.loop.runAll();
        assertThat(told).isEmpty();

        rig.storage.goOn();
        rig.loop.runUntil(() -> !told.isEmpty());

        assertThat(told).containsExactly("a1 ACCEPTED", "a--");
    }

    @Test
    void waitsNoLongerForABlockThatCannotBeMadeSafe() {
        var safe = new CompletableFuture<Void>();
        rig.safe = safe;
        found(a, "1");
        rig.settle();
        assertThat(told).isEmpty();

        safe.completeExceptionally(new TimeoutException());
        rig.settle();

        assertThat(told).containsExactly("a1 ACCEPTED", "a--");
    }

    @Test
    void countsRepliesThatWaitAsBeingBehind() {
        rig.storage.stall();
        for (int i = 0; i < 3; i++) {
            accepted(a, "" + i);
            rig.loop.runAll();
        }
        for (int i = 0; i < 1000; i++) {
            rig.shares.replyInTurn(a, ascii("pong"));
        }

        assertThat(rig.shares.isBehind(1000)).isTrue();
    }

    @Test
    void acknowledgesNothingTheJournalRefused() {
        rig.storage.stall();
        accepted(a, "1");
        rig.shares.replyInTurn(a, Verdict.DUPLICATE, ascii("2"), 0, 1);
        rig.loop.runAll();
        accepted(b, "3");
        rig.loop.runAll();

        rig.storage.breakDown();
        rig.loop.runUntil(() -> told.contains("b--"));

        assertThat(told)
                .containsExactly("a1 UNAVAILABLE", "a2 DUPLICATE", "a--", "b3 UNAVAILABLE", "b--");
        assertThat(rig.journal.isWritable()).isFalse();
    }

    @Test
    void refusesEveryShareAfterTheJournalHasEnded() {
        rig.storage.breakDown();
        accepted(a, "1");
        rig.loop.runUntil(() -> told.contains("a--"));
        told.clear();

        accepted(a, "2");
        rig.loop.runUntil(() -> told.contains("a--"));

        assertThat(told).containsExactly("a2 UNAVAILABLE", "a--");
    }

    @Test
    void doesNotHarmTheJournalWhenItEndsFirst() {
        var metrics = new PoolMetrics(new SimpleMeterRegistry());
        var ended = new boolean[1];
        var loop =
                new ShareLoop(
                        rig.journal,
                        _ -> TakenBlock.atOnce(),
                        metrics,
                        task -> {
                            if (ended[0]) {
                                throw new RejectedExecutionException("the loop has ended");
                            }
                            rig.loop.execute(task);
                        },
                        () -> 0,
                        () -> rig.epochSeconds);
        var last = new MiningChannel(9, new byte[] {(byte) 0xa1, 9, 9, 9}, loop, ChannelRig.OPEN);
        var job = last.send(ChannelRig.job(1), true);
        rig.storage.stall();
        assertThat(last.submit(rig.submission(job))).isEqualTo(Verdict.ACCEPTED);
        loop.replyInTurn(a, Verdict.ACCEPTED, ascii("1"), 0, 1);
        rig.loop.runAll();

        ended[0] = true;
        rig.storage.goOn();
        rig.loop.execute(() -> {});
        while (rig.journal.recordsInFlight() > 0) {
            Thread.onSpinWait();
        }
        accepted(b, "2");
        rig.settle();

        assertThat(rig.journal.isWritable()).isTrue();
        assertThat(told).containsExactly("b2 ACCEPTED", "b--");
    }

    private void accepted(Replier replier, String id) {
        var submission = rig.submission(sent);
        submission.nonce = nonce++;
        while (channel.submit(submission) != Verdict.ACCEPTED) {
            // Even the easiest target is missed by one hash in 65,000.
            submission.nonce = nonce++;
        }
        rig.shares.replyInTurn(replier, Verdict.ACCEPTED, ascii(id), 0, id.length());
    }

    private void found(Replier replier, String id) {
        var easy = channel.send(ChannelRig.easyBlock(2), true);
        var submission = rig.submission(easy);
        new Search().find(channel, easy, submission, easy.job().networkTarget());
        assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);
        rig.shares.replyInTurn(replier, Verdict.ACCEPTED, ascii(id), 0, id.length());
    }

    private List<String> acceptedIds() {
        return told.stream().filter(line -> line.endsWith("ACCEPTED")).toList();
    }

    private static Comparator<String> byNumber() {
        return Comparator.comparingInt(
                line -> Integer.parseInt(line.substring(1, line.indexOf(' '))));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
