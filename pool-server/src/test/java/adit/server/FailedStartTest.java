package adit.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.JournalUnavailable;
import adit.node.ChainParameters;
import adit.node.FreePorts;
import adit.server.admin.AdminPortUnavailable;
import adit.server.config.PoolConfig;
import adit.server.net.PortUnavailable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A pool that cannot start says why in one line and leaves nothing open: no thread that would keep the process, no
/// lock that would keep the next start.
final class FailedStartTest {

    private static final Set<String> THREADS =
            Set.of("journal", "jobs", "projector", "settler", "io-");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir private Path directory;
    private final ChainParameters chain = ChainParameters.of("regtest");
    private Set<Thread> before = Set.of();

    @BeforeEach
    void remembersWhatRuns() {
        before = Thread.getAllStackTraces().keySet();
    }

    @Test
    void namesAListenersPortThatIsInUse() throws Exception {
        try (var taken = taken()) {
            var config = config(taken.getLocalPort(), FreePorts.any(), "");

            assertThatThrownBy(() -> start(config))
                    .isInstanceOf(PortUnavailable.class)
                    .hasMessage(
                            "Listener miners cannot listen on 127.0.0.1:%d: the port is in use."
                                            .formatted(taken.getLocalPort())
                                    + " Stop what uses the port, or set another address or port in [[listener]].");
        }
        assertNothingIsLeft();
    }

    @Test
    void namesTheWebPortThatIsInUse() throws Exception {
        int stratumPort = FreePorts.any();
        try (var taken = taken()) {
            var config = config(stratumPort, taken.getLocalPort(), "");

            assertThatThrownBy(() -> start(config)).isInstanceOf(AdminPortUnavailable.class);
        }
        assertNothingIsLeft();
        try (var free = new ServerSocket()) {
            free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), stratumPort));
            assertThat(free.isBound()).isTrue();
        }
    }

    @Test
    void namesTheJournalThatAnotherPoolHolds() throws Exception {
        var config = config(FreePorts.any(), FreePorts.any(), "");
        try (var database = Database.connect(config.database());
                var _ = new PoolServer(config, chain, database, () -> {})) {
            assertThatThrownBy(() -> start(config))
                    .isInstanceOf(JournalUnavailable.class)
                    .hasMessageStartingWith("journal directory " + config.journal().directory())
                    .hasMessageContaining("is in use by another process");
        }
        assertNothingIsLeft();
    }

    @Test
    void namesAJournalDirectoryThatCannotBeMade() throws Exception {
        var file = Files.createFile(directory.resolve("file"));
        var config = config(FreePorts.any(), FreePorts.any(), "directory = \"" + file + "\"");

        assertThatThrownBy(() -> start(config))
                .isInstanceOf(JournalUnavailable.class)
                .hasMessage("cannot make the journal directory: " + file + ": is not a directory");
        assertNothingIsLeft();
    }

    @Test
    void releasesTheJournalWhenABlockDirectoryCannotBeMade() throws Exception {
        Files.createFile(Files.createDirectories(directory.resolve("data")).resolve("blocks"));
        var config = config(FreePorts.any(), FreePorts.any(), "");

        assertThatThrownBy(() -> start(config))
                .hasMessageStartingWith("The directory for found blocks cannot be used");
        assertNothingIsLeft();
    }

    @Test
    void namesAPayeeThatCannotBeCredited() throws Exception {
        for (var account :
                List.of("alice", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "nobody's")) {
            var split =
                    "[[split]]\nname = \"family\"\npayees = [{account = \"%s\", parts = 1}]"
                            .formatted(account);
            var config = config(FreePorts.any(), FreePorts.any(), split);

            assertThatThrownBy(() -> start(config))
                    .isInstanceOf(CannotStart.class)
                    .hasMessageStartingWith(
                            "The split family has a payee %s that is no regtest address"
                                    .formatted(account));
        }
        assertNothingIsLeft();
    }

    private void start(PoolConfig config) {
        try (var database = Database.connect(config.database());
                var server = new PoolServer(config, chain, database, () -> {})) {
            server.start();
        }
    }

    /// Threads end a moment after they were told to.
    private void assertNothingIsLeft() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (var thread : left()) {
            thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
        assertThat(left()).isEmpty();
    }

    private Set<Thread> left() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .filter(thread -> THREADS.stream().anyMatch(thread.getName()::startsWith))
                .filter(Thread::isAlive)
                .collect(Collectors.toSet());
    }

    private PoolConfig config(int stratumPort, int webPort, String more) throws IOException {
        return SampleConfig.read(directory, stratumPort, webPort, more);
    }

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
}
