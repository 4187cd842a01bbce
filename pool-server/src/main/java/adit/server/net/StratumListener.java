package adit.server.net;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;

/// One listening port of the pool.
///
/// The pipeline of a connection is its [Door], and once that has decided its session alone: bytes in, bytes
/// out, nothing between.
public final class StratumListener implements AutoCloseable {

    private static final int BACKLOG = 8192;
    private static final WriteBufferWaterMark WRITE_MARKS =
            new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private final String name;
    private final InetSocketAddress address;
    private final ServerBootstrap bootstrap;
    private final AtomicInteger connections;
    private volatile Channel channel;

    private StratumListener(
            String name,
            InetSocketAddress wanted,
            ServerBootstrap bootstrap,
            AtomicInteger connections) {
        this.name = name;
        this.bootstrap = bootstrap;
        this.connections = connections;
        this.channel = bind(name, bootstrap, wanted);
        this.address = (InetSocketAddress) channel.localAddress();
    }

    /// Opens a port.
    ///
    /// @param cap over all listeners; a connection beyond it is closed before its session is made
    /// @param refused told of each such connection, on its event loop
    /// @throws PortUnavailable where the address cannot be listened on
    public static <R> StratumListener open(
            InetSocketAddress address,
            Entrance<R> entrance,
            EventLoops<R> loops,
            ConnectionCap cap,
            Runnable refused) {
        return open(address, entrance, loops, cap, refused, _ -> {});
    }

    /// @param before puts something before the door of each connection
    static <R> StratumListener open(
            InetSocketAddress address,
            Entrance<R> entrance,
            EventLoops<R> loops,
            ConnectionCap cap,
            Runnable refused,
            Consumer<ChannelPipeline> before) {
        var connections = new AtomicInteger();
        var initializer =
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        if (!cap.enter()) {
                            refused.run();
                            var _ = connection.close();
                            return;
                        }
                        connections.incrementAndGet();
                        connection
                                .closeFuture()
                                .addListener(_ -> {
                                    connections.decrementAndGet();
                                    cap.leave();
                                });
                        before.accept(connection.pipeline());
                        connection
                                .pipeline()
                                .addLast("door", loops.door(connection.eventLoop(), entrance));
                    }
                };
        var bootstrap =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
                        .childHandler(initializer);
        return new StratumListener(entrance.name(), address, bootstrap, connections);
    }

    /// Takes connections again after it was closed, on the same port.
    ///
    /// @throws PortUnavailable where somebody else has taken it meanwhile
    public void reopen() {
        if (!isOpen()) {
            channel = bind(name, bootstrap, address);
        }
    }

    public String name() {
        return name;
    }

    public InetSocketAddress address() {
        return address;
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

    private static Channel bind(String name, ServerBootstrap bootstrap, InetSocketAddress address) {
        var bind = bootstrap.bind(address).awaitUninterruptibly();
        if (!bind.isSuccess()) {
            throw new PortUnavailable(name, address, bind.cause());
        }
        return bind.channel();
    }
}
