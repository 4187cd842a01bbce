package adit.miner;

import java.util.HashSet;
import java.util.Set;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;

final class MisbehaviourTest {
    private static final long UNITS = 4_096;
    private static final long SEED = 2;

    private static EventLoopGroup loops;

    @BeforeAll
    static void openLoops() {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void closeLoops() {
        loops.shutdownGracefully().awaitUninterruptibly(100);
    }

    @Test
    void sendsEveryShareTwice() throws Exception {
        try (var pool = FakePool.open(0);
                var _ = started(pool, Misbehaviour.DUPLICATES)) {
            var connection = pool.accept().letIn("one");
            connection.work(UNITS, Jobs.job(1, true));

            var first = connection.accepted();
            var second = connection.accepted();

            assertThat(second.id()).isNotEqualTo(first.id());
            assertThat(second.nonce()).isEqualTo(first.nonce());
            assertThat(second.extranonce()).isEqualTo(first.extranonce());
            assertThat(second.versionBits()).isEqualTo(first.versionBits());
        }
    }

    @Test
    void sendsSharesTooWeakForTheirJob() throws Exception {
        try (var pool = FakePool.open(0);
                var _ = started(pool, Misbehaviour.WEAK_SHARES)) {
            var connection = pool.accept().letIn("one");
            var job = Jobs.job(1, true);
            connection.work(UNITS, job);

            int weak = 0;
            for (int i = 0; i < 50; i++) {
                var share = connection.accepted();
                assertThat(Jobs.meets(job, FakePool.PREFIX, share, UNITS / 16)).isTrue();
                weak += Jobs.meets(job, FakePool.PREFIX, share, UNITS) ? 0 : 1;
            }

            assertThat(weak).isGreaterThan(25);
        }
    }

    @Test
    void sendsASharePerJobAfterItWasAbandoned() throws Exception {
        try (var pool = FakePool.open(0);
                var _ = started(pool, Misbehaviour.STALE_SHARES)) {
            var connection = pool.accept().letIn("one");
            var old = Jobs.job(1, true);
            connection.work(UNITS, old);
            connection.accepted();
            connection.settle();
            connection.work(UNITS, Jobs.job(2, true));

            var late = new HashSet<Hash>();
            for (int i = 0; i < 50; i++) {
                var share = connection.accepted();
                if (share.jobId() == 1) {
                    assertThat(Jobs.meets(old, FakePool.PREFIX, share, UNITS)).isTrue();
                    late.add(Hash.ofContent(share.extranonce()));
                }
            }

            assertThat(late).isNotEmpty();
        }
    }

    @Test
    void hashesWithATimeFarAhead() throws Exception {
        try (var pool = FakePool.open(0);
                var _ = started(pool, Misbehaviour.WRONG_NTIME)) {
            var connection = pool.accept().letIn("one");
            var job = Jobs.job(1, true);
            connection.work(UNITS, job);

            var share = connection.accepted();

            assertThat(share.ntime()).isEqualTo(Jobs.NTIME + 4 * 3_600);
            assertThat(Jobs.meets(job, FakePool.PREFIX, share, UNITS)).isTrue();
        }
    }

    private static V1Miner started(FakePool pool, Misbehaviour misbehaviour) {
        var settings =
                new MinerSettings(
                        pool.uri(),
                        "addr.worker",
                        "x",
                        "adit-test/1",
                        0,
                        true,
                        Set.of(misbehaviour));
        var miner = new V1Miner(settings, loops, SEED, System::nanoTime, new MinerEvents() {});
        miner.start();
        return miner;
    }
}
