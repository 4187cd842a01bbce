package adit.server.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.node.FreePorts;
import adit.server.control.ControlSocket;
import adit.server.control.ControlUnavailable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A demo that cannot start says so in words of its own options, before it has started anything.
final class DemoTest {

    @TempDir private Path directory;
    private final StringWriter said = new StringWriter();

    @AfterEach
    void hasStartedNothing() {
        assertThat(said.toString()).isEmpty();
        assertThat(directory.resolve("postgres")).doesNotExist();
        assertThat(directory.resolve("chain")).doesNotExist();
    }

    @Test
    void namesTheOptionOfAPortThatIsInUse() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            refuses(
                    port,
                    FreePorts.any(),
                    "127.0.0.1:%d cannot be listened on: the port is in use. Stop what uses it, or choose another port with --stratum-port."
                            .formatted(port));
            refuses(
                    FreePorts.any(),
                    port,
                    "127.0.0.1:%d cannot be listened on: the port is in use. Stop what uses it, or choose another port with --web-port."
                            .formatted(port));
        }
    }

    @Test
    void refusesWhatIsNoPort() {
        refuses(99_999, 8080, "--stratum-port must be from 1 to 65535, not 99999");
        refuses(3333, 0, "--web-port must be from 1 to 65535, not 0");
        refuses(3333, 3333, "--stratum-port and --web-port are both 3333; choose two ports");
    }

    @Test
    void saysThatOneRunsThereAlready() throws IOException {
        var first = new ControlSocket(directory, Map.of(), (_, _) -> {});
        first.open();
        try {
            refuses(
                    FreePorts.any(),
                    FreePorts.any(),
                    "A demo, or another pool, runs in %s already. Stop that one, or name another directory with --data."
                            .formatted(directory));
        } finally {
            first.close();
        }
    }

    @Test
    void refusesADirectoryTooFarDownForItsSocket() throws IOException {
        var deep = directory.resolve("d".repeat(100));
        var settings = new DemoSettings(deep, FreePorts.any(), FreePorts.any());
        try (var demo = new Demo(settings, new PrintWriter(said), () -> {})) {
            assertThatThrownBy(demo::start)
                    .isInstanceOf(ControlUnavailable.class)
                    .hasMessageContaining("lies too far down: " + deep);
        }
    }

    private void refuses(int stratumPort, int webPort, String why) {
        assertThatThrownBy(
                        () -> {
                            var settings = new DemoSettings(directory, stratumPort, webPort);
                            try (var demo = new Demo(settings, new PrintWriter(said), () -> {})) {
                                demo.start();
                            }
                        })
                .isInstanceOf(DemoUnavailable.class)
                .hasMessage(why);
    }
}
