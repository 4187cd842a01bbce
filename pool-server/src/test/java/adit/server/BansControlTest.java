package adit.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.config.PoolConfig;
import adit.server.control.ControlClient;
import adit.server.control.ControlClient.Answer;
import adit.server.control.ControlSocket;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;
import adit.server.net.Entrance;
import adit.server.net.EventLoops;
import adit.server.net.ListeningSocket;
import adit.server.net.StratumListener;
import adit.server.source.CloseReason;
import adit.server.source.Sources;
import adit.server.source.Visit;

import static org.assertj.core.api.Assertions.assertThat;

/// Bans over the control socket, of somebody who comes over a real port.
final class BansControlTest {

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final int PATIENCE_MILLIS = 20_000;

    @TempDir private Path data;
    private final Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();
    private final EventLoops<Integer> loops =
            new EventLoops<>(1, System::nanoTime, (_, number) -> number);
    private final Sources sources =
            new Sources(
                    Sources.Bounds.of(10, true),
                    () -> false,
                    () -> 1,
                    new PoolMetrics(new SimpleMeterRegistry()),
                    new EventLog(),
                    () -> 0);
    private StratumListener port;
    private ControlSocket control;

    @BeforeEach
    void open() {
        port =
                StratumListener.open(
                        ListeningSocket.at(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        new Entrance<>(
                                "miners",
                                "pool",
                                PoolConfig.Entry.DEFAULT,
                                null,
                                (_, arrival) -> new Offender(arrival.visit())),
                        loops,
                        sources,
                        new EventLog());
        control =
                new ControlSocket(
                        data,
                        Map.of("bans", new BansControl(sources, () -> NOON)),
                        (_, bug) -> bugs.add(bug));
        control.open();
    }

    @AfterEach
    void close() {
        control.close();
        port.close();
        loops.close();
        assertThat(bugs).isEmpty();
    }

    @Test
    void listsWhoIsKeptOutAndLetsThemInAgain() throws IOException {
        assertThat(ask("list")).isEqualTo(new Answer(true, List.of("No source is kept out.")));
        assertThat(isServed()).as("before").isTrue();
        assertThat(isServed()).as("kept out").isFalse();

        assertThat(ask("list"))
                .isEqualTo(
                        new Answer(
                                true,
                                List.of(
                                        "127.0.0.1 until 2026-11-24T12:01:00Z: protocol-errors, penalty 1 in a row")));
        assertThat(ask("lift", "127.0.0.1"))
                .isEqualTo(new Answer(true, List.of("127.0.0.1 may come in again.")));

        assertThat(ask("list")).isEqualTo(new Answer(true, List.of("No source is kept out.")));
        assertThat(isServed()).as("after").isTrue();
    }

    @Test
    void refusesWhatIsNoPenalty() {
        assertThat(ask("lift", "203.0.113.7"))
                .isEqualTo(new Answer(false, List.of("203.0.113.7 has no penalty.")));
        assertThat(ask("lift", "pool.example"))
                .isEqualTo(new Answer(false, List.of("'pool.example' is no IP address.")));
        assertThat(ask("drop"))
                .isEqualTo(new Answer(false, List.of("Say bans list, or bans lift ADDRESS.")));
    }

    private Answer ask(String... words) {
        var line = new ArrayList<>(List.of("bans"));
        line.addAll(List.of(words));
        return ControlClient.ask(data, line).orElseThrow();
    }

    /// Connects, and waits for the byte that whoever is let in gets, or for the end.
    private boolean isServed() throws IOException {
        try (var socket = new Socket(port.address().getAddress(), port.address().getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write('{');
            return socket.getInputStream().read() == '!';
        } catch (IOException reset) {
            return false;
        }
    }

    /// A session that greets, after it has offended.
    private static final class Offender extends ChannelInboundHandlerAdapter {
        private final Visit visit;

        Offender(Visit visit) {
            this.visit = visit;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            visit.closedFor(CloseReason.PROTOCOL_ERRORS);
            var _ = context.writeAndFlush(context.alloc().buffer(1).writeByte('!'));
        }
    }
}
