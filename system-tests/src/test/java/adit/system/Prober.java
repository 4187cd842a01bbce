package adit.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Somebody who connects to a port again and again, and remembers each time that failed.
final class Prober implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final long PAUSE_NANOS = 2_000_000;

    private final int port;
    private final AtomicInteger connected = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean stopped;

    private Prober(int port) {
        this.port = port;
        this.thread = Thread.ofPlatform().name("prober").unstarted(this::probe);
    }

    static Prober of(int port) {
        var prober = new Prober(port);
        prober.thread.start();
        return prober;
    }

    int connected() {
        return connected.get();
    }

    Queue<String> failures() {
        return failures;
    }

    private void probe() {
        while (!stopped) {
            try (var socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        PATIENCE_MILLIS);
                connected.incrementAndGet();
            } catch (IOException refused) {
                failures.add(refused.toString());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
