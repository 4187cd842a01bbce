package adit.miner;

import java.net.URI;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import adit.pow.Hash;
import adit.stratum.v1.V1Encoder;
import adit.stratum.v1.V1Extension;
import adit.stratum.v1.V1Notify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

/// A session whose grinder never runs, so that a test says what was found and when.
final class V1SessionTest {
    private static final int VERSION_BITS = 0x0400_0000;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final V1Session session =
            new V1Session(
                    channel,
                    MinerSettings.honest(URI.create("stratum+tcp://localhost:1"), "addr", 0),
                    "",
                    new Grinder(0, Grinder.NONCE_BITS, () -> 0),
                    new Tally(),
                    new MinerEvents() {},
                    new SplittableRandom(4));

    @BeforeEach
    void connect() {
        channel.pipeline().addLast(session);
        channel.pipeline().fireChannelActive();
        said();
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    @Test
    void submitsAFindForAnOpenJob() {
        letIn();
        hear(out -> V1Encoder.notify(out, Jobs.job(1, true)));
        hear(out -> V1Encoder.notify(out, Jobs.job(2, false)));

        find(Jobs.job(1, true));

        assertThat(said()).contains("mining.submit").contains("\"04000000\"");
    }

    @Test
    void dropsAFindForAnAbandonedJob() {
        letIn();
        hear(out -> V1Encoder.notify(out, Jobs.job(1, true)));
        hear(out -> V1Encoder.notify(out, Jobs.job(2, true)));

        find(Jobs.job(1, true));

        assertThat(said()).isEmpty();
        assertThat(session.hasRoom()).isTrue();
    }

    @Test
    void dropsAFindMadeWithBitsThatMayNoLongerBeRolled() {
        letIn();
        hear(out -> V1Encoder.notify(out, Jobs.job(1, true)));
        hear(out -> V1Encoder.setVersionMask(out, 0x0000_e000));

        find(Jobs.job(1, true));

        assertThat(said()).isEmpty();
    }

    @Test
    void ignoresAJobBeforeItsExtranonce() {
        hear(out -> V1Encoder.notify(out, Jobs.job(1, true)));

        find(Jobs.job(1, true));

        assertThat(said()).isEmpty();
    }

    @Test
    void forgetsTheOldestOfTooManyOpenJobs() {
        letIn();
        for (int id = 1; id <= V1Session.MAX_JOBS + 1; id++) {
            var job = Jobs.job(id, false);
            hear(out -> V1Encoder.notify(out, job));
        }

        find(Jobs.job(1, false));
        assertThat(said()).isEmpty();
        find(Jobs.job(2, false));
        assertThat(said()).contains("mining.submit");
    }

    @Test
    void countsFindsUntilTheyAreAnswered() {
        letIn();
        hear(out -> V1Encoder.notify(out, Jobs.job(1, true)));
        for (int i = 0; i < V1Session.MAX_UNANSWERED; i++) {
            assertThat(session.hasRoom()).isTrue();
            find(Jobs.job(1, true));
        }

        assertThat(session.hasRoom()).isFalse();
        hear(out -> V1Encoder.resultTrue(out, ascii("10"), 0, 2));
        assertThat(session.hasRoom()).isTrue();
    }

    private void letIn() {
        List<V1Extension> extensions = List.of(new V1Extension.VersionRolling(-1, 2));
        hear(out ->
                V1Encoder.configureResult(
                        out, ascii("1"), 0, 1, extensions, V1Session.VERSION_MASK, false));
        hear(out ->
                V1Encoder.subscribeResult(
                        out, ascii("2"), 0, 1, "sid", FakePool.PREFIX, FakePool.EXTRANONCE_BYTES));
        hear(out -> V1Encoder.resultTrue(out, ascii("3"), 0, 1));
        said();
    }

    private void hear(Consumer<ByteBuf> line) {
        var out = Unpooled.buffer();
        line.accept(out);
        channel.writeInbound(out.slice(0, out.writerIndex() - 1));
    }

    private void find(V1Notify job) {
        var work =
                Work.of(
                        job,
                        FakePool.PREFIX,
                        FakePool.EXTRANONCE_BYTES,
                        V1Session.VERSION_MASK,
                        1,
                        0);
        session.found(
                work,
                new Submission(
                        job.jobId(),
                        FakePool.PREFIX,
                        new byte[FakePool.EXTRANONCE_BYTES],
                        job.ntime(),
                        7,
                        VERSION_BITS,
                        1,
                        Hash.ZERO));
        channel.runPendingTasks();
    }

    /// All lines sent since the last time.
    private String said() {
        var lines = new StringBuilder();
        for (ByteBuf line = channel.readOutbound(); line != null; line = channel.readOutbound()) {
            lines.append(line.toString(US_ASCII));
            line.release();
        }
        return lines.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
