package adit.server.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.node.FreePorts;

import static org.assertj.core.api.Assertions.assertThat;

/// A whole pool, in a process of its own, whose certificate is still to be ordered: it serves plain miners meanwhile,
/// and its TLS port opens with the first certificate.
@Tag("slow")
final class OpensLateTest {

    private static final String ADDRESS = "bcrt1q39wfsc85c6hdj2pp6dywfk583ddmax7085gd9g";
    private static final String PING = "{\"id\":9,\"method\":\"mining.ping\",\"params\":[]}";
    private static final String PONG = "{\"id\":9,\"result\":\"pong\",\"error\":null}";
    private static final long PATIENCE_SECONDS = 90;

    @TempDir private Path directory;
    private final int plainPort = freePort();
    private final int tlsPort = freePort();

    @Test
    @Timeout(240)
    void opensItsTlsPortWithTheFirstCertificate() throws Exception {
        var program = Pebble.program();
        if (program.isEmpty()) {
            System.out.println(
                    "no Pebble here: a pool that waits for its certificate is not tested");
            assertThat(System.getenv("CI")).as("in CI Pebble must run").isNotEqualTo("true");
            return;
        }
        var place = Files.createDirectory(directory.resolve("pebble"));
        var own = new TestCertificates(place);
        try (var authority = new Pebble(place, own)) {
            Files.writeString(directory.resolve("pool.toml"), configuration(authority));
            var pool = start(own.trustStore(directory.resolve("trusted.p12")));
            try {
                await(pool, () -> log().contains("the next attempt comes in 1 min"));
                assertThat(listens(tlsPort)).as(log()).isFalse();
                assertSpeaks(new Wire(Wire.connected(address(plainPort))));

                // The first order fails, the next one comes in a minute.
                authority.start(program.get());
                await(pool, () -> listens(tlsPort));

                try (var socket =
                        (SSLSocket)
                                authority
                                        .client()
                                        .getSocketFactory()
                                        .createSocket(
                                                Wire.connected(address(tlsPort)),
                                                "localhost",
                                                tlsPort,
                                                true)) {
                    assertSpeaks(new Wire(socket));
                }
            } finally {
                pool.destroy();
                assertThat(pool.waitFor(30, TimeUnit.SECONDS)).as(log()).isTrue();
            }
        }
        assertThat(log())
                .contains("Stopped cleanly")
                .doesNotContain("\tat ")
                .doesNotContain("LEAK");
    }

    private String configuration(Pebble authority) {
        var acme = authority.settings(directory.resolve("unused"));
        return """
        [pool]
        network = "regtest"
        payout-address = "%s"
        data-directory = "%s"

        [[listener]]
        name = "plain"
        address = "127.0.0.1"
        port = %d

        [[listener]]
        name = "tls"
        address = "127.0.0.1"
        port = %d
        transport = "tls"

        [acme]
        directory-url = "%s"
        domains = ["localhost"]
        terms-agreed = true
        port = %d

        [[node]]
        name = "nobody"
        url = "http://127.0.0.1:1/"
        cookie-file = "/nowhere/.cookie"

        [journal]
        segment-bytes = 1048576
        minimum-free-bytes = 1048576

        [database]
        url = "jdbc:postgresql://127.0.0.1:1/adit"
        user = "adit"

        [http]
        port = %d
        """
                .formatted(
                        ADDRESS,
                        directory.resolve("data"),
                        plainPort,
                        tlsPort,
                        acme.directoryUrl(),
                        acme.port(),
                        freePort());
    }

    /// @param trusted what the pool is to trust, as production trusts the machine's roots
    private Process start(Path trusted) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-XX:TieredStopAtLevel=1",
                        "-Djavax.net.ssl.trustStore=" + trusted,
                        "-Djavax.net.ssl.trustStorePassword=" + TestCertificates.STORE_PASSWORD,
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "adit.server.Adit",
                        "run",
                        "--config",
                        directory.resolve("pool.toml").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("pool.log").toFile())
                .start();
    }

    private void await(Process pool, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(pool.isAlive()).as(log()).isTrue();
            assertThat(System.nanoTime()).as(log()).isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("pool.log"));
        } catch (IOException notYet) {
            return "";
        }
    }

    private static void assertSpeaks(Wire wire) {
        try (wire) {
            wire.send(PING);
            assertThat(wire.line()).contains(PONG);
        }
    }

    private static boolean listens(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static int freePort() {
        try {
            return FreePorts.any();
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }
}
