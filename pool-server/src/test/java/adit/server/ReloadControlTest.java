package adit.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.config.Reread;
import adit.server.control.ControlSocket;
import adit.server.firmware.FirmwareShelf;
import adit.server.metrics.EventLog;

import static org.assertj.core.api.Assertions.assertThat;

/// `adit reload` as it is typed, of a real firmware book beside a certificate that is always taken.
final class ReloadControlTest {

    @TempDir private Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();
    private Path book = Path.of("");
    private FirmwareShelf shelf = new FirmwareShelf(null);
    private ControlSocket socket = new ControlSocket(Path.of(""), Map.of(), (_, _) -> {});

    @BeforeEach
    void open() throws IOException {
        book = directory.resolve("firmware.toml");
        write("one");
        shelf = new FirmwareShelf(book);
        socket =
                new ControlSocket(
                        directory,
                        Map.of(
                                "reload",
                                new ReloadControl(
                                        () ->
                                                List.of(
                                                        shelf.reload(),
                                                        Reread.taken("TLS certificate read")),
                                        new EventLog())),
                        (_, defect) -> bugs.add(defect));
        socket.open();
    }

    @AfterEach
    void close() {
        socket.close();
        assertThat(bugs).isEmpty();
    }

    @Test
    void endsWellWhereAllWasTaken() throws IOException {
        write("two");

        assertThat(reload()).isZero();
        assertThat(out)
                .hasToString(
                        "firmware book: read again, 1 kind of firmware\nTLS certificate read\n");
        assertThat(err.toString()).isEmpty();
        assertThat(shelf.of("bitaxe").name()).isEqualTo("two");
    }

    @Test
    void failsWhereOnePartWasRefusedAndSaysWhatCameOfEach() throws IOException {
        Files.writeString(book, "[[firmware]]\nname = 'two'\n");

        assertThat(reload()).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("adit: firmware book: kept the one before, because " + book + ":1: ");
        assertThat(err.toString()).endsWith("adit: TLS certificate read\n");
        assertThat(shelf.of("bitaxe").name()).isEqualTo("one");
    }

    private void write(String name) throws IOException {
        Files.writeString(
                book, "[[firmware]]\nname = '%s'\nagent-contains = 'axe'\n".formatted(name));
    }

    private int reload() {
        return Adit.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("reload", "--data", directory.toString());
    }
}
