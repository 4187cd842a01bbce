package adit.miner;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import adit.stratum.MalformedMessage;
import adit.stratum.v1.V1MinerEncoder;
import adit.stratum.v1.V1ServerDecoder;
import adit.stratum.v1.V1ServerMessage;

import static java.nio.charset.StandardCharsets.UTF_8;

/// A Stratum V1 client that does nothing by itself: a script sends lines and waits for what it wants to see.
///
/// Lines that come while another is waited for are kept in order and found by later waits, so replies may be
/// awaited by id in any order and notifications whenever they matter. Every wait has the same deadline.
///
/// **Owner:** the thread that uses it, virtual or not; it blocks and has no thread of its own. **Limits:** lines
/// of [#MAX_LINE_BYTES], [#MAX_KEPT] of them kept.
public final class ScriptedV1Client implements AutoCloseable {
    public static final int MAX_LINE_BYTES = 16_384;
    public static final int MAX_KEPT = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(ScriptedV1Client.class);
    private static final int MAX_SHOWN = 20;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final long deadlineNanos;
    private final LongSupplier nanoClock;
    private final V1ServerDecoder decoder = new V1ServerDecoder();
    private final Queue<Line> kept = new ArrayDeque<>();
    private final byte[] buffer = new byte[MAX_LINE_BYTES];
    private int buffered;
    private long lastId;

    /// How the pool has closed the connection, where it was not the usual way.
    private String closedHow = "";

    private ScriptedV1Client(Socket socket, Duration deadline, LongSupplier nanoClock)
            throws IOException {
        this.socket = socket;
        this.nanoClock = nanoClock;
        in = socket.getInputStream();
        out = socket.getOutputStream();
        deadlineNanos = deadline.toNanos();
    }

    /// Connects, or throws [ScriptBroken].
    ///
    /// @param deadline how long to wait for the connection, and later for each thing that is waited for
    public static ScriptedV1Client connect(
            InetSocketAddress pool, Duration deadline, LongSupplier nanoClock) {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(pool, Math.toIntExact(deadline.toMillis()));
            return new ScriptedV1Client(socket, deadline, nanoClock);
        } catch (IOException e) {
            closeQuietly(socket);
            throw new ScriptBroken("no connection to " + pool, e);
        }
    }

    /// Sends one line; the line feed is added.
    public void send(String line) {
        sendRaw((line + "\n").getBytes(UTF_8));
    }

    /// Sends bytes as they are: half a line, several, or none of the protocol.
    public void sendRaw(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new ScriptBroken(
                    "the pool closed the connection before " + bytes.length + " bytes", e);
        }
    }

    /// Each of the following sends one request and returns its id, to be given to [#reply].
    public long configure(int versionMask, boolean subscribeExtranonce) {
        return call(
                (buf, id) -> V1MinerEncoder.configure(buf, id, versionMask, subscribeExtranonce));
    }

    /// An empty session id asks for a fresh session.
    public long subscribe(String agent, String sessionId) {
        return call((buf, id) -> V1MinerEncoder.subscribe(buf, id, agent, sessionId));
    }

    public long authorize(String user, String password) {
        return call((buf, id) -> V1MinerEncoder.authorize(buf, id, user, password));
    }

    public long extranonceSubscribe() {
        return call(V1MinerEncoder::extranonceSubscribe);
    }

    public long suggestDifficulty(String decimal) {
        return call((buf, id) -> V1MinerEncoder.suggestDifficulty(buf, id, decimal));
    }

    /// A submit of six values, the last being the version bits.
    public long submit(String user, Submission found) {
        return call((buf, id) -> V1MinerEncoder.submit(buf, id, user, found.onTheWire(true)));
    }

    /// A submit of five values, as of a miner that doesn't roll the version.
    public long submitWithoutVersion(String user, Submission found) {
        return call((buf, id) -> V1MinerEncoder.submit(buf, id, user, found.onTheWire(false)));
    }

    /// Waits for the reply to the request of this id, keeping what comes before it.
    public V1ServerMessage.Reply reply(long id) {
        var line =
                take(
                        "a reply to request " + id,
                        l -> l.message() instanceof V1ServerMessage.Reply r && r.id() == id);
        return (V1ServerMessage.Reply) line.message();
    }

    /// Waits for the next message of a kind, keeping all others.
    public <T extends V1ServerMessage> T next(Class<T> kind) {
        return kind.cast(
                take("a " + kind.getSimpleName(), l -> kind.isInstance(l.message())).message());
    }

    /// The next line in the order sent, whatever it is.
    public Line nextLine() {
        return take("a line", _ -> true);
    }

    /// Whether a line is already kept that no wait has taken.
    public boolean hasKept() {
        return !kept.isEmpty();
    }

    /// Waits until the pool closes the connection; lines that come before are kept.
    public void awaitEnd() {
        long until = nanoClock.getAsLong() + deadlineNanos;
        while (receive("the end of the connection", until)) {
            keepLines();
        }
    }

    @Override
    public void close() {
        closeQuietly(socket);
    }

    private long call(Call call) {
        long id = ++lastId;
        var line = Unpooled.buffer();
        call.encode(line, id);
        sendRaw(ByteBufUtil.getBytes(line));
        return id;
    }

    private Line take(String what, Predicate<Line> wanted) {
        long until = nanoClock.getAsLong() + deadlineNanos;
        while (true) {
            for (var lines = kept.iterator(); lines.hasNext(); ) {
                var line = lines.next();
                if (wanted.test(line)) {
                    lines.remove();
                    return line;
                }
            }
            if (!receive(what, until)) {
                throw new ScriptBroken(
                        "the pool closed the connection before " + what + closedHow + instead());
            }
            keepLines();
        }
    }

    /// Reads some bytes; false at the end of the stream.
    private boolean receive(String what, long untilNanos) {
        long leftMillis = (untilNanos - nanoClock.getAsLong()) / 1_000_000;
        if (leftMillis <= 0) {
            throw new ScriptBroken("not in time: " + what + instead());
        }
        try {
            socket.setSoTimeout(Math.toIntExact(leftMillis));
            int count = in.read(buffer, buffered, buffer.length - buffered);
            buffered += Math.max(0, count);
            return count >= 0;
        } catch (SocketTimeoutException e) {
            throw new ScriptBroken("not in time: " + what + instead(), e);
        } catch (SocketException reset) {
            // One way for a pool to close the connection.
            closedHow = " (" + reset.getMessage() + ")";
            return false;
        } catch (IOException e) {
            throw new ScriptBroken("no more could be read, not even " + what + instead(), e);
        }
    }

    private void keepLines() {
        int start = 0;
        for (int i = 0; i < buffered; i++) {
            if (buffer[i] == '\n') {
                keep(start, i - start);
                start = i + 1;
            }
        }
        buffered -= start;
        System.arraycopy(buffer, start, buffer, 0, buffered);
        if (buffered == buffer.length) {
            throw new ScriptBroken("a line of more than " + MAX_LINE_BYTES + " bytes" + instead());
        }
    }

    private void keep(int offset, int length) {
        var text = new String(buffer, offset, length, UTF_8);
        if (kept.size() == MAX_KEPT) {
            throw new ScriptBroken("more than " + MAX_KEPT + " lines that nothing waited for");
        }
        try {
            kept.add(new Line(text, decoder.decode(buffer, offset, length)));
        } catch (MalformedMessage e) {
            throw new ScriptBroken("a malformed line: " + text, e);
        }
    }

    private String instead() {
        return kept.stream()
                .limit(MAX_SHOWN)
                .map(Line::text)
                .collect(Collectors.joining("\n  ", "; kept so far:\n  ", ""));
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing a scripted connection", e);
        }
    }

    /// One line of the pool, as text and as what it means.
    public record Line(String text, V1ServerMessage message) {}

    private interface Call {
        void encode(ByteBuf out, long id);
    }
}
