package adit.server.net;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;

import adit.server.metrics.EventLog;
import adit.server.source.Sources;

/// One listening port of the pool.
///
/// The pipeline of a connection is its [Door], and once that has decided its session alone: bytes in, bytes
/// out, nothing between.
public final class StratumListener implements AutoCloseable {

    private static final int BACKLOG = 8192;

    private final String name;
    private final InetSocketAddress configured;
    private final InetSocketAddress address;
    private final MultiThreadIoEventLoopGroup group;
    private final Class<? extends ServerChannel> kind;
    private final Supplier<Acceptor<?>> acceptors;
    private final AtomicInteger connections;
    private final BooleanSupplier mayOpen;
    private final Supplier<String> tls;
    private volatile Channel channel;
    private volatile boolean accepts = true;

    private <R> StratumListener(
            Entrance<R> entrance,
            ListeningSocket socket,
            EventLoops<R> loops,
            Supplier<Acceptor<?>> acceptors,
            AtomicInteger connections) {
        this.name = entrance.name();
        this.mayOpen = entrance::mayOpen;
        this.tls = entrance::tls;
        this.configured = socket.address();
        this.group = loops.group();
        this.kind = loops.serverChannel();
        this.acceptors = acceptors;
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
            ListeningSocket socket,
            Entrance<R> entrance,
            EventLoops<R> loops,
            Sources sources,
            EventLog events) {
        return open(socket, entrance, loops, sources, events, _ -> {});
    }

    /// @param before puts something before the door of each connection
    static <R> StratumListener open(
            ListeningSocket socket,
            Entrance<R> entrance,
            EventLoops<R> loops,
            Sources sources,
            EventLog events,
            Consumer<ChannelPipeline> before) {
        var connections = new AtomicInteger();
        return new StratumListener(
                entrance,
                socket,
                loops,
                () -> new Acceptor<>(entrance, loops, sources, events, connections, before),
                connections);
    }

    /// Takes connections again after it was closed, on the same port, if there is anything to speak.
    ///
    /// @throws PortUnavailable where somebody else has taken it meanwhile
    public void reopen() {
        if (!isOpen() && mayOpen.getAsBoolean()) {
            channel = open(ListeningSocket.at(address));
        }
    }

    public String name() {
        return name;
    }

    /// What it speaks besides plain Stratum, and until when its certificate is good; empty where it is nothing.
    public String tls() {
        return tls.get();
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
        accepts = on;
        var socket = channel;
        var _ =
                socket.eventLoop()
                        .submit(() -> socket.pipeline().get(Acceptor.class).accept(socket, on))
                        .awaitUninterruptibly();
    }

    public boolean isAccepting() {
        return channel.isOpen() && accepts;
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
        var bootstrap =
                new Bootstrap()
                        .group(group)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .handler(acceptors.get());
        var opened = socket.open(bootstrap, kind).awaitUninterruptibly();
        if (!opened.isSuccess()) {
            throw new PortUnavailable(name, socket.address(), opened.cause());
        }
        return opened.channel();
    }
}
