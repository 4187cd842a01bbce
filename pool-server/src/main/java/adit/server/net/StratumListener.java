package adit.server.net;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import org.jspecify.annotations.Nullable;

import adit.server.config.Limits;
import adit.server.source.Sources;
import adit.server.source.Visit;

/// One listening port of the pool.
///
/// The pipeline of a connection is its [Door], and once that has decided its session alone: bytes in, bytes
/// out, nothing between.
public final class StratumListener implements AutoCloseable {

    private static final int BACKLOG = 8192;
    private static final WriteBufferWaterMark WRITE_MARKS =
            new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private final String name;
    private final InetSocketAddress configured;
    private final InetSocketAddress address;
    private final ServerBootstrap bootstrap;
    private final Class<? extends ServerChannel> kind;
    private final AtomicInteger connections;
    private final BooleanSupplier mayOpen;
    private volatile Channel channel;

    private StratumListener(
            Entrance<?> entrance,
            ListeningSocket socket,
            ServerBootstrap bootstrap,
            Class<? extends ServerChannel> kind,
            AtomicInteger connections) {
        this.name = entrance.name();
        this.mayOpen = entrance::mayOpen;
        this.configured = socket.address();
        this.bootstrap = bootstrap;
        this.kind = kind;
        this.connections = connections;
        this.channel = open(socket);
        this.address = (InetSocketAddress) channel.localAddress();
        if (!mayOpen.getAsBoolean()) {
            close();
        }
    }

    /// Opens a port. Where it can speak nothing yet, it is closed again at once: that it is free is known.
    ///
    /// @param sources decide who is let in, before anything is made for a connection
    /// @throws PortUnavailable where the address cannot be listened on
    public static <R> StratumListener open(
            ListeningSocket socket, Entrance<R> entrance, EventLoops<R> loops, Sources sources) {
        return open(socket, entrance, loops, sources, _ -> {});
    }

    /// @param before puts something before the door of each connection
    static <R> StratumListener open(
            ListeningSocket socket,
            Entrance<R> entrance,
            EventLoops<R> loops,
            Sources sources,
            Consumer<ChannelPipeline> before) {
        var connections = new AtomicInteger();
        var initializer =
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        var visit = visit(connection, entrance, sources);
                        if (visit == null) {
                            var _ = connection.close();
                            return;
                        }
                        connections.incrementAndGet();
                        connection
                                .closeFuture()
                                .addListener(_ -> {
                                    connections.decrementAndGet();
                                    visit.leave();
                                });
                        before.accept(connection.pipeline());
                        var door = loops.door(connection.eventLoop(), entrance, visit);
                        connection.pipeline().addLast("door", door);
                    }
                };
        var bootstrap =
                new ServerBootstrap()
                        .group(loops.group())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
                        .childHandler(initializer);
        if (Epoll.isAvailable()) {
            noticeGonePeers(bootstrap);
        }
        return new StratumListener(entrance, socket, bootstrap, loops.serverChannel(), connections);
    }

    /// Takes connections again after it was closed, on the same port, if there is anything to speak.
    ///
    /// @throws PortUnavailable where somebody else has taken it meanwhile
    public void reopen() {
        if (!isOpen() && mayOpen.getAsBoolean()) {
            channel = open(ListeningSocket.at(address));
        }
    }

    /// A peer that vanished without a word is gone within three minutes, and one that does not read costs
    /// the system no more than it costs us.
    private static void noticeGonePeers(ServerBootstrap bootstrap) {
        bootstrap
                .childOption(EpollChannelOption.TCP_KEEPIDLE, Limits.KEEPALIVE_IDLE_SECONDS)
                .childOption(EpollChannelOption.TCP_KEEPINTVL, Limits.KEEPALIVE_EVERY_SECONDS)
                .childOption(EpollChannelOption.TCP_KEEPCNT, Limits.KEEPALIVE_PROBES)
                .childOption(EpollChannelOption.TCP_USER_TIMEOUT, Limits.UNACKNOWLEDGED_MILLIS)
                .childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) Limits.UNSENT_BYTES);
    }

    /// Null where the connection may not come in, or is gone already.
    private static @Nullable Visit visit(
            Channel connection, Entrance<?> entrance, Sources sources) {
        if (!(connection.remoteAddress() instanceof InetSocketAddress remote)) {
            return null;
        }
        Runnable close =
                () -> {
                    var _ = connection.close();
                };
        return entrance.isProxy(remote)
                ? sources.enterFromProxy(close)
                : sources.enter(remote.getAddress(), close);
    }

    public String name() {
        return name;
    }

    public InetSocketAddress address() {
        return address;
    }

    /// The address asked for, which where it is no particular one reads otherwise when bound.
    public InetSocketAddress configured() {
        return configured;
    }

    /// The number of the listening socket in this process, to be handed over.
    ///
    /// @throws ClassCastException where the native transport is missing
    public int descriptor() {
        return ((EpollServerSocketChannel) channel).fd().intValue();
    }

    /// Takes connections, or lets them wait in the socket. When this returns, every one taken has its session.
    public void accept(boolean on) {
        var _ =
                channel.eventLoop()
                        .submit(() -> channel.config().setAutoRead(on))
                        .awaitUninterruptibly();
    }

    public boolean isAccepting() {
        return channel.isOpen() && channel.config().isAutoRead();
    }

    /// Connections that came through this port and are still there.
    public int connections() {
        return connections.get();
    }

    public boolean isOpen() {
        return channel.isOpen();
    }

    /// Takes no new connections; those there are stay.
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }

    private Channel open(ListeningSocket socket) {
        var opened = socket.open(bootstrap, kind).awaitUninterruptibly();
        if (!opened.isSuccess()) {
            throw new PortUnavailable(name, socket.address(), opened.cause());
        }
        return opened.channel();
    }
}
