package adit.server.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Where an authority finds the proof that a name is ours, while an order is open.
///
/// **Spec:** RFC 8555 §8.3.
final class ChallengePage implements AutoCloseable {

    private static final String PATH = "/.well-known/acme-challenge/";
    private static final int BACKLOG = 64;
    private static final int NOT_FOUND = 404;
    private static final int OK = 200;

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("acme-answer").factory());

    ChallengePage(String address, int port) throws IOException {
        try {
            server = HttpServer.create(new InetSocketAddress(address, port), BACKLOG);
        } catch (IOException taken) {
            throw new IOException(
                    "%s:%d cannot be listened on for its questions: %s"
                            .formatted(address, port, taken.getMessage()),
                    taken);
        }
        server.setExecutor(threads);
        server.createContext(PATH, this::answer);
        server.start();
    }

    void put(String token, String proof) {
        answers.put(token, proof);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var proof = answers.get(exchange.getRequestURI().getPath().substring(PATH.length()));
            if (proof == null) {
                exchange.sendResponseHeaders(NOT_FOUND, -1);
                return;
            }
            var bytes = proof.getBytes(US_ASCII);
            exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
            exchange.sendResponseHeaders(OK, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
