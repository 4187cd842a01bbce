package adit.miner.swarm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/// Somebody who does nothing but connect, from several addresses and as fast as the machine lets him.
///
/// A connection is reset as soon as it stands, so that no port of an address waits for its last packets.
///
/// **Owner:** the thread that calls [#some]. **Limits:** [#AT_ONCE] connections being made.
public final class ConnectFlood implements AutoCloseable {

    private static final int AT_ONCE = 256;

    /// So many a call, because whoever calls has other sockets to look at.
    private static final int A_CALL = 16;

    private final InetSocketAddress pool;
    private final int firstSource;
    private final int sources;
    private final Selector selector;
    private int connecting;
    private long begun;
    private long connected;

    private ConnectFlood(InetSocketAddress pool, int firstSource, int sources, Selector selector) {
        this.pool = pool;
        this.firstSource = firstSource;
        this.sources = sources;
        this.selector = selector;
    }

    /// Somebody who has not connected yet.
    ///
    /// @param firstSource the last part of the first address of 127.0.0.0/24 to connect from
    /// @param sources how many addresses
    public static ConnectFlood of(InetSocketAddress pool, int firstSource, int sources) {
        try {
            return new ConnectFlood(pool, firstSource, sources, Selector.open());
        } catch (IOException e) {
            throw new SwarmFailed("cannot watch sockets: " + e.getMessage(), e);
        }
    }

    /// Begins some connections and ends those that stand.
    public void some() {
        try {
            for (int i = 0; i < A_CALL && connecting < AT_ONCE; i++) {
                begin();
            }
            selector.selectNow(this::stands);
        } catch (IOException e) {
            throw new SwarmFailed("cannot connect: " + e.getMessage(), e);
        }
    }

    /// Connections that stood.
    public long connected() {
        return connected;
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

    private void begin() throws IOException {
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.bind(new InetSocketAddress("127.0.0." + (firstSource + begun++ % sources), 0));
        if (channel.connect(pool)) {
            connected++;
            channel.close();
        } else {
            connecting++;
            channel.register(selector, SelectionKey.OP_CONNECT);
        }
    }

    private void stands(SelectionKey key) {
        connecting--;
        try (var channel = (SocketChannel) key.channel()) {
            if (channel.finishConnect()) {
                connected++;
            }
        } catch (IOException refused) {
            // The pool, or the system for it, was quicker: no connection that stood.
            key.cancel();
        }
    }
}
