package adit.server.net;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

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
import io.netty.util.concurrent.Future;

import adit.server.source.Visit;

/// The pool's event loops, each with the room its sessions share.
///
/// @param <R> what one loop owns, made once for it and reached by its sessions without a lock
public final class EventLoops<R> implements AutoCloseable {

    private static final int STOP_SECONDS = 10;

    private final MultiThreadIoEventLoopGroup group;
    private final Class<? extends ServerChannel> serverChannel;
    private final IdentityHashMap<EventLoop, Part<R>> parts = new IdentityHashMap<>();
    private final List<R> rooms = new ArrayList<>();
    private final LongSupplier nanoClock;

    /// What belongs to one loop.
    private record Part<R>(Doorstep doorstep, R room) {}

    /// @param room makes a loop's room, from the loop and its number counted from 0
    public EventLoops(int count, LongSupplier nanoClock, BiFunction<EventLoop, Integer, R> room) {
        this.nanoClock = nanoClock;
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        serverChannel = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("io"), io);
        int number = 0;
        for (var executor : group) {
            var loop = (EventLoop) executor;
            var made = room.apply(loop, number++);
            parts.put(loop, new Part<>(new Doorstep(nanoClock), made));
            rooms.add(made);
        }
    }

    MultiThreadIoEventLoopGroup group() {
        return group;
    }

    Class<? extends ServerChannel> serverChannel() {
        return serverChannel;
    }

    LongSupplier nanoClock() {
        return nanoClock;
    }

    /// The loop whose turn it is to take a connection.
    EventLoop next() {
        return group.next();
    }

    /// The room of one loop, by its number.
    public R room(int number) {
        return rooms.get(number);
    }

    /// A door to the room of this loop.
    Door<R> door(EventLoop loop, Entrance<R> entrance, Visit visit) {
        var part = parts.get(loop);
        if (part == null) {
            throw new IllegalStateException("not one of our event loops: " + loop);
        }
        return new Door<>(entrance, part.room(), part.doorstep(), visit);
    }

    public int count() {
        return parts.size();
    }

    /// Runs something on every loop with its room, and returns at once.
    public void forEach(Consumer<R> action) {
        parts.forEach((loop, part) -> loop.execute(() -> action.accept(part.room())));
    }

    /// Runs something on every loop with its room, and returns when all have; never called on a loop.
    public void awaitEach(Consumer<R> action) {
        var running = new ArrayList<Future<?>>();
        parts.forEach((loop, part) -> running.add(loop.submit(() -> action.accept(part.room()))));
        running.forEach(Future::syncUninterruptibly);
    }

    /// Looks at the deadlines of those who have not said yet what they are; to be called every second.
    public void tickDoorsteps() {
        parts.forEach((loop, part) -> loop.execute(part.doorstep()::tick));
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
