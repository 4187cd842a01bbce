package adit.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import adit.node.FreePorts;

/// A stretch of network before a node, which a test can cut in the ways networks are cut.
///
/// **Owner:** the test; each direction of a connection is carried by a virtual thread.
final class Relay implements AutoCloseable {

    /// How the stretch treats what it is given.
    enum Mode {
        OPEN,
        /// Nobody listens.
        REFUSES,
        /// Connections are taken and reset.
        RESETS,
        /// Connections are taken and stay, and nothing comes through.
        HANGS
    }

    private static final String LOOK = "getblockchaininfo";
    private static final String BLOCK = "submitblock";

    private final InetSocketAddress node;
    private final int port;
    private final CopyOnWriteArrayList<Socket> sockets = new CopyOnWriteArrayList<>();
    private ServerSocket server;
    private final AtomicInteger looks = new AtomicInteger();
    private volatile Runnable atBlock = () -> {};
    private volatile Runnable atAnswer = () -> {};
    private volatile Mode mode = Mode.OPEN;

    private Relay(InetSocketAddress node, ServerSocket server) {
        this.node = node;
        this.server = server;
        port = server.getLocalPort();
        accept(server);
    }

    /// At a port that nobody else gets while nobody listens there.
    static Relay before(URI node) throws IOException {
        return new Relay(
                new InetSocketAddress(node.getHost(), node.getPort()), listen(FreePorts.any()));
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    /// How often the pool has looked how the node is.
    int looks() {
        return looks.get();
    }

    /// Does something when the pool hands in a block, before the node gets it.
    void atBlock(Runnable action) {
        atBlock = action;
    }

    /// Does something when the node has answered that, before the pool hears it.
    void atAnswer(Runnable action) {
        atAnswer = action;
    }

    /// Changes the weather; connections there are do not outlive it, unless they are to hang.
    void become(Mode next) throws IOException {
        var before = mode;
        mode = next;
        if (before == Mode.REFUSES) {
            server = listen(port);
            accept(server);
        }
        if (next == Mode.REFUSES) {
            server.close();
        }
        if (next != Mode.HANGS) {
            for (var socket : sockets) {
                reset(socket);
            }
        }
    }

    @Override
    public void close() throws IOException {
        become(Mode.REFUSES);
    }

    private static ServerSocket listen(int port) throws IOException {
        var server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return server;
    }

    private void accept(ServerSocket from) {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            var pool = from.accept();
                            Thread.ofVirtual().start(() -> serve(pool));
                        }
                    } catch (IOException closed) {
                        // The test cut it.
                    }
                });
    }

    private void serve(Socket pool) {
        try (var onward = new Socket()) {
            sockets.add(pool);
            sockets.add(onward);
            if (mode == Mode.RESETS) {
                reset(pool);
                return;
            }
            onward.connect(node);
            var hasBlock = new AtomicBoolean();
            Thread.ofVirtual().start(() -> carry(onward, pool, _ -> answered(hasBlock)));
            carry(pool, onward, bytes -> asked(bytes, hasBlock));
        } catch (IOException cut) {
            // The weather changed while the connection was made.
        } finally {
            sockets.remove(pool);
        }
    }

    private void asked(String bytes, AtomicBoolean hasBlock) {
        if (bytes.contains(LOOK)) {
            looks.incrementAndGet();
        }
        if (bytes.contains(BLOCK)) {
            hasBlock.set(true);
            atBlock.run();
        }
    }

    private void answered(AtomicBoolean hasBlock) {
        if (hasBlock.getAndSet(false)) {
            atAnswer.run();
        }
    }

    /// What meets a hanging stretch is swallowed.
    private void carry(Socket from, Socket to, Consumer<String> watcher) {
        try (from;
                to) {
            var bytes = new byte[8192];
            int count = from.getInputStream().read(bytes);
            while (count >= 0) {
                watcher.accept(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
                if (mode != Mode.HANGS) {
                    to.getOutputStream().write(bytes, 0, count);
                }
                count = from.getInputStream().read(bytes);
            }
        } catch (IOException ended) {
            // One side left.
        }
    }

    private void reset(Socket socket) throws IOException {
        sockets.remove(socket);
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException closed) {
            // It ended by itself in this moment.
        }
        socket.close();
    }
}
