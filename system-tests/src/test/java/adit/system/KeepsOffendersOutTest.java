package adit.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.node.embedded.EmbeddedChain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// Who is kept out stays so through a kill -9 of the pool and through a takeover, until an operator lets it in.
@Tag("slow")
class KeepsOffendersOutTest {

    private static final String PING = "{\"id\":9,\"method\":\"mining.ping\",\"params\":[]}\n";
    private static final String WRONG = "{\"id\":3,\"method\":\"mining.nope\",\"params\":[]}\n";
    private static final int TOO_MANY_ERRORS = 31;
    private static final int PATIENCE_MILLIS = 20_000;

    @TempDir private Path directory;

    @Test
    @Timeout(120)
    void throughACrash() throws Exception {
        var files = PoolFiles.in(directory);
        try (var _ = configured(files)) {
            try (var pool = start(files, List.of())) {
                offend(files, pool);
                var sources = files.data().resolve("sources");
                Await.until(
                        () ->
                                Files.exists(sources)
                                        && Files.readString(sources).contains("penalty"),
                        () -> "the penalty is on disk\n" + pool.log());
                pool.kill();
                pool.awaitKilled();
            }
            try (var pool = start(files, List.of())) {
                assertThat(isServed(files)).as(pool.log()).isFalse();
                lift(files);
                assertThat(isServed(files)).as(pool.log()).isTrue();
            }
        }
    }

    @Test
    @Timeout(120)
    void throughATakeover() throws Exception {
        var files = PoolFiles.in(directory);
        try (var _ = configured(files);
                var pool = start(files, List.of())) {
            offend(files, pool);
            try (var next = start(files, List.of("--take-over", "--over", "0"))) {
                assertThat(pool.awaitEnd()).as(pool.log()).isZero();
                assertThat(isServed(files)).as(next.log()).isFalse();
                lift(files);
                assertThat(isServed(files)).as(next.log()).isTrue();
            }
        }
    }

    private EmbeddedChain configured(PoolFiles files) throws IOException {
        var chain = Chains.start(directory.resolve("chain"), Chains.OUT_OF_REACH);
        files.write(
                PoolChoices.regtest(PoolChoices.Database.nowhere(), PoolChoices.Node.of(chain))
                        .limitingLoopback());
        return chain;
    }

    private static PoolProcess start(PoolFiles files, List<String> more) throws Exception {
        var arguments = new ArrayList<>(List.of("run", "--config", files.config().toString()));
        arguments.addAll(more);
        return PoolProcess.start(files.directory(), List.of(), arguments)
                .awaitLine("Status page and API")
                .awaitLine("New tip");
    }

    private static void lift(PoolFiles files) throws Exception {
        try (var lift =
                PoolProcess.start(
                        files.directory(),
                        List.of(),
                        List.of(
                                "bans",
                                "lift",
                                "127.0.0.1",
                                "--config",
                                files.config().toString()))) {
            assertThat(lift.awaitEnd()).as(lift.log()).isZero();
        }
    }

    private static void offend(PoolFiles files, PoolProcess pool) {
        assertThat(isServed(files)).as(pool.log()).isTrue();
        sendTooManyErrors(files);
        assertThat(isServed(files)).as(pool.log()).isFalse();
    }

    private static void sendTooManyErrors(PoolFiles files) {
        try (var socket = connect(files)) {
            socket.getOutputStream().write(WRONG.repeat(TOO_MANY_ERRORS).getBytes(UTF_8));
            var answers = socket.getInputStream();
            while (answers.read() >= 0) {
                // Each is answered, and after the last the pool hangs up.
            }
        } catch (IOException reset) {
            // As good as an end.
        }
    }

    private static boolean isServed(PoolFiles files) {
        try (var socket = connect(files)) {
            socket.getOutputStream().write(PING.getBytes(UTF_8));
            var line = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            return line.readLine() != null;
        } catch (IOException reset) {
            return false;
        }
    }

    private static Socket connect(PoolFiles files) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), files.stratumPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }
}
