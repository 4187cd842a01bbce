package adit.node;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;

import jdk.net.ExtendedSocketOptions;

/// HTTP/1.1 to one node, a new connection for every request.
///
/// A node closes idle connections whenever it likes (btcd after every answer), and a found block must not be lost to
/// a connection that died while it waited in a pool; connecting costs less than a tenth of a millisecond. The deadline
/// covers everything from connecting to the last byte of the answer, which the JDK's own client does not offer
/// for an answer that is read while it arrives.
///
/// **Owner:** none; any thread may call, each call has its own socket. **Limits:** answers up to
/// [#MAX_ANSWER_BYTES].
final class RpcHttp {
    static final long MAX_ANSWER_BYTES = 64L * 1024 * 1024;

    private static final int BUFFER_BYTES = 64 * 1024;

    /// What to do with an answer; called once, on the calling thread, while the answer arrives.
    interface AnswerReader<T> {
        T read(int status, InputStream body) throws IOException;
    }

    private final URI uri;

    RpcHttp(URI uri) {
        this.uri = uri;
    }

    /// Sends one request and reads its answer.
    ///
    /// @throws NodeUnavailable when no whole answer came in time
    <T> T post(
            String authorization, RpcRequest request, Duration deadline, AnswerReader<T> reader) {
        try (var socket = new Socket();
                var watch = new Watch(socket, deadline)) {
            try {
                return exchange(socket, authorization, request, deadline, reader);
            } catch (IOException e) {
                if (watch.expired() || e instanceof SocketTimeoutException) {
                    throw new NodeUnavailable(
                            NodeUnavailable.Kind.TIMEOUT,
                            "did not answer " + request.method() + " within " + inWords(deadline),
                            e);
                }
                throw new NodeUnavailable(NodeUnavailable.Kind.UNREACHABLE, inWords(e), e);
            }
        } catch (IOException e) {
            throw new NodeUnavailable(NodeUnavailable.Kind.UNREACHABLE, inWords(e), e);
        }
    }

    private <T> T exchange(
            Socket raw,
            String authorization,
            RpcRequest request,
            Duration deadline,
            AnswerReader<T> reader)
            throws IOException {
        raw.setTcpNoDelay(true);
        keepAlive(raw);
        var address = new InetSocketAddress(uri.getHost(), uri.getPort());
        if (address.isUnresolved()) {
            throw new UnknownHostException(uri.getHost());
        }
        raw.connect(address, Math.toIntExact(Math.min(deadline.toMillis(), Integer.MAX_VALUE)));
        // The watch closes the plain socket underneath, so a stuck TLS peer cannot hold us either.
        try (var socket = "https".equals(uri.getScheme()) ? secured(raw) : raw) {
            var out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
            out.write(head(authorization, request).getBytes(StandardCharsets.US_ASCII));
            request.writeTo(out);
            out.flush();
            var answer =
                    HttpAnswer.read(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
            return reader.read(answer.status(), answer.body());
        }
    }

    // A long poll waits for an hour.
    private static void keepAlive(Socket socket) throws IOException {
        socket.setKeepAlive(true);
        if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KeepAlive.IDLE_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KeepAlive.INTERVAL_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KeepAlive.COUNT);
        }
    }

    private Socket secured(Socket raw) throws IOException {
        var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        return factory.createSocket(raw, uri.getHost(), uri.getPort(), true);
    }

    private String head(String authorization, RpcRequest request) {
        var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return "POST "
                + path
                + " HTTP/1.1\r\n"
                + "Host: "
                + uri.getHost()
                + ":"
                + uri.getPort()
                + "\r\n"
                + "Authorization: "
                + authorization
                + "\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: "
                + request.length()
                + "\r\n"
                + "Connection: close\r\n\r\n";
    }

    private static String inWords(Duration deadline) {
        return deadline.toMillis() % 1000 == 0
                ? deadline.toSeconds() + " s"
                : deadline.toMillis() + " ms";
    }

    private static String inWords(IOException e) {
        return switch (e) {
            case ConnectException _ -> "refuses connections";
            case UnknownHostException _ -> "has a host name that does not resolve";
            case EOFException _ -> "closed the connection before its answer was complete";
            case SocketException _ -> "broke the connection (" + e.getMessage() + ")";
            case SSLException _ ->
                    "offers a TLS connection we cannot trust (" + e.getMessage() + ")";
            default -> "could not be read (" + e.getMessage() + ")";
        };
    }

    /// Closes a socket whose time is up, which ends a connect, a write or a read alike.
    private static final class Watch implements AutoCloseable {
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile boolean expired;

        Watch(Socket socket, Duration deadline) {
            Thread.ofVirtual().name("node-deadline").start(() -> run(socket, deadline));
        }

        boolean expired() {
            return expired;
        }

        @Override
        public void close() {
            done.countDown();
        }

        private void run(Socket socket, Duration deadline) {
            try (socket) {
                expired = !done.await(deadline.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException | IOException e) {
                // Nobody interrupts this thread, and a socket that fails to close is closed all the
                // same.
                expired = true;
            }
        }
    }
}
