package adit.node.embedded;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/// The one thread that may touch the chain; everybody else asks it and waits for the answer.
final class ChainThread implements AutoCloseable {
    private final ExecutorService executor =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("embedded-chain").daemon().factory());

    /// Runs a question there. What it throws is thrown here.
    <T> T call(Callable<T> question) {
        try {
            return executor.submit(question).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChainUnavailable("interrupted while waiting for the chain", e);
        } catch (RejectedExecutionException e) {
            throw new ChainUnavailable("the chain is closed", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException("the chain thread failed", e.getCause());
        }
    }

    void run(Runnable order) {
        call(() -> {
            order.run();
            return true;
        });
    }

    @Override
    public void close() {
        executor.close();
    }
}
