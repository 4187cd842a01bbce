package adit.server.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.config.Limits;
import adit.server.control.ControlCommand.Refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ControlSocketTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir private Path data;
    private final Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final List<ControlSocket> opened = new ArrayList<>();

    @AfterEach
    void close() {
        mayEnd.countDown();
        opened.forEach(ControlSocket::close);
        assertThat(bugs).isEmpty();
    }

    @Test
    void answersACommandWithWhatItSays() {
        open();

        assertThat(ControlClient.ask(data, List.of("echo", "a", "b")))
                .hasValue(new ControlClient.Answer(true, List.of("a", "b")));
        assertThat(ControlClient.ask(data, List.of("quiet")))
                .hasValue(new ControlClient.Answer(true, List.of()));
    }

    @Test
    void tellsWhyACommandIsRefused() {
        open();

        assertThat(ControlClient.ask(data, List.of("refuse")))
                .hasValue(new ControlClient.Answer(false, List.of("Not today.")));
        assertThat(ControlClient.ask(data, List.of("unheard-of")))
                .hasValue(
                        new ControlClient.Answer(
                                false,
                                List.of(
                                        "This pool knows no such command; it knows: echo, hold, quiet, refuse")));
    }

    @Test
    void opensAtTheLongestPathThatIsNotRefused() {
        int most = 106;
        var directory =
                data.resolve("d".repeat(most - (data + "//" + ControlSocket.FILE).length()));
        ControlSocket.checkPath(directory);
        var socket = new ControlSocket(directory, Map.of(), (_, bug) -> bugs.add(bug));
        opened.add(socket);
        socket.open();
        assertThat(ControlSocket.answers(directory.resolve(ControlSocket.FILE))).isTrue();

        assertThatThrownBy(() -> ControlSocket.checkPath(Path.of(directory + "d")))
                .isInstanceOf(ControlUnavailable.class)
                .hasMessageContaining("has 107 bytes, and the system allows 106");
    }

    @Test
    void isForItsUserAlone() throws IOException {
        open();

        var mode = Files.getPosixFilePermissions(data.resolve(ControlSocket.FILE));
        assertThat(PosixFilePermissions.toString(mode)).isEqualTo("rw-------");
        try (var files = Files.list(data)) {
            assertThat(files).containsExactly(data.resolve(ControlSocket.FILE));
        }
    }

    @Test
    void saysThatNobodyListens() {
        assertThat(ControlClient.ask(data, List.of("quiet"))).isEmpty();
    }

    @Test
    void replacesTheSocketOfADeadProcess() throws IOException {
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(data.resolve(ControlSocket.FILE)));
        }
        assertThat(ControlClient.ask(data, List.of("quiet"))).isEmpty();

        open();

        assertThat(ControlClient.ask(data, List.of("quiet"))).isPresent();
    }

    @Test
    void respectsALiveProcess() {
        open().open();

        assertThatThrownBy(this::open)
                .isInstanceOf(ControlUnavailable.class)
                .hasMessageContaining("Another pool runs on this data directory");
        assertThat(ControlClient.ask(data, List.of("quiet"))).isPresent();
    }

    @Test
    void leavesTheSocketOfItsSuccessorAlone() {
        var first = open();
        first.stopListening();
        open();

        first.close();

        assertThat(ControlClient.ask(data, List.of("quiet"))).isPresent();
    }

    @Test
    void removesItsSocketWhenItEnds() {
        open().close();

        assertThat(data).isEmptyDirectory();
    }

    @Test
    void refusesALineWithoutEnd() throws IOException {
        open();
        try (var channel = connect()) {
            channel.write(ByteBuffer.allocate(Limits.CONTROL_LINE_BYTES + 1));

            assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
        assertThat(ControlClient.ask(data, List.of("echo", "x".repeat(4000)))).isPresent();
    }

    @Test
    void talksWithNoMoreThanItMay() throws IOException {
        open();
        var held = new ArrayList<Conversation>();
        for (int i = 0; i < Limits.CONTROL_CONVERSATIONS; i++) {
            var conversation = Conversation.with(data.resolve(ControlSocket.FILE));
            held.add(conversation);
            conversation.write("hold", LONG);
            assertThat(conversation.read(LONG)).hasValue("holding");
        }

        assertThatThrownBy(() -> ControlClient.ask(data, List.of("quiet")))
                .isInstanceOf(ControlBroken.class);

        mayEnd.countDown();
        for (var conversation : held) {
            assertThat(conversation.read(LONG)).hasValue("ok");
            assertThat(conversation.read(LONG)).isEmpty();
            conversation.close();
        }
    }

    @Test
    void refusesWordsThatWouldBeTwo() {
        assertThatThrownBy(() -> ControlClient.ask(data, List.of("echo", "a b")))
                .isInstanceOf(ControlBroken.class);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(data.resolve(ControlSocket.FILE)));
    }

    private ControlSocket open() {
        Map<String, ControlCommand> commands =
                Map.of(
                        "echo", (words, _) -> String.join("\n", words),
                        "quiet", (_, _) -> "",
                        "refuse",
                                (_, _) -> {
                                    throw new Refusal("Not today.");
                                },
                        "hold", (_, conversation) -> hold(conversation));
        var socket = new ControlSocket(data, commands, (_, bug) -> bugs.add(bug));
        socket.open();
        opened.add(socket);
        return socket;
    }

    private String hold(Conversation conversation) {
        try {
            conversation.write("holding", LONG);
            mayEnd.await();
        } catch (IOException | InterruptedException cannot) {
            bugs.add(cannot);
        }
        return "";
    }
}
