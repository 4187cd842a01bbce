package adit.miner.swarm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Peers that connect and then say next to nothing: a third of them nothing at all, a third a byte a second, a
/// third half a line.
///
/// **Owner:** the calling thread. **Limits:** the process's open files.
public final class SlowPeers implements AutoCloseable {

    private static final byte[] LINE =
            "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}".getBytes(US_ASCII);
    private static final int KINDS = 3;
    private static final int DRIPPING = 1;
    private static final int HALF_A_LINE = 2;
    private static final long DRIP_NANOS = 1_000_000_000;
    private static final long LOOK_MILLIS = 10;

    private final Selector selector;
    private final LongSupplier nanoClock;
    private final List<SocketChannel> dripping = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocate(4096);
    private int open;
    private int dripped;

    private SlowPeers(Selector selector, LongSupplier nanoClock) {
        this.selector = selector;
        this.nanoClock = nanoClock;
    }

    /// Connects so many of them.
    ///
    /// @param sources from how many addresses of 127.0.0.0/24
    public static SlowPeers connect(
            InetSocketAddress pool, int count, int sources, LongSupplier nanoClock) {
        try {
            var peers = new SlowPeers(Selector.open(), nanoClock);
            for (int i = 0; i < count; i++) {
                peers.connect(pool, i % KINDS, i % sources + 1);
            }
            return peers;
        } catch (IOException e) {
            throw new SwarmFailed("cannot connect: " + e.getMessage(), e);
        }
    }

    /// How many are connected still.
    public int open() {
        return open;
    }

    /// Goes on as they do until all have been let go, or for so long.
    public void goOn(Duration most) {
        long begun = nanoClock.getAsLong();
        long dripNanos = begun;
        try {
            while (open > 0 && nanoClock.getAsLong() - begun < most.toNanos()) {
                if (nanoClock.getAsLong() - dripNanos >= 0) {
                    dripNanos += DRIP_NANOS;
                    drip();
                }
                selector.select(this::heard, LOOK_MILLIS);
            }
        } catch (IOException e) {
            throw new SwarmFailed("cannot wait for sockets: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            for (var key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new SwarmFailed("cannot close the connections: " + e.getMessage(), e);
        }
    }

    private void connect(InetSocketAddress pool, int kind, int source) throws IOException {
        var channel = SocketChannel.open();
        channel.bind(new InetSocketAddress("127.0.0." + source, 0));
        channel.connect(pool);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        open++;
        if (kind == DRIPPING) {
            dripping.add(channel);
        } else if (kind == HALF_A_LINE) {
            channel.write(ByteBuffer.wrap(LINE, 0, LINE.length / 2));
        }
    }

    /// One byte each, of a line that ends after the pool's patience.
    private void drip() {
        int at = dripped++ % LINE.length;
        for (var channel : dripping) {
            try {
                if (channel.isOpen()) {
                    channel.write(ByteBuffer.wrap(LINE, at, 1));
                }
            } catch (IOException gone) {
                gone(channel);
            }
        }
    }

    private void heard(SelectionKey key) {
        var channel = (SocketChannel) key.channel();
        try {
            in.clear();
            if (channel.read(in) < 0) {
                gone(channel);
            }
        } catch (IOException reset) {
            gone(channel);
        }
    }

    private void gone(SocketChannel channel) {
        open--;
        try {
            channel.close();
        } catch (IOException e) {
            throw new SwarmFailed("cannot close a connection: " + e.getMessage(), e);
        }
    }
}
