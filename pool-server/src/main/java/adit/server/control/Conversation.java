package adit.server.control;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import adit.server.config.Limits;

/// One connection over the control socket, as lines of UTF-8 in both directions.
///
/// **Owner:** one thread at a time; [#close] from any, and then a read that waits gives nothing.
/// **Limits:** the length of a line ([Limits#CONTROL_LINE_BYTES]), and the time each call waits.
public final class Conversation implements Closeable {

    private static final byte LINE_FEED = '\n';

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(Limits.CONTROL_LINE_BYTES + 1);

    Conversation(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.selector = Selector.open();
        channel.configureBlocking(false);
        this.key = channel.register(selector, 0);
    }

    /// A conversation with who listens at this path.
    ///
    /// @throws IOException where nobody does
    public static Conversation with(Path socket) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new Conversation(channel);
        } catch (IOException | RuntimeException nobody) {
            channel.close();
            throw nobody;
        }
    }

    /// The next line; empty where the other side has closed or is gone.
    ///
    /// @param atMost how long the other side may say nothing
    /// @throws IOException where it did, or where its line is too long
    public Optional<String> read(Duration atMost) throws IOException {
        int scanned = 0;
        while (true) {
            for (; scanned < in.position(); scanned++) {
                if (in.get(scanned) == LINE_FEED) {
                    return Optional.of(takeLine(scanned));
                }
            }
            if (!in.hasRemaining()) {
                throw new IOException("a line of more than %d bytes".formatted(in.capacity() - 1));
            }
            if (!receive(atMost)) {
                return Optional.empty();
            }
        }
    }

    /// The other side has closed, or its process has died.
    public static final class Gone extends IOException {

        private static final long serialVersionUID = 1;

        Gone(IOException cause) {
            super("it ended", cause);
        }
    }

    /// Sends lines; the last one's end is added.
    ///
    /// @throws Gone where nobody is there to take them
    /// @throws IOException where the other side does not take them
    public void write(String lines, Duration atMost) throws IOException {
        var bytes = ByteBuffer.wrap((lines + "\n").getBytes(StandardCharsets.UTF_8));
        send(bytes);
        while (bytes.hasRemaining()) {
            await(SelectionKey.OP_WRITE, atMost);
            send(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        selector.close();
    }

    private void send(ByteBuffer bytes) throws Gone {
        try {
            channel.write(bytes);
        } catch (IOException brokenPipe) {
            throw new Gone(brokenPipe);
        }
    }

    private String takeLine(int end) {
        var line = new String(in.array(), 0, end, StandardCharsets.UTF_8);
        in.flip().position(end + 1);
        in.compact();
        return line;
    }

    private boolean receive(Duration atMost) throws IOException {
        try {
            await(SelectionKey.OP_READ, atMost);
        } catch (CancelledKeyException | ClosedSelectorException closedHere) {
            return false;
        }
        try {
            return channel.read(in) >= 0;
        } catch (IOException gone) {
            return false;
        }
    }

    private void await(int operation, Duration atMost) throws IOException {
        key.interestOps(operation);
        boolean silent = selector.select(atMost.toMillis()) == 0;
        if (silent && channel.isOpen()) {
            throw new IOException("no answer in %d s".formatted(atMost.toSeconds()));
        }
        selector.selectedKeys().clear();
    }
}
