package adit.server.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import adit.ledger.postgres.LocalPostgres;

/// The pool under measurement: `adit run` in a process of its own, on its own core, with a journal on a real
/// disk.
///
/// **Owner:** the thread of the bench.
final class BenchPool implements AutoCloseable {

    /// Two to the minus 32: one hash a share.
    private static final String ANY_HASH = "0.00000000023283064365386962890625";

    /// Two to the minus 28.
    private static final String SIXTEEN_HASHES = "0.0000000037252902984619140625";

    /// What it asks of miners, and of whom it expects harm.
    enum Kind {
        /// Nearly any hash is a share.
        ANY_HASH_IS_A_SHARE(BenchPool.ANY_HASH, false),
        /// Fifteen shares of sixteen are below their difficulty.
        MOST_HASHES_ARE_WEAK(BenchPool.SIXTEEN_HASHES, false),
        /// Nearly any hash is a share, and addresses of this machine are strangers like any other.
        OPEN_TO_STRANGERS(BenchPool.ANY_HASH, true);

        private final String difficulty;
        private final boolean limitsLoopback;

        Kind(String difficulty, boolean limitsLoopback) {
            this.difficulty = difficulty;
            this.limitsLoopback = limitsLoopback;
        }
    }

    /// Where records are projected to.
    record Ledger(LocalPostgres postgres, Path password) {}

    private static final String PAY_TO = "bcrt1q39wfsc85c6hdj2pp6dywfk583ddmax7085gd9g";
    private static final int STOP_SECONDS = 60;
    private static final int LOG_TAIL_CHARS = 2_000;
    private static final int LOOK_MILLIS = 50;
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final Path directory;
    private final LongSupplier nanoClock;
    private final List<String> command;
    private final int stratumPort;
    private final int varyingPort;
    private final int webPort;
    private Process process;

    /// Starts it.
    ///
    /// @param ledger null for none
    /// @param flags further words for its JVM
    BenchPool(
            Path directory,
            NodeDouble node,
            Kind kind,
            @Nullable Ledger ledger,
            Cores cores,
            List<String> flags,
            LongSupplier nanoClock)
            throws IOException {
        this.directory = directory;
        this.nanoClock = nanoClock;
        stratumPort = freePort();
        varyingPort = freePort();
        webPort = freePort();
        Files.createDirectories(directory);
        var config = directory.resolve("pool.toml");
        Files.writeString(config, toml(node, kind, ledger));
        command = cores.onPoolCore(javaCommand(flags, config));
        process = begin();
    }

    /// Waits until its port is open.
    ///
    /// @throws BenchFailed with its last words where it ended instead
    void awaitOpen() throws IOException, InterruptedException {
        long deadline = nanoClock.getAsLong() + LONGEST_START.toNanos();
        while (!isOpen()) {
            if (!process.isAlive() || nanoClock.getAsLong() > deadline) {
                throw new BenchFailed("the pool did not start: " + lastWords());
            }
            process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /// The end of its log.
    String lastWords() throws IOException {
        var log = Files.readString(directory.resolve("pool.log"));
        return log.substring(Math.max(0, log.length() - LOG_TAIL_CHARS));
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), stratumPort);
    }

    /// A port where the difficulty begins with any hash and varies.
    InetSocketAddress varyingAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), varyingPort);
    }

    /// A user name it takes, without a worker.
    static String user() {
        return PAY_TO;
    }

    /// Ends it as a power cut would and starts it again.
    void killAndRestart() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        process = begin();
    }

    /// How long one write and sync of the journal took in the last minutes.
    SyncTimes syncTimes() throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + webPort + "/metrics"))
                        .build();
        try (var client = HttpClient.newHttpClient()) {
            var metrics = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return SyncTimes.read(metrics);
        }
    }

    /// How much of its core it has used so far.
    Duration cpuTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// What of its memory is in use after a full collection.
    long residentBytes() throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        for (int i = 0; i < 2; i++) {
            new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("jcmd.log").toFile())
                    .start()
                    .waitFor();
        }
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException hurried) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOpen() {
        try (var socket = new Socket()) {
            socket.connect(address(), LOOK_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private Process begin() throws IOException {
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(directory.resolve("pool.log").toFile()))
                .start();
    }

    /// With the flags this very process was started with, which are the launcher's.
    private static List<String> javaCommand(List<String> flags, Path config) {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(flags);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), "adit.server.Adit"));
        words.addAll(List.of("run", "--config", config.toString()));
        return words;
    }

    private String toml(NodeDouble node, Kind kind, @Nullable Ledger ledger) {
        return """
        [pool]
        network = "regtest"
        payout-address = "%s"
        data-directory = "%s"

        [[listener]]
        name = "bench"
        address = "127.0.0.1"
        port = %d
        minimum-difficulty = %s
        fixed-difficulty = %s

        [[listener]]
        name = "varying"
        address = "127.0.0.1"
        port = %d
        first-difficulty = %s
        minimum-difficulty = %s

        [limits]
        exempt-loopback = %s

        [database]
        url = "jdbc:postgresql://127.0.0.1:%d/adit"
        user = "adit"
        %s

        [[node]]
        name = "double"
        url = "%s"
        user = "%s"
        password-file = "%s"
        zmq-hash-block = "%s"

        [http]
        port = %d
        """
                .formatted(
                        PAY_TO,
                        directory.resolve("data"),
                        stratumPort,
                        kind.difficulty,
                        kind.difficulty,
                        varyingPort,
                        ANY_HASH,
                        ANY_HASH,
                        !kind.limitsLoopback,
                        ledger == null ? 1 : ledger.postgres().port(),
                        ledger == null ? "" : "password-file = \"" + ledger.password() + '"',
                        node.rpc(),
                        NodeDouble.USER,
                        nodePassword(),
                        node.zmqHashBlock(),
                        webPort);
    }

    private Path nodePassword() {
        var file = directory.resolve("node-password");
        try {
            Files.writeString(file, NodeDouble.PASSWORD);
        } catch (IOException e) {
            throw new BenchFailed("cannot write " + file + ": " + e.getMessage(), e);
        }
        return file;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
