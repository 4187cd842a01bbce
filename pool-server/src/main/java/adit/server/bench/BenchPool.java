package adit.server.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
    private static final int LOOK_MILLIS = 50;

    /// For a start, and for an end at which the JVM writes down what it has learnt, beside other work on both cores.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final BenchPlace place;
    private final LongSupplier nanoClock;
    private final List<String> command;
    private Process process;

    /// Starts it.
    ///
    /// @param ledger null for none
    /// @param flags further words for its JVM
    BenchPool(
            BenchPlace place,
            NodeDouble node,
            Kind kind,
            @Nullable Ledger ledger,
            Cores cores,
            List<String> flags,
            LongSupplier nanoClock)
            throws IOException {
        this.place = place;
        this.nanoClock = nanoClock;
        Files.createDirectories(place.directory());
        var config = place.directory().resolve("pool.toml");
        Files.writeString(config, toml(node, kind, ledger));
        command = cores.onPoolCore(javaCommand(flags, config));
        process = begin();
    }

    /// Waits until all its ports are open, the last of which is that of the web side.
    ///
    /// @throws BenchFailed with its last words where it ended instead
    void awaitOpen() throws InterruptedException {
        long deadline = nanoClock.getAsLong() + PATIENCE.toNanos();
        while (!isOpen(place.webPort())) {
            checkAlive();
            if (nanoClock.getAsLong() > deadline) {
                throw new BenchFailed("the pool has not opened its ports: " + lastWords());
            }
            process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /// @throws BenchFailed with its last words where it has ended by itself
    void checkAlive() {
        if (!process.isAlive()) {
            throw new BenchFailed("the pool does not run: " + lastWords());
        }
    }

    /// Whether it runs, and the end of its log.
    String lastWords() {
        var state =
                process.isAlive() ? "it runs" : "it has ended with status " + process.exitValue();
        try {
            return state + " and has said:\n" + LastWords.of(Files.readString(log()));
        } catch (IOException cannot) {
            return state + "; its log cannot be read: " + cannot;
        }
    }

    InetSocketAddress address() {
        return at(place.stratumPort());
    }

    /// A port where the difficulty begins with any hash and varies.
    InetSocketAddress varyingAddress() {
        return at(place.varyingPort());
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
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + place.webPort() + "/metrics"))
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
                    .redirectOutput(place.directory().resolve("jcmd.log").toFile())
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
        end();
    }

    /// Asks it to end and waits until its JVM has; one that takes too long is killed.
    void end() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException hurried) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isOpen(int port) {
        try (var socket = new Socket()) {
            socket.connect(at(port), LOOK_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private Path log() {
        return place.directory().resolve("pool.log");
    }

    private Process begin() throws IOException {
        return new ProcessBuilder(command)
                .directory(place.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
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
                        place.directory().resolve("data"),
                        place.stratumPort(),
                        kind.difficulty,
                        kind.difficulty,
                        place.varyingPort(),
                        ANY_HASH,
                        ANY_HASH,
                        !kind.limitsLoopback,
                        ledger == null ? 1 : ledger.postgres().port(),
                        ledger == null ? "" : "password-file = \"" + ledger.password() + '"',
                        node.rpc(),
                        NodeDouble.USER,
                        nodePassword(),
                        node.zmqHashBlock(),
                        place.webPort());
    }

    private Path nodePassword() {
        var file = place.directory().resolve("node-password");
        try {
            Files.writeString(file, NodeDouble.PASSWORD);
        } catch (IOException e) {
            throw new BenchFailed("cannot write " + file + ": " + e.getMessage(), e);
        }
        return file;
    }
}
