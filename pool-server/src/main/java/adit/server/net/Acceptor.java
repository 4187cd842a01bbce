package adit.server.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import org.jspecify.annotations.Nullable;

import adit.server.config.Limits;
import adit.server.metrics.EventLog;
import adit.server.source.Sources;
import adit.server.source.Visit;

/// The handler of a listening socket: asks [Sources] about each connection as it is taken, closes at once what is
/// refused, and gives the others an event loop and a [Door].
///
/// Who is refused is never registered with a loop, so that a flood of connects costs little and holds no files while
/// another loop is busy. Where the system has no file left nothing is taken for a moment: who comes waits in the socket.
///
/// **Owner:** the event loop of the listening socket.
final class Acceptor<R> extends ChannelInboundHandlerAdapter {

    private static final long PAUSE_MILLIS = 100;
    private static final long NANOS_BETWEEN_LINES = 60_000_000_000L;
    private static final WriteBufferWaterMark WRITE_MARKS =
            new WriteBufferWaterMark(32 * 1024, 64 * 1024);
    private static final Map<ChannelOption<?>, Object> OPTIONS = options();

    private final Entrance<R> entrance;
    private final EventLoops<R> loops;
    private final Sources sources;
    private final EventLog events;
    private final LongSupplier nanoClock;
    private final AtomicInteger connections;
    private final Consumer<ChannelPipeline> before;
    private boolean accepts = true;
    private boolean pauses;
    private boolean hasTold;
    private long toldNanos;

    /// @param connections counts those that came through here and are still there
    /// @param before puts something before the door of each
    Acceptor(
            Entrance<R> entrance,
            EventLoops<R> loops,
            Sources sources,
            EventLog events,
            AtomicInteger connections,
            Consumer<ChannelPipeline> before) {
        this.entrance = entrance;
        this.loops = loops;
        this.sources = sources;
        this.events = events;
        this.nanoClock = loops.nanoClock();
        this.connections = connections;
        this.before = before;
    }

    /// Takes connections, or lets them wait in the socket.
    void accept(Channel socket, boolean on) {
        accepts = on;
        socket.config().setAutoRead(on && !pauses);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object taken) {
        var connection = (Channel) taken;
        // Through this loop, on which it will have got its own before.
        Runnable close =
                () ->
                        ctx.executor()
                                .execute(() -> {
                                    var _ = connection.close();
                                });
        var visit = visit(connection, close);
        if (visit == null) {
            connection.unsafe().closeForcibly();
            return;
        }
        connections.incrementAndGet();
        connection
                .closeFuture()
                .addListener(_ -> {
                    connections.decrementAndGet();
                    visit.leave();
                });
        admit(connection, visit, loops.next());
    }

    /// Taking a connection has failed: there is no file left for it, here or on the whole machine.
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            events.bug("a listener", cause);
            return;
        }
        long now = nanoClock.getAsLong();
        if (!hasTold || now - toldNanos > NANOS_BETWEEN_LINES) {
            hasTold = true;
            toldNanos = now;
            events.cannotAccept(entrance.name(), String.valueOf(cause.getMessage()));
        }
        if (!pauses) {
            pauses = true;
            ctx.channel().config().setAutoRead(false);
            var _ = ctx.executor().schedule(() -> goOn(ctx), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void goOn(ChannelHandlerContext ctx) {
        pauses = false;
        ctx.channel().config().setAutoRead(accepts);
    }

    private void admit(Channel connection, Visit visit, EventLoop loop) {
        try {
            connection.config().setOptions(OPTIONS);
        } catch (ChannelException reset) {
            // It finds that out for itself as soon as it is read from.
        }
        before.accept(connection.pipeline());
        connection.pipeline().addLast("door", loops.door(loop, entrance, visit));
        var _ = loop.register(connection);
    }

    /// Null where the connection may not come in, or is gone already.
    private @Nullable Visit visit(Channel connection, Runnable close) {
        if (!(connection.remoteAddress() instanceof InetSocketAddress remote)) {
            return null;
        }
        return entrance.isProxy(remote)
                ? sources.enterFromProxy(close)
                : sources.enter(remote.getAddress(), close);
    }

    /// With the system's own transport a peer that vanished without a word is gone within three minutes, and one that
    /// does not read costs the system no more than it costs us.
    private static Map<ChannelOption<?>, Object> options() {
        var options = new HashMap<ChannelOption<?>, Object>();
        options.put(ChannelOption.TCP_NODELAY, true);
        options.put(ChannelOption.SO_KEEPALIVE, true);
        options.put(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS);
        if (Epoll.isAvailable()) {
            options.put(EpollChannelOption.TCP_KEEPIDLE, Limits.KEEPALIVE_IDLE_SECONDS);
            options.put(EpollChannelOption.TCP_KEEPINTVL, Limits.KEEPALIVE_EVERY_SECONDS);
            options.put(EpollChannelOption.TCP_KEEPCNT, Limits.KEEPALIVE_PROBES);
            options.put(EpollChannelOption.TCP_USER_TIMEOUT, Limits.UNACKNOWLEDGED_MILLIS);
            options.put(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) Limits.UNSENT_BYTES);
        }
        return Map.copyOf(options);
    }
}
