package adit.server;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.control.ControlSocket;
import adit.server.control.ControlUnavailable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class StillHeldTest {

    @TempDir private Path data;
    private final AtomicInteger attempts = new AtomicInteger();
    private ControlSocket dying;
    private ControlSocket next;

    @BeforeEach
    void open() {
        dying = new ControlSocket(data, Map.of(), (_, _) -> {});
        dying.open();
        next = new ControlSocket(data, Map.of(), (_, _) -> {});
    }

    @AfterEach
    void close() {
        dying.close();
        next.close();
    }

    @Test
    void opensWhatADyingProcessLetsGoOf() {
        StillHeld.open(
                () -> {
                    if (attempts.incrementAndGet() == 3) {
                        dying.stopListening();
                    }
                    next.open();
                },
                () -> false);

        assertThat(attempts).hasValue(3);
        assertThat(ControlSocket.answers(data.resolve(ControlSocket.FILE))).isTrue();
    }

    @Test
    void saysAtOnceWhatStaysHeld() {
        assertThatThrownBy(() ->
                        StillHeld.open(
                                () -> {
                                    attempts.incrementAndGet();
                                    next.open();
                                },
                                () -> true))
                .isInstanceOf(ControlUnavailable.class);

        assertThat(attempts).hasValue(1);
    }
}
