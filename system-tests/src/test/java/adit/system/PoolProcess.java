package adit.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `adit run` in a process of its own, so that it can be killed.
final class PoolProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;

    private PoolProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /// Starts the pool; what it says goes to `pool.log` beside its configuration.
    ///
    /// @param before words that run the JVM, as in `unshare -m sh -c …`; empty for none
    static PoolProcess start(PoolFiles files, List<String> before) throws IOException {
        var command = new ArrayList<>(before);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "adit.server.Adit",
                        "run",
                        "--config",
                        files.config().toString()));
        var log = files.directory().resolve("pool.log");
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        return new PoolProcess(process, log);
    }

    /// Waits until miners can connect.
    PoolProcess awaitPort(int port) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!answers(port)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("the pool did not start:\n" + log());
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        return this;
    }

    /// kill -9.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Ctrl-C; waits for the end.
    ///
    /// @return the exit code
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the pool did not stop:\n" + log());
        }
        return process.exitValue();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
