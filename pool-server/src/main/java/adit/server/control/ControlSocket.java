package adit.server.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import adit.server.config.Limits;
import adit.server.control.ControlCommand.Refusal;

/// The pool's end of the control socket: `control.sock` in the data directory, which whoever runs the pool may
/// use and nobody else.
///
/// A request is one line: a command and its arguments, with one blank between. The answer's first line is `ok`
/// or `refused`, what follows is for a person; then the pool closes.
///
/// The socket is made in a directory that is closed to others and moved to its place when its own mode is
/// right, so there is no moment at which another user could connect. Of a dead process the move replaces it.
///
/// **Owner:** one virtual thread accepts, one talks with each who asks.
/// **Limits:** [Limits#CONTROL_CONVERSATIONS] at once; a request must come within seconds.
public final class ControlSocket implements AutoCloseable {

    /// Its name in the data directory.
    public static final String FILE = "control.sock";

    static final String OK = "ok";
    static final String REFUSED = "refused";

    /// How long either side waits for a line that needs no work.
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String MAKING = ".ctl";

    /// What Linux and the JDK leave of a socket's path.
    private static final int PATH_BYTES = 106;

    private final Path path;
    private final Map<String, ControlCommand> commands;
    private final BiConsumer<String, Throwable> bugs;
    private final Set<Conversation> conversations = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ServerSocketChannel server;
    private volatile @Nullable Object identity;

    /// @param bugs told where a defect of ours was met
    public ControlSocket(
            Path dataDirectory,
            Map<String, ControlCommand> commands,
            BiConsumer<String, Throwable> bugs) {
        this.path = dataDirectory.resolve(FILE);
        this.commands = Map.copyOf(commands);
        this.bugs = bugs;
    }

    /// Looks whether the path of a socket in this data directory is short enough, before anything is begun there.
    ///
    /// @throws ControlUnavailable where it is not
    public static void checkPath(Path dataDirectory) {
        var path = dataDirectory.resolve(FILE);
        int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > PATH_BYTES) {
            throw ControlUnavailable.tooLong(path, bytes, PATH_BYTES);
        }
    }

    /// Begins to listen, where it does not yet or not any more.
    ///
    /// @throws ControlUnavailable where another process does, or the file cannot be made
    public void open() {
        if (server != null) {
            return;
        }
        if (answers(path)) {
            throw ControlUnavailable.inUse(path);
        }
        try {
            var opened = listen();
            server = opened;
            identity = identity();
            Thread.ofVirtual().name("control").start(() -> accept(opened));
        } catch (IOException | IllegalArgumentException cannot) {
            throw ControlUnavailable.at(path, cannot);
        }
    }

    /// Whether a process listens at this path.
    public static boolean answers(Path socket) {
        try (var _ = Conversation.with(socket)) {
            return true;
        } catch (IOException | IllegalArgumentException nobody) {
            return false;
        }
    }

    /// Listens no more and removes the file, unless it is another process's by now. Conversations go on.
    public void stopListening() {
        var open = server;
        if (open == null) {
            return;
        }
        server = null;
        try (open) {
            if (identity != null && identity.equals(identity())) {
                Files.deleteIfExists(path);
            }
        } catch (IOException cannot) {
            bugs.accept("removing the control socket", cannot);
        }
    }

    @Override
    public void close() {
        stopListening();
        for (var conversation : List.copyOf(conversations)) {
            end(conversation);
        }
    }

    private ServerSocketChannel listen() throws IOException {
        var directory = path.resolveSibling(MAKING);
        var made = directory.resolve("s");
        Files.deleteIfExists(made);
        Files.deleteIfExists(directory);
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.createDirectory(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(made));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(directory);
            return channel;
        } catch (IOException | RuntimeException cannot) {
            channel.close();
            throw cannot;
        }
    }

    private @Nullable Object identity() throws IOException {
        return Files.exists(path) ? Files.getAttribute(path, "unix:ino") : null;
    }

    private void accept(ServerSocketChannel open) {
        while (open.isOpen()) {
            try {
                talk(open.accept());
            } catch (IOException closed) {
                if (open.isOpen()) {
                    bugs.accept("the control socket", closed);
                    return;
                }
            }
        }
    }

    private void talk(SocketChannel connection) throws IOException {
        if (conversations.size() >= Limits.CONTROL_CONVERSATIONS) {
            connection.close();
            return;
        }
        var conversation = new Conversation(connection);
        conversations.add(conversation);
        Thread.ofVirtual()
                .name("control-command")
                .start(() -> {
                    try {
                        answer(conversation);
                    } catch (IOException gone) {
                        // Who asked does not want the answer any more.
                    } catch (RuntimeException defect) {
                        bugs.accept("a command over the control socket", defect);
                    } finally {
                        conversations.remove(conversation);
                        end(conversation);
                    }
                });
    }

    private void answer(Conversation conversation) throws IOException {
        var line = conversation.read(PATIENCE);
        if (line.isEmpty()) {
            return;
        }
        var words = List.of(line.get().split(" "));
        var command = commands.get(words.getFirst());
        if (command == null) {
            var known = String.join(", ", new TreeSet<>(commands.keySet()));
            conversation.write(
                    REFUSED + "\nThis pool knows no such command; it knows: " + known, PATIENCE);
            return;
        }
        try {
            var text = command.run(words.subList(1, words.size()), conversation);
            conversation.write(text.isEmpty() ? OK : OK + "\n" + text, PATIENCE);
        } catch (Refusal refusal) {
            conversation.write(REFUSED + "\n" + refusal.getMessage(), PATIENCE);
        }
    }

    private void end(Conversation conversation) {
        try {
            conversation.close();
        } catch (IOException cannot) {
            bugs.accept("ending a conversation over the control socket", cannot);
        }
    }
}
