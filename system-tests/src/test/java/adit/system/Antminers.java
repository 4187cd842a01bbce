package adit.system;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;

/// A farm of Antminers behind one address: each says what its firmware says, waits for each answer, and submits
/// shares as soon as it has work, one after the other up to a number. A share is nearly any hash, so they need not
/// search.
final class Antminers implements AutoCloseable {

    private static final int LINE_BYTES = 16_384;
    private static final int CONNECT_MILLIS = 30_000;

    private final MultiThreadIoEventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger mining = new AtomicInteger();
    private final CountDownLatch allMine;
    private final int shares;
    private volatile boolean closing;

    private Antminers(int count, int shares) {
        this.allMine = new CountDownLatch(count);
        this.shares = shares;
    }

    /// Switches them all on at the same moment.
    ///
    /// @param shares how many each has to have acknowledged before it counts as mining, and then stops
    static Antminers start(int port, int count, int shares) {
        var farm = new Antminers(count, shares);
        var connect =
                new Bootstrap()
                        .group(farm.loop)
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                        .handler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        channel.pipeline()
                                                .addLast(new LineBasedFrameDecoder(LINE_BYTES))
                                                .addLast(farm.new Antminer());
                                    }
                                })
                        .remoteAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        for (int i = 0; i < count; i++) {
            var _ =
                    connect.connect()
                            .addListener(done -> {
                                if (!done.isSuccess()) {
                                    farm.refused.incrementAndGet();
                                }
                            });
        }
        return farm;
    }

    /// How often a connection, a login or a share was refused.
    int refused() {
        return refused.get();
    }

    int mining() {
        return mining.get();
    }

    /// Waits until every one has had its shares acknowledged; false when time is over.
    boolean awaitMining(long seconds) throws InterruptedException {
        return allMine.await(seconds, TimeUnit.SECONDS);
    }

    /// Switches them all off.
    @Override
    public void close() {
        closing = true;
        loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /// One machine's conversation.
    private final class Antminer extends SimpleChannelInboundHandler<ByteBuf> {
        private String jobId = "";
        private String ntime = "";
        private boolean isLoggedIn;
        private boolean isMining;
        private boolean isAsking;
        private int acknowledged;
        private int nonce;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            say(
                    context,
                    "{\"id\":1,\"method\":\"mining.configure\",\"params\":[[\"version-rolling\"],"
                            + "{\"version-rolling.mask\":\"1fffe000\",\"version-rolling.min-bit-count\":2}]}");
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            var line = bytes.toString(StandardCharsets.UTF_8);
            if (line.contains("\"mining.notify\",\"params\"")) {
                var params = line.substring(line.indexOf("\"params\":[\"") + 11);
                jobId = params.substring(0, params.indexOf('"'));
                // The last three values are nBits, ntime and whether to begin anew.
                var parts = params.split(",", -1);
                ntime = parts[parts.length - 2].replace("\"", "");
                submit(context);
            } else if (line.contains("\"id\":1,")) {
                say(
                        context,
                        "{\"id\":2,\"method\":\"mining.subscribe\",\"params\":[\"Antminer S19/1.0\"]}");
            } else if (line.contains("\"id\":2,")) {
                say(
                        context,
                        "{\"id\":3,\"method\":\"mining.authorize\",\"params\":[\"%s.s19\",\"x\"]}"
                                .formatted(Miners.ALICE));
            } else if (line.contains("\"id\":3,")) {
                isLoggedIn = line.contains("\"result\":true");
                if (!isLoggedIn) {
                    refused.incrementAndGet();
                }
                submit(context);
            } else if (line.contains("\"id\":4,")) {
                submitted(context, line);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!closing) {
                refused.incrementAndGet();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable reset) {
            var _ = context.close();
        }

        private void submitted(ChannelHandlerContext context, String line) {
            isAsking = false;
            if (line.contains("\"result\":true")) {
                if (++acknowledged == shares) {
                    isMining = true;
                    mining.incrementAndGet();
                    allMine.countDown();
                }
            } else if (!line.contains("[23,") && !line.contains("[21,")) {
                // One hash in 65,536 does not meet even the least difficulty, and a block may
                // have been found.
                refused.incrementAndGet();
            }
            submit(context);
        }

        private void submit(ChannelHandlerContext context) {
            if (isLoggedIn && !isMining && !isAsking && !jobId.isEmpty()) {
                isAsking = true;
                say(
                        context,
                        "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"%s.s19\",\"%s\",\"%016x\",\"%s\",\"%08x\",\"00000000\"]}"
                                .formatted(Miners.ALICE, jobId, 0, ntime, nonce++));
            }
        }

        private static void say(ChannelHandlerContext context, String line) {
            var _ =
                    context.writeAndFlush(
                            Unpooled.copiedBuffer(line + "\n", StandardCharsets.UTF_8));
        }
    }
}
