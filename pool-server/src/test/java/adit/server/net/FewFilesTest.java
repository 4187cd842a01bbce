package adit.server.net;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;
import adit.server.source.Sources;

import static org.assertj.core.api.Assertions.assertThat;

/// A listener whose process has no file left, in a process of its own that is allowed 256.
final class FewFilesTest {

    private static final int FILES = 256;

    @Test
    void waitsForFilesWithoutSpinningAndServesAgain(@TempDir Path directory) throws Exception {
        var output = directory.resolve("output");
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        var process =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "ulimit -n " + FILES + " && exec \"$0\" \"$@\"",
                                java.toString(),
                                "-Xmx128m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "--enable-native-access=ALL-UNNAMED",
                                Exhausted.class.getName())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        boolean ended = process.waitFor(50, TimeUnit.SECONDS);
        process.destroyForcibly();

        assertThat(ended).as(Files.readString(output)).isTrue();
        assertThat(Files.readString(output))
                .contains("accepting fails", "served again")
                .containsOnlyOnce("can take no connection")
                .doesNotContain("\tat ");
    }

    /// Takes all files there are, for both ends of connections to itself.
    static final class Exhausted {

        private static final int WATCHED_SECONDS = 3;
        private static final Duration PATIENCE = Duration.ofSeconds(20);

        private Exhausted() {}

        public static void main(String[] arguments) throws Exception {
            var loops = new EventLoops<Integer>(1, System::nanoTime, (_, number) -> number);
            var sources =
                    new Sources(
                            Sources.Bounds.of(10_000, false),
                            () -> false,
                            () -> 1,
                            new PoolMetrics(new SimpleMeterRegistry()),
                            new EventLog(),
                            System::nanoTime);
            var listener =
                    StratumListener.open(
                            ListeningSocket.at(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                            new Entrance<>(
                                    "miners",
                                    "pool",
                                    PoolConfig.Entry.DEFAULT,
                                    null,
                                    (_, _) -> new Greeter()),
                            loops,
                            sources,
                            new EventLog());
            var last = served(listener);
            var clients = new ArrayList<Socket>();
            // Each socket costs a file at once, and another when it is accepted, if it can be.
            takeAll(listener, clients);
            long before = cpuNanos();
            var never = new CountDownLatch(1);
            var _ = never.await(WATCHED_SECONDS, TimeUnit.SECONDS);
            long spent = cpuNanos() - before;
            System.out.println(
                    "accepting fails, and costs %d ms in %d s"
                            .formatted(TimeUnit.NANOSECONDS.toMillis(spent), WATCHED_SECONDS));
            if (spent > TimeUnit.SECONDS.toNanos(1)) {
                System.exit(1);
            }
            for (var client : clients) {
                client.close();
            }
            last.close();
            served(listener).close();
            System.out.println("served again");
            System.exit(0);
        }

        private static void takeAll(StratumListener listener, List<Socket> clients) {
            while (true) {
                try {
                    clients.add(connect(listener));
                } catch (IOException none) {
                    return;
                }
            }
        }

        private static Socket served(StratumListener listener) throws IOException {
            var socket = connect(listener);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write('{');
            if (socket.getInputStream().read() != '!') {
                System.exit(2);
            }
            return socket;
        }

        private static Socket connect(StratumListener listener) throws IOException {
            return new Socket(listener.address().getAddress(), listener.address().getPort());
        }

        private static long cpuNanos() {
            return ManagementFactory.getPlatformMXBean(
                            com.sun.management.OperatingSystemMXBean.class)
                    .getProcessCpuTime();
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
