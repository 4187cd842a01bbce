package adit.server.net;

import java.util.IdentityHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/// The pool's event loops, each with the room its sessions share.
///
/// @param <R> what one loop owns, made once for it and reached by its sessions without a lock
public final class EventLoops<R> implements AutoCloseable {

    private static final int STOP_SECONDS = 10;

    private final MultiThreadIoEventLoopGroup group;
    private final Class<? extends ServerChannel> serverChannel;
    private final IdentityHashMap<EventLoop, R> rooms = new IdentityHashMap<>();

    /// @param room makes a loop's room, from the loop and its number counted from 0
    public EventLoops(int count, BiFunction<EventLoop, Integer, R> room) {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        serverChannel = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("io"), io);
        int number = 0;
        for (var executor : group) {
            var loop = (EventLoop) executor;
            rooms.put(loop, room.apply(loop, number++));
        }
    }

    MultiThreadIoEventLoopGroup group() {
        return group;
    }

    Class<? extends ServerChannel> serverChannel() {
        return serverChannel;
    }

    R roomOf(EventLoop loop) {
        var room = rooms.get(loop);
        if (room == null) {
            throw new IllegalStateException("not one of our event loops: " + loop);
        }
        return room;
    }

    /// Runs something on every loop with its room, and returns at once.
    public void forEach(Consumer<R> action) {
        rooms.forEach((loop, room) -> loop.execute(() -> action.accept(room)));
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
