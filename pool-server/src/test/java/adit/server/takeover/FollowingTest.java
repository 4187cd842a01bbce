package adit.server.takeover;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.control.ControlCommand;
import adit.server.control.ControlSocket;
import adit.server.control.Conversation;
import adit.server.metrics.EventLog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Both sides of a takeover in one process, step by step.
final class FollowingTest {

    private static final Duration DRAIN = Duration.ofSeconds(7);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final List<String> CHANNELS =
            IntStream.range(0, 1200).mapToObj(i -> "a0b1c2d3" + i + " 65536 agent/1 beta").toList();

    @TempDir private Path data;
    private final Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();
    private final MultiThreadIoEventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private EpollServerSocketChannel listening;
    private FakeFollowed old;
    private ControlSocket control;

    @BeforeEach
    void open() {
        listening =
                (EpollServerSocketChannel)
                        new ServerBootstrap()
                                .group(loop)
                                .channel(EpollServerSocketChannel.class)
                                .childHandler(new ChannelInboundHandlerAdapter())
                                .bind(InetAddress.getLoopbackAddress(), 0)
                                .syncUninterruptibly()
                                .channel();
        var port =
                new HandedOver.Port(
                        "127.0.0.1", listening.localAddress().getPort(), listening.fd().intValue());
        old = new FakeFollowed(new HandedOver(List.of(port), CHANNELS));
        Map<String, ControlCommand> commands =
                Map.of("take-over", new FollowCommand(old, new EventLog()));
        control = new ControlSocket(data, commands, (_, bug) -> bugs.add(bug));
        control.open();
    }

    @AfterEach
    void close() {
        control.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        assertThat(bugs).isEmpty();
    }

    @Test
    void receivesSocketsThatListenAndEveryChannel() throws Exception {
        try (var following = begin()) {
            old.expect("leave directory");
            var handed = following.takePorts();
            old.expect("stop accepting");
            assertThat(handed.channels()).isEqualTo(CHANNELS);
            assertThat(handed.ports()).hasSize(1);
            var address = listening.localAddress();
            assertThat(handed.ports().getFirst().port()).isEqualTo(address.getPort());

            listening.close().syncUninterruptibly();
            assertAccepts(handed.ports().getFirst().descriptor(), address);

            following.serving();
            old.expect("retire");
            old.expect("drain over 7");
            var ended = new CountDownLatch(1);
            following.whenGone(ended::countDown);
            control.close();
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void letsTheOldGoOnWhereverTheNewEnds() throws Exception {
        begin().close();
        old.expect("leave directory");
        old.expect("go on: it ended");

        try (var following = beginAgain()) {
            old.expect("leave directory");
            following.takePorts();
            old.expect("stop accepting");
        }
        old.expect("go on: it ended");

        try (var following = beginAgain()) {
            old.expect("leave directory");
            following.takePorts();
            old.expect("stop accepting");
            following.serving();
            old.expect("retire");
            old.expect("drain over 7");
        }
        old.expect("go on: it ended");
    }

    @Test
    void goesOnWithNothingWhereTheOldHasDied() throws Exception {
        try (var following = begin()) {
            control.close();
            assertThat(following.takePorts()).isEqualTo(HandedOver.NOTHING);
            following.serving();
        }
    }

    @Test
    void isRefusedWhileAnotherFollows() throws Exception {
        try (var _ = begin()) {
            assertThatThrownBy(this::begin)
                    .isInstanceOf(CannotFollow.class)
                    .hasMessage("Another process already follows this pool.");
        }
    }

    @Test
    void isRefusedWhereItSpeaksAnotherVersion() throws Exception {
        try (var conversation = Conversation.with(data.resolve(ControlSocket.FILE))) {
            conversation.write("take-over 2", LONG);
            assertThat(conversation.read(LONG)).hasValue("refused");
        }
    }

    @Test
    void saysThatThereIsNobodyToFollow() {
        control.close();
        assertThatThrownBy(this::begin)
                .isInstanceOf(CannotFollow.class)
                .hasMessageEndingWith("start without --take-over.");
    }

    /// As soon as the old one is done with the conversation before: it says that it goes on a moment earlier.
    private Following beginAgain() {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (true) {
            try {
                return begin();
            } catch (CannotFollow busy) {
                assertThat(busy).hasMessage("Another process already follows this pool.");
                assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
                Thread.onSpinWait();
            }
        }
    }

    private Following begin() {
        return Following.begin(data, DRAIN, new EventLog());
    }

    private void assertAccepts(int descriptor, InetSocketAddress address) throws Exception {
        var accepted = new CountDownLatch(1);
        var taken =
                new ServerBootstrap()
                        .group(loop)
                        .channelFactory(() -> new EpollServerSocketChannel(descriptor))
                        .childHandler(
                                new ChannelInboundHandlerAdapter() {
                                    @Override
                                    public void handlerAdded(ChannelHandlerContext context) {
                                        accepted.countDown();
                                    }
                                })
                        .register()
                        .syncUninterruptibly();
        try (var _ = new Socket(address.getAddress(), address.getPort())) {
            assertThat(accepted.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            taken.channel().close().syncUninterruptibly();
        }
    }
}
