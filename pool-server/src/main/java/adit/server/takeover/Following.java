package adit.server.takeover;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.netty.channel.epoll.Epoll;

import adit.server.control.ControlSocket;
import adit.server.control.Conversation;
import adit.server.metrics.EventLog;

/// The new pool's side of a takeover: the conversation with the running pool, step by step.
///
/// Where the old process dies on the way, what it held is free, and the new one goes on as any start would. Where it
/// only does not do as it should, the new one gives up with one line, and the old goes on.
public final class Following implements AutoCloseable {

    private static final Duration FOR_EVER = Duration.ofDays(365);
    private static final Duration DESCRIPTORS = Duration.ofSeconds(10);

    private final Path dataDirectory;
    private final Conversation conversation;
    private final long drainSeconds;
    private final EventLog events;
    private boolean isGone;

    private Following(
            Path dataDirectory, Conversation conversation, long drainSeconds, EventLog events) {
        this.dataDirectory = dataDirectory;
        this.conversation = conversation;
        this.drainSeconds = drainSeconds;
        this.events = events;
    }

    /// Asks the pool that runs on this directory to be followed; when this returns, its journal may be opened.
    ///
    /// @param drain over what time the old pool lets its miners go
    /// @throws CannotFollow with one line for the operator
    public static Following begin(Path dataDirectory, Duration drain, EventLog events) {
        if (!Epoll.isAvailable()) {
            throw new CannotFollow(
                    "Taking over needs Linux: stop the running pool, then start this one without --take-over.");
        }
        Conversation conversation;
        try {
            conversation = Conversation.with(dataDirectory.resolve(ControlSocket.FILE));
        } catch (IOException nobody) {
            throw new CannotFollow(
                    "No pool runs on %s that could be followed: start without --take-over."
                            .formatted(dataDirectory.toAbsolutePath()));
        }
        var following = new Following(dataDirectory, conversation, drain.toSeconds(), events);
        try {
            following.ask(FollowCommand.WORD + " " + FollowCommand.VERSION, "directory");
            return following;
        } catch (RuntimeException cannot) {
            following.close();
            throw cannot;
        }
    }

    /// The sockets and channels of the old pool, which accepts no connection from then on.
    ///
    /// @throws CannotFollow with one line for the operator
    public HandedOver takePorts() {
        if (isGone) {
            return HandedOver.NOTHING;
        }
        try (var socket = new DescriptorSocket(dataDirectory)) {
            var ports = new ArrayList<HandedOver.Port>();
            var channels = new ArrayList<String>();
            var line = say("ports " + socket.path());
            while (line.isPresent() && !line.get().equals("end")) {
                var words = line.get().split(" ", 2);
                if (words[0].equals("channel")) {
                    channels.add(words[1]);
                } else {
                    ports.add(port(line.get()));
                }
                line = conversation.read(FollowCommand.PATIENCE);
            }
            if (line.isEmpty()) {
                gone();
                return HandedOver.NOTHING;
            }
            var descriptors = socket.receive(ports.size(), DESCRIPTORS);
            var received = new ArrayList<HandedOver.Port>();
            for (int i = 0; i < descriptors.size(); i++) {
                var port = ports.get(i);
                received.add(new HandedOver.Port(port.host(), port.port(), descriptors.get(i)));
            }
            return new HandedOver(received, channels);
        } catch (IOException silent) {
            throw broken(silent);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw broken(stopping);
        }
    }

    /// Tells the old pool that this one serves; when this returns, the old one has given everything up.
    ///
    /// @throws CannotFollow with one line for the operator
    public void serving() {
        ask("serving " + drainSeconds, "yours");
    }

    /// Whether the old process has died on the way.
    public boolean isGone() {
        return isGone;
    }

    /// Calls this when the old process has ended.
    public void whenGone(Runnable action) {
        Thread.ofVirtual()
                .name("followed")
                .start(() -> {
                    awaitEnd();
                    action.run();
                });
    }

    @Override
    public void close() {
        try {
            conversation.close();
        } catch (IOException cannot) {
            throw broken(cannot);
        }
    }

    private void awaitEnd() {
        try {
            while (!isGone && conversation.read(FOR_EVER).isPresent()) {
                // It has nothing more to say.
            }
        } catch (IOException broken) {
            throw broken(broken);
        }
    }

    private void ask(String line, String expected) {
        if (isGone) {
            return;
        }
        Optional<String> answer;
        try {
            answer = say(line);
            if (answer.isPresent() && !answer.get().equals(expected)) {
                var why = conversation.read(FollowCommand.PATIENCE).orElse(answer.get());
                throw new CannotFollow(why);
            }
        } catch (IOException silent) {
            throw broken(silent);
        }
        if (answer.isEmpty()) {
            gone();
        }
    }

    /// Empty where the old process is gone.
    private Optional<String> say(String line) throws IOException {
        try {
            conversation.write(line, FollowCommand.PATIENCE);
        } catch (Conversation.Gone gone) {
            return Optional.empty();
        }
        return conversation.read(FollowCommand.PATIENCE);
    }

    private void gone() {
        isGone = true;
        events.followedGone();
    }

    private static CannotFollow broken(Exception cause) {
        return new CannotFollow(
                "The running pool does not hand over (%s), so it goes on: look at its log, or stop it and start this one without --take-over."
                        .formatted(cause.getMessage()));
    }

    private static HandedOver.Port port(String line) throws IOException {
        var words = List.of(line.split(" "));
        if (words.size() != 3 || !words.getFirst().equals("port")) {
            throw new IOException("it said: " + line);
        }
        return new HandedOver.Port(words.get(1), Integer.parseInt(words.get(2)), -1);
    }
}
