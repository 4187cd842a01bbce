package adit.server.net;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.UTF_8;

/// A miner's end of a connection, as bytes and lines.
final class Wire implements AutoCloseable {

    static final String CLOSED = "(closed)";

    private static final String PONG = "{\"id\":\"probe\",\"result\":\"pong\",\"error\":null}";
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Wire(InetSocketAddress pool) {
        this(connected(pool, 0));
    }

    /// @param receiveBytes how much the system keeps for one who does not read; 0 for its default
    Wire(InetSocketAddress pool, int receiveBytes) {
        this(connected(pool, receiveBytes));
    }

    Wire(Socket connected) {
        try {
            socket = connected;
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    static Socket connected(InetSocketAddress pool) {
        return connected(pool, 0);
    }

    private static Socket connected(InetSocketAddress pool, int receiveBytes) {
        var socket = new Socket();
        try {
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.connect(pool);
            return socket;
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    /// Sends as it is. A peer that has hung up already is found out by reading.
    boolean send(byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
            return true;
        } catch (IOException hungUp) {
            return false;
        }
    }

    void send(String... lines) {
        var bytes = (String.join("\n", lines) + "\n").getBytes(UTF_8);
        send(bytes, 0, bytes.length);
    }

    /// The next line, without its end; empty where the pool has closed.
    Optional<String> line() {
        var line = new ByteArrayOutputStream();
        try {
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    return Optional.empty();
                }
                line.write(c);
            }
            return Optional.of(line.toString(UTF_8));
        } catch (SocketTimeoutException silence) {
            throw new AssertionError("the pool said nothing and did not close", silence);
        } catch (IOException reset) {
            return Optional.empty();
        }
    }

    /// All there is until the pool closes.
    String rest() {
        var rest = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0; c = in.read()) {
                rest.append((char) c);
            }
            return rest.toString();
        } catch (SocketTimeoutException silence) {
            throw new AssertionError("the pool did not close after: " + rest, silence);
        } catch (IOException reset) {
            return rest.toString();
        }
    }

    /// Asks something that any state answers, and gives what came before the answer.
    List<String> linesBeforeProbe() {
        send("{\"id\":\"probe\",\"method\":\"mining.ping\",\"params\":[]}");
        var lines = new ArrayList<String>();
        var line = line();
        while (line.isPresent() && !line.get().equals(PONG)) {
            lines.add(line.get());
            line = line();
        }
        if (line.isEmpty()) {
            lines.add(CLOSED);
        }
        return lines;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }
}
