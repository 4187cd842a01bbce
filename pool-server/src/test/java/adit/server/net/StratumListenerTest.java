package adit.server.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;
import adit.server.source.Sources;

import static org.assertj.core.api.Assertions.assertThat;

final class StratumListenerTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final EventLoops<Integer> loops =
            new EventLoops<>(1, System::nanoTime, (_, number) -> number);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void closesAConnectionBeyondTheCapAtOnce() throws Exception {
        var sources =
                new Sources(
                        Sources.Bounds.of(2, false),
                        () -> false,
                        () -> 1,
                        new PoolMetrics(meters),
                        new EventLog(),
                        System::nanoTime);
        try (var first = open(sources);
                var second = open(sources);
                var one = connect(first);
                var two = connect(second)) {
            awaitTrue(() -> first.connections() == 1 && second.connections() == 1);
            assertThat(sources.open()).isEqualTo(2);

            try (var three = connect(first)) {
                three.setSoTimeout((int) DEADLINE.toMillis());
                assertThat(three.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(meters.counter("adit.connections.refused", "reason", "full").count())
                    .isOne();
            assertThat(sources.open()).isEqualTo(2);
            assertThat(greeting(one)).isEqualTo('!');
            assertThat(greeting(two)).isEqualTo('!');

            two.shutdownOutput();
            awaitTrue(() -> sources.open() == 1);
            assertThat(second.connections()).isZero();
            try (var four = connect(first)) {
                assertThat(greeting(four)).isEqualTo('!');
            }
        }
    }

    @Test
    void closesWhoIsRefusedAtOnceAlsoWhileAnotherLoopIsBusy() throws Exception {
        var sources =
                new Sources(
                        Sources.Bounds.of(1, false),
                        () -> false,
                        () -> 1,
                        new PoolMetrics(meters),
                        new EventLog(),
                        System::nanoTime);
        var busy = new CountDownLatch(1);
        try (var two = new EventLoops<Integer>(2, System::nanoTime, (_, number) -> number);
                var listener = open(sources, two);
                var only = connect(listener)) {
            assertThat(greeting(only)).isEqualTo('!');
            // The listening socket has the first loop, and connections have both in turn.
            two.forEach(number -> {
                if (number == 1) {
                    awaitQuietly(busy);
                }
            });
            for (int i = 0; i < 10; i++) {
                try (var refused = connect(listener)) {
                    refused.setSoTimeout((int) DEADLINE.toMillis());
                    assertThat(refused.getInputStream().read()).isEqualTo(-1);
                }
            }
            busy.countDown();
            assertThat(sources.open()).isEqualTo(1);
        } finally {
            busy.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            var _ = latch.await(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private StratumListener open(Sources sources) {
        return open(sources, loops);
    }

    private static StratumListener open(Sources sources, EventLoops<Integer> loops) {
        return StratumListener.open(
                ListeningSocket.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                new Entrance<>(
                        "miners", "pool", PoolConfig.Entry.DEFAULT, null, (_, _) -> new Greeter()),
                loops,
                sources,
                new EventLog());
    }

    private static Socket connect(StratumListener listener) throws IOException {
        return new Socket(listener.address().getAddress(), listener.address().getPort());
    }

    private static int greeting(Socket socket) throws IOException {
        socket.setSoTimeout((int) DEADLINE.toMillis());
        socket.getOutputStream().write('{');
        return socket.getInputStream().read();
    }

    private static void awaitTrue(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /// Says one byte to whoever gets a session.
    private static final class Greeter extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            var _ = context.writeAndFlush(context.alloc().buffer(1).writeByte('!'));
        }
    }
}
