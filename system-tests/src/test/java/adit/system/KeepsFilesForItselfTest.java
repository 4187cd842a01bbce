package adit.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.postgres.LocalPostgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// Strangers take every connection that a pool of few open files can give: the web side, PostgreSQL and the node are
/// reached as ever, over new connections too, and who mines feels nothing.
@Tag("slow")
class KeepsFilesForItselfTest {

    private static final int FILES = 640;

    /// A block costs 2^18 hashes, which the miners here find in some seconds although the strangers keep the machine busy.
    private static final int SECONDS_A_BLOCK = 0x1e3fffff;

    private static final int SHARES = 500;
    private static final String FULL = "adit_connections_refused_total{reason=\"full\"}";
    private static final String ACCEPTED = "accepted by node";
    private static final String PING = "{\"id\":9,\"method\":\"mining.ping\",\"params\":[]}\n";

    @TempDir private Path directory;

    @Test
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void whenStrangersTakeAllTheConnectionsThereAre() throws Exception {
        var acknowledged = new Acknowledged();
        var files = PoolFiles.in(directory);
        try (var postgres = LocalPostgres.start(directory.resolve("postgres"));
                var chain = Chains.start(directory.resolve("chain"), SECONDS_A_BLOCK)) {
            files.write(
                    PoolChoices.regtest(
                            Databases.of(postgres.dataSource()), PoolChoices.Node.of(chain)));
            try (var pool = PoolProcess.run(files, withFewFiles())) {
                pool.awaitLine("New tip").awaitLine("This server settles");
                try (var _ = Miners.many(files.pool(), 1, acknowledged)) {
                    acknowledged.awaitMore(SHARES, pool);
                    try (var _ = Crowd.at(files.stratumPort())) {
                        Await.until(
                                () -> refusedAsFull(files) > 100,
                                () -> "the pool is full\n" + pool.log());
                        disconnectAll(postgres.dataSource());
                        acknowledged.awaitMore(SHARES, pool);
                        acknowledged.awaitStored(postgres.dataSource(), pool);
                        awaitBlock(pool);
                        assertThat(WebSide.status(files.webPort(), "/api/v1/health"))
                                .as(pool.log())
                                .isEqualTo(200);
                        assertThat(acknowledged.ends()).as("no miner was let go").isZero();
                    }
                    Await.until(
                            () -> isServed(files),
                            () -> "who comes is served again\n" + pool.log());
                    acknowledged.awaitMore(SHARES, pool);
                }
                assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
                assertThat(pool.lines(" ERROR ")).as(pool.log()).isEmpty();
                assertThat(pool.lines("\tat ")).as(pool.log()).isEmpty();
            }
        }
        assertThat(acknowledged.shares()).isSubsetOf(RecordedShares.in(files.journal()).keySet());
    }

    private static List<String> withFewFiles() {
        return List.of("sh", "-c", "ulimit -n " + FILES + " && exec \"$@\"", "sh");
    }

    private static double refusedAsFull(PoolFiles files) throws Exception {
        return WebSide.text(files.webPort(), "/metrics")
                .lines()
                .filter(line -> line.startsWith(FULL))
                .mapToDouble(line -> Double.parseDouble(line.substring(FULL.length())))
                .sum();
    }

    /// What the pool needs of the database from now on it needs new connections for.
    private static void disconnectAll(DataSource database) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
        }
    }

    private static void awaitBlock(PoolProcess pool) throws Exception {
        int before = pool.lines(ACCEPTED).size();
        Await.until(
                () -> pool.lines(ACCEPTED).size() > before,
                () -> "the node takes another block\n" + pool.log());
    }

    private static boolean isServed(PoolFiles files) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), files.stratumPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(PING.getBytes(UTF_8));
            return socket.getInputStream().read() == '{';
        } catch (IOException refused) {
            return false;
        }
    }

    /// Somebody who connects a thousand times a second, says nothing, and lets the oldest go where he has more than
    /// the pool has files.
    private static final class Crowd implements AutoCloseable {

        private static final long PAUSE_NANOS = 1_000_000;
        private static final int PATIENCE_MILLIS = 5_000;

        private final int port;
        private final ArrayDeque<Socket> sockets = new ArrayDeque<>();
        private final Thread thread;
        private volatile boolean stopped;

        private Crowd(int port) {
            this.port = port;
            this.thread = Thread.ofPlatform().name("crowd").unstarted(this::come);
        }

        static Crowd at(int port) {
            var crowd = new Crowd(port);
            crowd.thread.start();
            return crowd;
        }

        private void come() {
            while (!stopped) {
                var socket = new Socket();
                sockets.add(socket);
                try {
                    socket.connect(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                            PATIENCE_MILLIS);
                } catch (IOException full) {
                    leave(socket);
                    sockets.removeLast();
                }
                if (sockets.size() > FILES) {
                    leave(sockets.removeFirst());
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            sockets.forEach(Crowd::leave);
        }

        private static void leave(Socket socket) {
            try {
                socket.close();
            } catch (IOException reset) {
                throw new AssertionError("a socket cannot be closed", reset);
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
}
