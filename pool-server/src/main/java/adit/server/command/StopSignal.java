package adit.server.command;

import java.util.concurrent.CountDownLatch;

/// The operator's wish to stop: Ctrl-C or a service manager's SIGTERM.
///
/// The process then ends only when this is closed, which is after everything opened behind it.
public final class StopSignal implements AutoCloseable {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop");

    public StopSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Asks from within.
    public void ask() {
        asked.countDown();
    }

    /// Waits until somebody asks.
    public void await() throws InterruptedException {
        asked.await();
    }

    @Override
    public void close() {
        done.countDown();
    }

    private void stop() {
        asked.countDown();
        try {
            done.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
