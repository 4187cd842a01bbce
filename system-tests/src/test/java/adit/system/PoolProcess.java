package adit.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/// Adit in a process of its own, so that it can be killed.
///
/// What it says on either stream goes to `pool.log` in the test's directory, below what earlier ones said.
final class PoolProcess implements AutoCloseable {

    private static final int STOP_SECONDS = 60;
    private static final int ENDING_SECONDS = 5;
    private static final int KILLED = 128 + 9;

    /// What a pool says when its last port is open.
    private static final String ALL_OPEN = "Status page and API on ";

    private final Process process;
    private final Path log;
    private final long logBegin;

    private PoolProcess(Process process, Path log, long logBegin) {
        this.process = process;
        this.log = log;
        this.logBegin = logBegin;
    }

    /// `adit run` with the configuration of these files.
    ///
    /// @param before words that run the JVM, as in `unshare -m sh -c …`; empty for none
    static PoolProcess run(PoolFiles files, List<String> before) throws IOException {
        return start(
                files.directory(), before, List.of("run", "--config", files.config().toString()));
    }

    /// A process that takes over from the one that runs with these files.
    static PoolProcess follow(PoolFiles files, int drainSeconds) throws IOException {
        return start(
                files.directory(),
                List.of(),
                List.of(
                        "run",
                        "--config",
                        files.config().toString(),
                        "--take-over",
                        "--over",
                        Integer.toString(drainSeconds)));
    }

    /// Any command of Adit.
    static PoolProcess start(Path directory, List<String> before, List<String> arguments)
            throws IOException {
        var command = new ArrayList<>(before);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "adit.server.Adit"));
        command.addAll(arguments);
        var log = directory.resolve("pool.log");
        long logBegin = Files.exists(log) ? Files.size(log) : 0;
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        return new PoolProcess(process, log, logBegin);
    }

    /// Waits until miners can connect and the pool has opened all its ports: where it finds the last one taken it
    /// ends, with miners let in already.
    PoolProcess awaitPort(int port) throws Exception {
        Await.until(
                () -> {
                    assertAlive();
                    return !lines(ALL_OPEN).isEmpty() && listens(port);
                },
                () -> "miners can connect\n" + log());
        return this;
    }

    /// Waits until the pool has said this.
    PoolProcess awaitLine(String part) throws Exception {
        Await.until(
                () -> {
                    boolean isSaid = !lines(part).isEmpty();
                    if (!isSaid) {
                        assertAlive();
                    }
                    return isSaid;
                },
                () -> "the pool says: " + part + "\n" + log());
        return this;
    }

    /// Waits for the process to end by itself.
    ///
    /// @return the exit code
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the pool did not end:\n" + log());
        }
        return process.exitValue();
    }

    /// kill -9; returns at once.
    void kill() {
        process.destroyForcibly();
    }

    /// Waits until a kill has done its work.
    void awaitKilled() throws InterruptedException {
        assertThat(awaitEnd()).as(log()).isEqualTo(KILLED);
    }

    /// SIGTERM; waits for the end.
    ///
    /// @return the exit code
    int stop() throws InterruptedException {
        process.destroy();
        return awaitEnd();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// A path as this process sees it, whatever it has mounted there.
    Path asItSees(Path path) {
        return Path.of("/proc/" + process.pid() + "/root" + path);
    }

    /// What this process has said so far.
    String log() {
        try {
            var all = Files.readAllBytes(log);
            int begin = Math.toIntExact(logBegin);
            return new String(all, begin, all.length - begin, StandardCharsets.UTF_8);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    /// Whether this process runs, and what it has said: for a failure that it may be the cause of. One that is about
    /// to end is given the time to say why.
    String story() throws InterruptedException {
        var state =
                process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS)
                        ? "the pool has ended with status " + process.exitValue()
                        : "the pool runs";
        return state + ":\n" + log();
    }

    /// The lines that hold this.
    List<String> lines(String part) {
        return log().lines().filter(line -> line.contains(part)).toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    static boolean listens(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private void assertAlive() throws InterruptedException {
        if (!process.isAlive()) {
            throw new AssertionError(story());
        }
    }
}
