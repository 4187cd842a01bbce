package adit.miner;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import org.jspecify.annotations.Nullable;

/// A Stratum V1 miner that really hashes: it keeps a connection to its pool, works on the newest job and submits
/// what meets the difficulty of that job.
///
/// It comes back after a lost connection, with its session id and after a growing pause, until it is closed.
/// Its statistics span all its connections.
///
/// **Owner:** one event loop of the group it is given, which must be of NIO kind and outlive the miner; hashing has a
/// thread of its own. **Limits:** a pool that says nothing for [#MAX_SILENCE_SECONDS] is left.
public final class V1Miner implements AutoCloseable {
    static final int MAX_SILENCE_SECONDS = 180;

    private static final int MAX_LINE_BYTES = 16_384;
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    private static final long CLOSE_MILLIS = 1_000;

    private final MinerSettings settings;
    private final EventLoop loop;
    private final RandomGenerator random;
    private final MinerEvents events;
    private final Tally tally = new Tally();
    private final Backoff backoff;
    private final Grinder grinder;
    private String sessionId = "";
    private @Nullable V1Session session;
    private volatile boolean isClosed;

    /// @param nanoClock a clock that only goes forward, by which the hash rate is kept
    public V1Miner(
            MinerSettings settings,
            EventLoopGroup loops,
            long seed,
            LongSupplier nanoClock,
            MinerEvents events) {
        this.settings = settings;
        this.events = events;
        loop = loops.next();
        random = new SplittableRandom(seed);
        backoff = new Backoff(random);
        grinder = new Grinder(settings.hashesPerSecond(), Grinder.NONCE_BITS, nanoClock);
    }

    /// Begins to connect and returns at once.
    public void start() {
        grinder.start();
        loop.execute(this::connect);
    }

    public MinerStatistics statistics() {
        return tally.snapshot(grinder.hashes());
    }

    /// Stops hashing and leaves the pool, and waits for both unless called from the miner's own event loop.
    @Override
    public void close() {
        isClosed = true;
        grinder.close();
        if (loop.isShuttingDown()) {
            return;
        }
        var left = loop.submit(this::leave);
        if (!loop.inEventLoop()) {
            left.awaitUninterruptibly(CLOSE_MILLIS);
            grinder.awaitEnd(CLOSE_MILLIS);
        }
    }

    boolean isHashing() {
        return grinder.isAlive();
    }

    private void connect() {
        if (isClosed) {
            return;
        }
        var channel = new NioSocketChannel();
        var opening = new V1Session(channel, settings, sessionId, grinder, tally, events, random);
        session = opening;
        new Bootstrap()
                .group(loop)
                .channelFactory(() -> channel)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(pipeline(opening))
                .connect(settings.pool().getHost(), settings.pool().getPort())
                .addListener((ChannelFuture connecting) -> connected(connecting, opening));
    }

    private static ChannelHandler pipeline(V1Session session) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(new ReadTimeoutHandler(MAX_SILENCE_SECONDS))
                        .addLast(new LineBasedFrameDecoder(MAX_LINE_BYTES))
                        .addLast(session);
            }
        };
    }

    private void connected(ChannelFuture connecting, V1Session opened) {
        if (connecting.isSuccess()) {
            connecting.channel().closeFuture().addListener(_ -> ended(opened));
        } else if (!isClosed) {
            comeBack("no connection: " + connecting.cause().getMessage(), 0);
        }
    }

    private void ended(V1Session ended) {
        sessionId = ended.sessionId();
        if (ended.wasAuthorized()) {
            backoff.reset();
        }
        comeBack(ended.whyClosed(), ended.comeBackMillis());
    }

    private void comeBack(String why, long leastMillis) {
        events.disconnected(why);
        if (!isClosed) {
            long delayMillis = Math.max(leastMillis, backoff.nextMillis());
            var _ = loop.schedule(this::connect, delayMillis, TimeUnit.MILLISECONDS);
        }
    }

    private void leave() {
        var current = session;
        if (current != null) {
            current.close("this miner was closed");
        }
    }
}
