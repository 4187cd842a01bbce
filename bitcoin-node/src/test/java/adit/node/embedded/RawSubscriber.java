package adit.node.embedded;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A ZeroMQ subscriber in a few lines, so that announcements are judged by other code than the library that sends them.
///
/// The library's own subscriber stays deaf in a few of a hundred cases, which a test cannot live with.
///
/// **Spec:** ZMTP 3.0, NULL mechanism; short frames only.
final class RawSubscriber implements AutoCloseable {
    private static final int GREETING_BYTES = 64;
    private static final int MORE = 1;
    private static final int LONGEST_WAIT_MILLIS = 10_000;

    private final Socket socket;
    private final DataInputStream in;

    RawSubscriber(URI publisher, String topic) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), publisher.getPort());
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        var greeting = new byte[GREETING_BYTES];
        greeting[0] = (byte) 0xff;
        greeting[9] = 0x7f;
        greeting[10] = 3;
        System.arraycopy(ascii("NULL"), 0, greeting, 12, 4);
        send(greeting);
        in.readFully(new byte[GREETING_BYTES]);
        var ready = new ByteArrayOutputStream();
        ready.writeBytes(counted("READY"));
        ready.writeBytes(counted("Socket-Type"));
        ready.writeBytes(new byte[] {0, 0, 0, 3});
        ready.writeBytes(ascii("SUB"));
        send(new byte[] {4, (byte) ready.size()});
        send(ready.toByteArray());
        in.readByte();
        in.readFully(new byte[in.readUnsignedByte()]);
        send(new byte[] {0, (byte) (1 + topic.length()), 1});
        send(ascii(topic));
    }

    /// The parts of the next message, if one begins within this time.
    Optional<List<byte[]>> next(int waitMillis) throws IOException {
        socket.setSoTimeout(waitMillis);
        int flags;
        try {
            flags = in.readUnsignedByte();
        } catch (SocketTimeoutException _) {
            return Optional.empty();
        }
        socket.setSoTimeout(LONGEST_WAIT_MILLIS);
        var parts = new ArrayList<byte[]>();
        parts.add(body());
        while ((flags & MORE) != 0) {
            flags = in.readUnsignedByte();
            parts.add(body());
        }
        return Optional.of(parts);
    }

    List<byte[]> next() throws IOException {
        return next(LONGEST_WAIT_MILLIS).orElseThrow();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private byte[] body() throws IOException {
        var body = new byte[in.readUnsignedByte()];
        in.readFully(body);
        return body;
    }

    private void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    private static byte[] counted(String text) {
        var bytes = new byte[1 + text.length()];
        bytes[0] = (byte) text.length();
        System.arraycopy(ascii(text), 0, bytes, 1, text.length());
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
