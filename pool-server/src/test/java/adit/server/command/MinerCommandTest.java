package adit.server.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/// `adit miner` at a pool that gives it a job and does not take its name.
final class MinerCommandTest {

    private final StringWriter said = new StringWriter();
    private ServerSocket pool;

    @BeforeEach
    void open() throws IOException {
        pool = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    @AfterEach
    void close() throws IOException {
        pool.close();
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void endsWhereThePoolDoesNotTakeItsName() {
        assertThat(run("127.0.0.1:" + pool.getLocalPort())).isEqualTo(1);
        assertThat(said.toString().lines())
                .containsExactly(
                        "disconnected: the pool refused nobody: No such name",
                        "0 shares accepted, 0 rejected, 0 hashes");
    }

    @Test
    void saysHowAPoolIsNamed() {
        assertThat(run("http://127.0.0.1:1")).isEqualTo(1);
        assertThat(said.toString())
                .isEqualTo("not of the form stratum+tcp://host:port: http://127.0.0.1:1");
    }

    private int run(String url) {
        return new CommandLine(new MinerCommand())
                .setOut(new PrintWriter(said, true))
                .setExecutionExceptionHandler((failure, _, _) -> {
                    said.append(failure.getMessage());
                    return 1;
                })
                .execute(url, "-u", "nobody");
    }

    private void serve() {
        try (var miner = pool.accept()) {
            answer(miner);
        } catch (IOException gone) {
            // The miner has left, or the test has ended.
        }
    }

    private static void answer(Socket miner) throws IOException {
        var in =
                new BufferedReader(
                        new InputStreamReader(miner.getInputStream(), StandardCharsets.UTF_8));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var answer =
                    line.contains("mining.subscribe")
                            ? """
                            {"id":2,"result":[[["mining.notify","1"]],"01020304",8],"error":null}
                            {"id":null,"method":"mining.notify","params":["1","%s","01","02",[],"20000000","1d00ffff","66000000",true]}
                            """
                                    .formatted("00".repeat(32))
                            : line.contains("mining.authorize")
                                    ? "{\"id\":3,\"result\":null,\"error\":[24,\"No such name\",null]}\n"
                                    : "";
            miner.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        }
    }
}
