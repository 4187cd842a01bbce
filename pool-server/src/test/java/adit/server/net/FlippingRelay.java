package adit.server.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// Somebody on the way between one miner and the pool, who can change a byte of what the miner sends.
final class FlippingRelay implements AutoCloseable {

    private final ServerSocket port;
    private final InetSocketAddress pool;
    private volatile boolean flips;

    FlippingRelay(InetSocketAddress pool) throws IOException {
        this.pool = pool;
        port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::relay);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) port.getLocalSocketAddress();
    }

    void flipTheNextByte() {
        flips = true;
    }

    private void relay() {
        try (var miner = port.accept();
                var server = new Socket(pool.getAddress(), pool.getPort())) {
            var back = Thread.startVirtualThread(() -> copy(server, miner, false));
            copy(miner, server, true);
            back.interrupt();
        } catch (IOException ended) {
            // The test has closed one of the ends.
        }
    }

    private void copy(Socket from, Socket to, boolean mayFlip) {
        var buffer = new byte[65_536];
        try {
            for (int n = from.getInputStream().read(buffer);
                    n > 0;
                    n = from.getInputStream().read(buffer)) {
                if (mayFlip && flips) {
                    flips = false;
                    buffer[n - 1] ^= 1;
                }
                to.getOutputStream().write(buffer, 0, n);
            }
            to.shutdownOutput();
        } catch (IOException ended) {
            // One end has hung up; the other is told by closing.
        }
    }

    @Override
    public void close() throws IOException {
        port.close();
    }
}
