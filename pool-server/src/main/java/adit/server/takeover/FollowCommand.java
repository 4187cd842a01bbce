package adit.server.takeover;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.channel.epoll.Epoll;

import adit.server.control.ControlCommand;
import adit.server.control.Conversation;
import adit.server.metrics.EventLog;

/// The old pool's side of a takeover: what it hands over at each step, as the new one asks for it.
///
/// ```text
///  new                          old
///  take-over 1            ──▶   leaves the directory: the new one may begin its epoch
///                         ◀──   directory
///  (opens its journal, waits for a template)
///  ports PATH             ──▶   stops accepting; connections wait in the listening sockets; writes what is
///                               remembered to its files, for the last time
///                         ◀──   port HOST PORT …, channel SESSION UNITS AGENT …, end; descriptors to PATH
///  serving SECONDS        ──▶   gives up HTTP and the control socket, begins to drain
///                         ◀──   yours
///  (stays connected)            (until its last miner has gone)
/// ```
/// At every step the end of the conversation says that the other process is gone, and then this one goes on as if
/// nothing had been: it keeps its own descriptors of the listening sockets for that.
public final class FollowCommand implements ControlCommand {

    static final String WORD = "take-over";
    static final String VERSION = "1";
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /// How long the new process may take to open its journal and to get a template.
    static final Duration START = Duration.ofMinutes(3);

    private static final Duration FOR_EVER = Duration.ofDays(365);
    private static final int LINES_AT_ONCE = 500;

    private final Followed pool;
    private final EventLog events;
    private final AtomicBoolean isFollowed = new AtomicBoolean();

    public FollowCommand(Followed pool, EventLog events) {
        this.pool = pool;
        this.events = events;
    }

    @Override
    public String run(List<String> arguments, Conversation conversation) throws Refusal {
        if (!arguments.equals(List.of(VERSION))) {
            throw new Refusal(
                    "This pool hands over in another way than the new one takes over: stop it, then start the new one.");
        }
        if (!Epoll.isAvailable()) {
            throw new Refusal("Taking over needs Linux: stop this pool, then start the new one.");
        }
        if (!isFollowed.compareAndSet(false, true)) {
            throw new Refusal("Another process already follows this pool.");
        }
        try {
            pool.leaveDirectory();
            events.followed();
            follow(conversation);
        } finally {
            isFollowed.set(false);
        }
        return "";
    }

    private void follow(Conversation conversation) {
        try {
            handOver(conversation);
        } catch (IOException gone) {
            pool.goOn(String.valueOf(gone.getMessage()));
        } catch (RuntimeException defect) {
            pool.goOn("a defect of ours");
            throw defect;
        }
    }

    private void handOver(Conversation conversation) throws IOException {
        conversation.write("directory", PATIENCE);
        var receiver = expect("ports", conversation, START);
        var handed = pool.stopAccepting();
        write(handed, conversation);
        DescriptorSocket.send(
                Path.of(receiver),
                handed.ports().stream().map(HandedOver.Port::descriptor).toList());
        int seconds = seconds(expect("serving", conversation, PATIENCE));
        pool.retire();
        conversation.write("yours", PATIENCE);
        pool.drain(Duration.ofSeconds(seconds));
        var _ = conversation.read(FOR_EVER);
        throw new IOException("it ended");
    }

    private static int seconds(String text) throws IOException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            throw new IOException("it said no number of seconds", noNumber);
        }
    }

    private static void write(HandedOver handed, Conversation conversation) throws IOException {
        for (var port : handed.ports()) {
            conversation.write("port %s %d".formatted(port.host(), port.port()), PATIENCE);
        }
        var channels = handed.channels();
        for (int i = 0; i < channels.size(); i += LINES_AT_ONCE) {
            var some = channels.subList(i, Math.min(i + LINES_AT_ONCE, channels.size()));
            conversation.write("channel " + String.join("\nchannel ", some), PATIENCE);
        }
        conversation.write("end", PATIENCE);
    }

    private static String expect(String word, Conversation conversation, Duration atMost)
            throws IOException {
        var line = conversation.read(atMost).orElseThrow(() -> new IOException("it ended"));
        if (!line.startsWith(word + " ")) {
            throw new IOException("it said something else than " + word);
        }
        return line.substring(word.length() + 1);
    }
}
