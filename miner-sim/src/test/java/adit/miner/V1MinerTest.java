package adit.miner;

import java.util.HashSet;
import java.util.Set;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import adit.pow.Hash;
import adit.stratum.v1.V1Encoder;
import adit.stratum.v1.V1Error;
import adit.stratum.v1.V1Extension;
import adit.stratum.v1.V1Request;

import static org.assertj.core.api.Assertions.assertThat;

final class V1MinerTest {
    private static final long VERY_EASY_UNITS = 4;
    private static final long EASY_UNITS = 512;
    private static final long HARDER_UNITS = 4_096;
    private static final long SEED = 1;

    private static EventLoopGroup loops;

    private final Happenings happenings = new Happenings();
    private FakePool pool;
    private V1Miner miner;

    @BeforeAll
    static void openLoops() {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void closeLoops() {
        loops.shutdownGracefully().awaitUninterruptibly(100);
    }

    @BeforeEach
    void startMiner() throws Exception {
        pool = FakePool.open(0);
        miner = started(true);
    }

    @AfterEach
    void stop() throws Exception {
        miner.close();
        pool.close();
    }

    @Test
    void introducesItselfWithoutWaitingForReplies() throws Exception {
        var connection = pool.accept();

        var configure = connection.asked(V1Request.Configure.class).request();
        var subscribe = connection.asked(V1Request.Subscribe.class).request();
        var authorize = connection.asked(V1Request.Authorize.class).request();

        assertThat(configure.extensions())
                .hasAtLeastOneElementOfType(V1Extension.VersionRolling.class)
                .hasAtLeastOneElementOfType(V1Extension.SubscribeExtranonce.class);
        assertThat(subscribe.agent()).isEqualTo("adit-test/1");
        assertThat(subscribe.sessionId()).isEmpty();
        assertThat(authorize.user()).isEqualTo("addr.worker");
        assertThat(authorize.password()).isEqualTo("secret");
    }

    @Test
    void submitsSharesThatMeetTheirDifficulty() throws Exception {
        var connection = pool.accept().letIn("one");
        var job = Jobs.job(0x1200, true);
        connection.work(EASY_UNITS, job);

        var seen = new HashSet<String>();
        for (int i = 0; i < 100; i++) {
            var share = connection.accepted();
            assertThat(share.jobId()).isEqualTo(0x1200);
            assertThat(share.ntime()).isEqualTo(Jobs.NTIME);
            assertThat(Jobs.meets(job, FakePool.PREFIX, share, EASY_UNITS)).isTrue();
            seen.add(
                    Hash.ofContent(share.extranonce())
                            + " "
                            + share.nonce()
                            + " "
                            + share.versionBits());
        }
        connection.settle();

        assertThat(seen).hasSize(100);
        assertThat(miner.statistics().accepted()).isGreaterThanOrEqualTo(100);
        assertThat(miner.statistics().rejected()).isZero();
        assertThat(miner.statistics().bestDifficultyUnits()).isGreaterThan(EASY_UNITS);
        assertThat(miner.statistics().hashes()).isGreaterThan(100);
    }

    @Test
    void bindsADifficultyToTheJobsThatFollowIt() throws Exception {
        var connection = pool.accept().letIn("one");
        var before = Jobs.job(1, true);
        var after = Jobs.job(2, false);
        connection.work(EASY_UNITS, before);
        connection.setDifficulty(HARDER_UNITS);
        connection.settle();

        int easyOnes = 0;
        for (int i = 0; i < 100; i++) {
            var share = connection.accepted();
            assertThat(share.jobId()).isEqualTo(1);
            easyOnes += Jobs.meets(before, FakePool.PREFIX, share, HARDER_UNITS) ? 0 : 1;
        }
        assertThat(easyOnes).isPositive();

        connection.send(out -> V1Encoder.notify(out, after));
        connection.settle();
        for (int i = 0; i < 20; i++) {
            var share = connection.accepted();
            if (share.jobId() == 2) {
                assertThat(Jobs.meets(after, FakePool.PREFIX, share, HARDER_UNITS)).isTrue();
            }
        }
        happenings.await("job 1 at " + EASY_UNITS);
        happenings.await("job 2 at " + HARDER_UNITS);
    }

    @Test
    void rollsExtranonceAndVersionWithinTheMask() throws Exception {
        var connection = pool.accept().letIn("one");
        var job = Jobs.job(1, true);
        connection.work(HARDER_UNITS, job);

        var extranonces = new HashSet<Hash>();
        var versionBits = new HashSet<Integer>();
        while (extranonces.size() < 5) {
            var share = connection.accepted();
            assertThat(Jobs.meets(job, FakePool.PREFIX, share, HARDER_UNITS)).isTrue();
            assertThat(share.extranonce()).hasSize(FakePool.EXTRANONCE_BYTES);
            assertThat(share.versionBits() & ~V1Session.VERSION_MASK).isZero();
            extranonces.add(Hash.ofContent(share.extranonce()));
            versionBits.add(share.versionBits());
        }

        assertThat(versionBits).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void obeysANewVersionMaskAtOnce() throws Exception {
        var connection = pool.accept().letIn("one");
        connection.work(HARDER_UNITS, Jobs.job(1, true));
        connection.accepted();
        connection.send(out -> V1Encoder.setVersionMask(out, 0x0000_6000));
        connection.settle();

        var versionBits = new HashSet<Integer>();
        while (versionBits.size() < 3) {
            versionBits.add(connection.accepted().versionBits());
        }

        assertThat(versionBits).isSubsetOf(0, 0x2000, 0x4000, 0x6000);
    }

    @Test
    void abandonsOldWorkOnACleanJob() throws Exception {
        var connection = pool.accept().letIn("one");
        connection.work(EASY_UNITS, Jobs.job(1, true));
        connection.accepted();
        connection.work(EASY_UNITS, Jobs.job(2, true));
        connection.settle();

        for (int i = 0; i < 50; i++) {
            assertThat(connection.accepted().jobId()).isEqualTo(2);
        }
    }

    @Test
    void takesANewPreviousHashForAClean() throws Exception {
        var connection = pool.accept().letIn("one");
        connection.work(EASY_UNITS, Jobs.job(1, true));
        connection.accepted();
        var elsewhere = Hash.ofContent(new byte[] {3}).bytes();
        connection.work(EASY_UNITS, Jobs.on(elsewhere, 2, false));
        connection.settle();

        for (int i = 0; i < 50; i++) {
            assertThat(connection.accepted().jobId()).isEqualTo(2);
        }
    }

    @Test
    void takesANewExtranonceWithTheNextJob() throws Exception {
        var connection = pool.accept().letIn("one");
        var before = Jobs.job(1, true);
        var after = Jobs.job(2, true);
        byte[] prefix = {9, 8, 7, 6, 5, 4};
        connection.work(EASY_UNITS, before);
        connection.send(out ->
                ByteBufUtil.writeAscii(
                        out,
                        "{\"id\":null,\"method\":\"mining.set_extranonce\",\"params\":[\"090807060504\",6]}\n"));
        connection.settle();
        var old = connection.accepted();
        connection.work(EASY_UNITS, after);
        connection.settle();
        var share = connection.accepted();

        assertThat(Jobs.meets(before, FakePool.PREFIX, old, EASY_UNITS)).isTrue();
        assertThat(share.extranonce()).hasSize(6);
        assertThat(Jobs.meets(after, prefix, share, EASY_UNITS)).isTrue();
    }

    @Test
    void sendsNoVersionWhenItDoesNotRoll() throws Exception {
        var other = pool.accept();
        miner.close();
        other.close();
        miner = started(false);
        var connection = pool.accept();
        connection.grant(connection.asked(V1Request.Subscribe.class), "one");
        connection.grant(connection.asked(V1Request.Authorize.class));
        connection.grant(connection.asked(V1Request.ExtranonceSubscribe.class));
        var job = Jobs.job(1, true);
        connection.work(EASY_UNITS, job);

        var share = connection.accepted();

        assertThat(share.hasVersionBits()).isFalse();
        assertThat(Jobs.meets(job, FakePool.PREFIX, share, EASY_UNITS)).isTrue();
    }

    @Test
    void comesBackWithItsSessionId() throws Exception {
        pool.accept().letIn("first").close();
        var connection = pool.accept();
        connection.asked(V1Request.Configure.class);
        var subscribe = connection.asked(V1Request.Subscribe.class);

        assertThat(subscribe.request().sessionId()).isEqualTo("first");
        happenings.await("connected first");
        happenings.await("disconnected");
    }

    @Test
    void submitsNothingTwiceAfterResuming() throws Exception {
        var job = Jobs.job(1, true);
        var seen = new HashSet<String>();
        for (int visit = 0; visit < 2; visit++) {
            var connection = pool.accept().letIn("same");
            connection.work(EASY_UNITS, job);
            for (int i = 0; i < 50; i++) {
                var share = connection.accepted();
                var key = Hash.ofContent(share.extranonce()) + " " + share.nonce();
                assertThat(seen.add(key)).isTrue();
            }
            connection.close();
        }
    }

    @Test
    void comesBackWhenAskedToReconnect() throws Exception {
        var connection = pool.accept().letIn("first");
        connection.send(V1Encoder::reconnect);
        connection.awaitEnd();

        pool.accept().letIn("first");

        happenings.await("disconnected: the pool asked to reconnect");
        happenings.await("connected first");
    }

    @Test
    void keepsTryingWhileThereIsNoPool() throws Exception {
        pool.accept().close();
        int port = pool.address().getPort();
        pool.close();
        happenings.await("disconnected: no connection");

        pool = FakePool.open(port);
        pool.accept().letIn("late");

        happenings.await("connected late");
    }

    @Test
    void leavesAPoolThatRefusesItAndTriesAgain() throws Exception {
        var connection = pool.accept();
        connection.asked(V1Request.Configure.class);
        connection.grant(connection.asked(V1Request.Subscribe.class), "one");
        connection.refuse(connection.asked(V1Request.Authorize.class), V1Error.UNAUTHORIZED);
        connection.awaitEnd();

        happenings.await("disconnected: the pool refused addr.worker: Unauthorized worker");
        happenings.await("refused");
        pool.accept().letIn("two");
        happenings.await("connected two");
    }

    @Test
    void forgetsASessionThatThePoolRefusesToResume() throws Exception {
        pool.accept().letIn("first").close();
        var connection = pool.accept();
        connection.asked(V1Request.Configure.class);
        connection.refuse(connection.asked(V1Request.Subscribe.class), V1Error.OTHER);
        connection.awaitEnd();

        var fresh = pool.accept();
        fresh.asked(V1Request.Configure.class);

        assertThat(fresh.asked(V1Request.Subscribe.class).request().sessionId()).isEmpty();
    }

    @Test
    void leavesAPoolThatTalksNonsense() throws Exception {
        var connection = pool.accept().letIn("one");
        connection.send(out -> out.writeBytes(new byte[] {'H', 'T', 'T', 'P', '\n'}));
        connection.awaitEnd();

        happenings.await("disconnected: malformed line");
    }

    @Test
    void answersQuestionsAndPassesMessagesOn() throws Exception {
        var connection = pool.accept().letIn("one");
        connection.send(out -> V1Encoder.getVersion(out, 7));
        connection.send(out -> V1Encoder.showMessage(out, "hello"));

        var reply = connection.asked(V1Request.Reply.class);

        assertThat(reply.id()).asString().isEqualTo("7");
        assertThat(reply.request().text()).isEqualTo("adit-test/1");
        happenings.await("message hello");
    }

    @Test
    void countsRejectionsByTheirCode() throws Exception {
        var connection = pool.accept().letIn("one");
        connection.work(EASY_UNITS, Jobs.job(1, true));
        connection.reject(connection.submitted(), V1Error.DUPLICATE);
        connection.reject(connection.submitted(), V1Error.STALE);
        connection.reject(connection.submitted(), V1Error.STALE);
        connection.settle();

        assertThat(miner.statistics().rejectedByCode()).containsEntry(22, 1L).containsEntry(21, 2L);
        happenings.await("rejected 1 22 Duplicate share");
    }

    @Test
    void restsWhileThePoolOwesItAnswers() throws Exception {
        var connection = pool.accept().letIn("one");
        connection.work(VERY_EASY_UNITS, Jobs.job(1, true));
        for (int i = 0; i < V1Session.MAX_UNANSWERED; i++) {
            connection.submitted();
        }

        assertThat(connection.settle()).isZero();
        assertThat(miner.statistics().hashes())
                .isLessThan(8 * VERY_EASY_UNITS * V1Session.MAX_UNANSWERED);
    }

    @Test
    void stopsHashingAndLeavesWhenClosed() throws Exception {
        var connection = pool.accept().letIn("one");
        connection.work(1L << 50, Jobs.job(1, true));
        connection.settle();

        miner.close();
        long hashes = miner.statistics().hashes();

        connection.awaitEnd();
        happenings.await("disconnected: this miner was closed");
        assertThat(miner.isHashing()).isFalse();
        assertThat(miner.statistics().hashes()).isEqualTo(hashes);
    }

    private V1Miner started(boolean rollVersion) {
        var settings =
                new MinerSettings(
                        pool.uri(),
                        "addr.worker",
                        "secret",
                        "adit-test/1",
                        0,
                        rollVersion,
                        Set.of());
        var made = new V1Miner(settings, loops, SEED, System::nanoTime, happenings);
        made.start();
        return made;
    }
}
