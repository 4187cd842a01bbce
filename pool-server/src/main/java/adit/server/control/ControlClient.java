package adit.server.control;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/// The operator's end of the control socket: one request, one answer.
public final class ControlClient {

    /// How long a command may work.
    private static final Duration WORK = Duration.ofSeconds(60);

    /// What the pool said.
    ///
    /// @param isDone false where it refused
    public record Answer(boolean isDone, List<String> lines) {}

    private ControlClient() {}

    /// Asks the pool that runs on this data directory; empty where none does.
    ///
    /// @param words the command and its arguments
    /// @throws ControlBroken with one line for the operator
    public static Optional<Answer> ask(Path dataDirectory, List<String> words) {
        var socket = dataDirectory.resolve(ControlSocket.FILE);
        for (var word : words) {
            if (word.isEmpty() || word.chars().anyMatch(c -> c <= ' ')) {
                throw new ControlBroken("'%s': a word here has no blanks".formatted(word));
            }
        }
        try (var conversation = connect(socket)) {
            return conversation == null ? Optional.empty() : Optional.of(ask(conversation, words));
        } catch (IOException broken) {
            throw new ControlBroken(
                    "The pool at %s did not answer: %s".formatted(socket, broken.getMessage()));
        }
    }

    /// Null where nobody listens.
    private static @Nullable Conversation connect(Path socket) throws IOException {
        try {
            return Conversation.with(socket);
        } catch (SocketException nobody) {
            if (Files.exists(socket) && !Files.isWritable(socket)) {
                throw new IOException("only the user who runs the pool may ask it", nobody);
            }
            return null;
        }
    }

    private static Answer ask(Conversation conversation, List<String> words) throws IOException {
        conversation.write(String.join(" ", words), ControlSocket.PATIENCE);
        var first = conversation.read(WORK).orElseThrow(() -> new IOException("it closed at once"));
        var lines = new ArrayList<String>();
        var next = conversation.read(ControlSocket.PATIENCE);
        while (next.isPresent()) {
            lines.add(next.get());
            next = conversation.read(ControlSocket.PATIENCE);
        }
        return new Answer(first.equals(ControlSocket.OK), lines);
    }
}
