package adit.server.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

/// Where an authority finds the proof that a name is ours, while an order is open.
///
/// Anybody may come to such a port, so it reads one request a connection and no more than it needs of it. The server of the JDK
/// would do, had it limits that are not set for the whole process.
///
/// **Spec:** RFC 8555 §8.3. **Limits:** [#MOST_AT_ONCE] connections, further ones are closed; each has so long, and
/// so many bytes, for all it asks.
final class ChallengePage implements AutoCloseable {

    static final int MOST_AT_ONCE = 64;
    static final int MOST_BYTES = 4096;

    private static final int BACKLOG = 64;
    private static final Pattern REQUEST =
            Pattern.compile("GET /\\.well-known/acme-challenge/([A-Za-z0-9_-]+) HTTP/1\\.[01]");

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final int patienceMillis;
    private final InstantSource clock;
    private final ServerSocket socket;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("acme-answer").factory());

    /// @param patienceMillis how long one caller may take
    ChallengePage(String address, int port, int patienceMillis, InstantSource clock)
            throws IOException {
        this.patienceMillis = patienceMillis;
        this.clock = clock;
        socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(address, port), BACKLOG);
        } catch (IOException taken) {
            socket.close();
            throw new IOException(
                    "%s:%d cannot be listened on for its questions: %s"
                            .formatted(address, port, taken.getMessage()),
                    taken);
        }
        threads.execute(this::accept);
    }

    void put(String token, String proof) {
        answers.put(token, proof);
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException closed) {
            throw new IllegalStateException("a listening socket closes", closed);
        }
        // Interrupted in a read, a virtual thread closes its socket.
        threads.shutdownNow();
    }

    private void accept() {
        while (true) {
            try {
                var caller = socket.accept();
                if (!isTaken(caller)) {
                    caller.close();
                }
            } catch (IOException over) {
                if (socket.isClosed()) {
                    return;
                }
            }
        }
    }

    /// Not where there are too many, nor when the page ends at this moment.
    private boolean isTaken(Socket caller) {
        if (!places.tryAcquire()) {
            return false;
        }
        try {
            threads.execute(() -> serve(caller));
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    private void serve(Socket caller) {
        try (caller) {
            var line = requestLine(caller);
            if (line != null) {
                caller.getOutputStream().write(answer(line));
                caller.shutdownOutput();
            }
        } catch (IOException gone) {
            // Its own affair: an authority asks again.
        } finally {
            places.release();
        }
    }

    /// The first line of a request that has come to its end; null where none did in time.
    private @Nullable String requestLine(Socket caller) throws IOException {
        long began = clock.millis();
        var head = new ByteArrayOutputStream();
        var in = caller.getInputStream();
        var buffer = new byte[MOST_BYTES];
        while (head.size() < MOST_BYTES) {
            long left = Math.min(patienceMillis, began + patienceMillis - clock.millis());
            if (left <= 0) {
                return null;
            }
            caller.setSoTimeout((int) left);
            int read = in.read(buffer, 0, MOST_BYTES - head.size());
            if (read < 0) {
                return null;
            }
            head.write(buffer, 0, read);
            var text = head.toString(ISO_8859_1);
            if (text.contains("\r\n\r\n")) {
                return text.substring(0, text.indexOf('\r'));
            }
        }
        return null;
    }

    private byte[] answer(String requestLine) {
        var request = REQUEST.matcher(requestLine);
        var proof = request.matches() ? answers.get(request.group(1)) : null;
        return """
        HTTP/1.1 %s\r
        Content-Type: application/octet-stream\r
        Content-Length: %d\r
        Connection: close\r
        \r
        %s\
        """
                .formatted(
                        proof == null ? "404 Not Found" : "200 OK",
                        proof == null ? 0 : proof.length(),
                        proof == null ? "" : proof)
                .getBytes(US_ASCII);
    }
}
