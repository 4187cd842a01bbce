package adit.server.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;
import adit.server.source.Sources;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// Peers whose cable is pulled: the last that is heard of them is nothing, not even that they are gone.
///
/// A listener and its peers live in two network namespaces of their own, joined by a link that the test takes down.
@Tag("slow")
final class VanishedPeersTest {

    private static final String PATIENCE = "180";

    @Test
    @Timeout(value = 260, unit = TimeUnit.SECONDS)
    void areGoneWithinThreeMinutesSpokenToOrNot(@TempDir Path directory) throws Exception {
        var apart = apart();
        if (apart.isEmpty()) {
            System.out.println("no network namespaces here: peers that vanish are not tested");
            assertThat(System.getenv("CI")).as("in CI they must be").isNotEqualTo("true");
            return;
        }
        var output = directory.resolve("output");
        var command = new ArrayList<>(apart);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        Pool.class.getName(),
                        PATIENCE));
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        boolean ended = process.waitFor(240, TimeUnit.SECONDS);
        process.destroyForcibly();

        System.out.print(Files.readString(output));
        assertThat(ended).as(Files.readString(output)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }

    /// The words that start a process in a network of its own; none where the system does not allow that.
    private static List<String> apart() throws IOException, InterruptedException {
        for (var option : List.of("-n", "-Urn")) {
            var words = List.of("unshare", option);
            if (run("unshare", option, "ip", "link", "set", "lo", "up") == 0) {
                return words;
            }
        }
        return List.of();
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /// The listener's side.
    static final class Pool {

        private static final String ADDRESS = "10.11.12.1";

        /// Two connections: one that says something, and is spoken to once the cable is out; and one that is silent.
        private static final String PEER =
                """
                echo apart
                read -r _
                ip addr add 10.11.12.2/24 dev far && ip link set far up
                exec 3<>/dev/tcp/%1$s/$0 4<>/dev/tcp/%1$s/$0
                printf '{' >&3
                echo here
                read -r _
                ip link set far down
                echo vanished
                read -r _
                """
                        .formatted(ADDRESS);

        private Pool() {}

        public static void main(String[] arguments) throws Exception {
            long patience = TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[0]));
            var spokenTo = new CompletableFuture<Channel>();
            var loops = new EventLoops<Integer>(1, System::nanoTime, (_, number) -> number);
            var listener = listen(loops, spokenTo);
            var port = Integer.toString(listener.address().getPort());
            var peer = new ProcessBuilder("unshare", "-n", "bash", "-c", PEER, port).start();
            var says = new BufferedReader(new InputStreamReader(peer.getInputStream(), UTF_8));
            await(says, "apart");
            var pid = Long.toString(peer.pid());
            ip("link", "add", "near", "type", "veth", "peer", "name", "far", "netns", pid);
            ip("addr", "add", ADDRESS + "/24", "dev", "near");
            ip("link", "set", "near", "up");
            tell(peer);
            await(says, "here");
            var socket = spokenTo.get(20, TimeUnit.SECONDS);
            waitUntil(20_000_000_000L, listener, 2);
            tell(peer);
            await(says, "vanished");
            var _ = socket.writeAndFlush(socket.alloc().buffer(1).writeByte('!'));
            long begun = System.nanoTime();
            boolean first = waitUntil(patience, listener, 1);
            boolean isSpokenTo = !socket.isOpen();
            tellTime(isSpokenTo, begun);
            boolean both = first && waitUntil(patience, listener, 0);
            tellTime(!isSpokenTo, begun);
            peer.destroyForcibly();
            System.exit(both && System.nanoTime() - begun <= patience ? 0 : 1);
        }

        private static StratumListener listen(
                EventLoops<Integer> loops, CompletableFuture<Channel> spokenTo) {
            var sources =
                    new Sources(
                            Sources.Bounds.of(100, false),
                            () -> false,
                            () -> 1,
                            new PoolMetrics(new SimpleMeterRegistry()),
                            new EventLog(),
                            System::nanoTime);
            return StratumListener.open(
                    ListeningSocket.at(new InetSocketAddress(0)),
                    new Entrance<>(
                            "miners",
                            "pool",
                            PoolConfig.Entry.DEFAULT,
                            null,
                            (_, _) ->
                                    new ChannelInboundHandlerAdapter() {
                                        @Override
                                        public void handlerAdded(ChannelHandlerContext context) {
                                            spokenTo.complete(context.channel());
                                        }
                                    }),
                    loops,
                    sources,
                    new EventLog());
        }

        private static boolean waitUntil(long nanos, StratumListener listener, int connections) {
            long deadline = System.nanoTime() + nanos;
            while (listener.connections() != connections && System.nanoTime() < deadline) {
                LockSupport.parkNanos(50_000_000);
            }
            return listener.connections() == connections;
        }

        private static void tellTime(boolean spokenTo, long begun) {
            System.out.printf(
                    "%s, it is gone after %.1f s%n",
                    spokenTo ? "spoken to after it vanished" : "not spoken to",
                    (System.nanoTime() - begun) / 1e9);
        }

        private static void tell(Process peer) throws IOException {
            peer.getOutputStream().write('\n');
            peer.getOutputStream().flush();
        }

        private static void await(BufferedReader says, String word) throws IOException {
            if (!word.equals(says.readLine())) {
                System.out.println("the peer did not say " + word);
                System.exit(2);
            }
        }

        private static void ip(String... words) throws IOException, InterruptedException {
            var command = new ArrayList<>(List.of("ip"));
            command.addAll(Arrays.asList(words));
            if (run(command.toArray(new String[0])) != 0) {
                System.out.println("refused: " + String.join(" ", command));
                System.exit(3);
            }
        }
    }
}
