package adit.server.takeover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;

/// Where a process receives open sockets from another: a Unix-domain socket in a directory closed to all other
/// users, there for one hand-over.
///
/// The kernel passes descriptors beside bytes (SCM_RIGHTS); the control conversation is text, so they have a
/// connection to themselves.
final class DescriptorSocket implements AutoCloseable {

    private static final String DIRECTORY = ".handover";

    private final EventLoopGroup loop = loop();
    private final BlockingQueue<Integer> received = new LinkedBlockingQueue<>();
    private final Path path;

    /// Begins to listen.
    ///
    /// @throws IOException where it cannot be made
    DescriptorSocket(Path dataDirectory) throws IOException {
        var directory = dataDirectory.resolve(DIRECTORY);
        path = directory.resolve("s");
        Files.deleteIfExists(path);
        Files.deleteIfExists(directory);
        Files.createDirectory(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        await(
                new ServerBootstrap()
                        .group(loop)
                        .channel(EpollServerDomainSocketChannel.class)
                        .childOption(
                                EpollChannelOption.DOMAIN_SOCKET_READ_MODE,
                                DomainSocketReadMode.FILE_DESCRIPTORS)
                        .childHandler(new Receiver(received))
                        .bind(new DomainSocketAddress(path.toFile())));
    }

    Path path() {
        return path;
    }

    /// So many descriptors, or those that came in time.
    List<Integer> receive(int count, Duration atMost) throws InterruptedException {
        var descriptors = new ArrayList<Integer>();
        while (descriptors.size() < count) {
            var next = received.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                return descriptors;
            }
            descriptors.add(next);
        }
        return descriptors;
    }

    @Override
    public void close() throws IOException {
        stop(loop);
        Files.deleteIfExists(path);
        Files.deleteIfExists(path.getParent());
    }

    /// Sends descriptors in this order; they stay open here.
    ///
    /// @throws IOException where nobody takes them
    static void send(Path to, List<Integer> descriptors) throws IOException {
        var loop = loop();
        try {
            var connection =
                    new Bootstrap()
                            .group(loop)
                            .channel(EpollDomainSocketChannel.class)
                            .handler(new ChannelInboundHandlerAdapter())
                            .connect(new DomainSocketAddress(to.toFile()));
            await(connection);
            for (int descriptor : descriptors) {
                await(connection.channel().writeAndFlush(new FileDescriptor(descriptor)));
            }
            await(connection.channel().close());
        } finally {
            stop(loop);
        }
    }

    private static EventLoopGroup loop() {
        return new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    private static void stop(EventLoopGroup loop) {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static void await(ChannelFuture future) throws IOException {
        if (!future.awaitUninterruptibly().isSuccess()) {
            throw new IOException("sockets cannot be passed: " + future.cause().getMessage());
        }
    }

    private static final class Receiver extends ChannelInitializer<DomainSocketChannel> {
        private final BlockingQueue<Integer> received;

        Receiver(BlockingQueue<Integer> received) {
            this.received = received;
        }

        @Override
        protected void initChannel(DomainSocketChannel channel) {
            channel.pipeline()
                    .addLast(
                            new ChannelInboundHandlerAdapter() {
                                @Override
                                public void channelRead(
                                        ChannelHandlerContext context, Object message) {
                                    received.add(((FileDescriptor) message).intValue());
                                }
                            });
        }
    }
}
