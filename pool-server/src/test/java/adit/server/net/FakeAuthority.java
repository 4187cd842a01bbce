package adit.server.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import adit.server.config.PoolConfig;

import static java.nio.charset.StandardCharsets.UTF_8;

/// A certificate authority, over plain HTTP, that tells everybody to come again later: at once, or when the test lets it.
///
/// **Owner:** the test.
final class FakeAuthority implements AutoCloseable {

    private static final String TOO_OFTEN =
            "{\"type\":\"urn:ietf:params:acme:error:rateLimited\",\"detail\":\"you come too often\"}";
    private static final int PATIENCE_SECONDS = 20;

    private final HttpServer server;
    private final String retryAfter;
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch firstCame = new CountDownLatch(1);
    private volatile CountDownLatch answersFrom = new CountDownLatch(0);

    /// @param retryAfter the header of every refusal
    FakeAuthority(String retryAfter) throws IOException {
        this.retryAfter = retryAfter;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    PoolConfig.Acme settings(Path kept) {
        return new PoolConfig.Acme(
                URI.create(url("/directory")), null, List.of("localhost"), "127.0.0.1", 1, kept);
    }

    /// Lets who asks wait from now on.
    void letWait() {
        answersFrom = new CountDownLatch(1);
    }

    void answerAll() {
        answersFrom.countDown();
    }

    /// Waits until somebody has asked for something.
    void awaitAsked() throws InterruptedException {
        if (!firstCame.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody has asked");
        }
    }

    /// How often somebody has asked for something.
    int asked() {
        return asked.get();
    }

    @Override
    public void close() {
        answerAll();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Replay-Nonce", "bm9uY2U");
        headers.set("Cache-Control", "no-store");
        switch (exchange.getRequestURI().getPath()) {
            case "/directory" -> send(exchange, 200, "application/json", directory());
            case "/nonce" -> send(exchange, 204, "text/plain", "");
            default -> {
                asked.incrementAndGet();
                firstCame.countDown();
                awaitLeave();
                headers.set("Retry-After", retryAfter);
                send(exchange, 429, "application/problem+json", TOO_OFTEN);
            }
        }
    }

    private void awaitLeave() throws IOException {
        try {
            if (!answersFrom.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the test never let it answer");
            }
        } catch (InterruptedException closing) {
            throw new IOException(closing);
        }
    }

    private String directory() {
        return "{\"newNonce\":\"%s\",\"newAccount\":\"%s\",\"newOrder\":\"%s\"}"
                .formatted(url("/nonce"), url("/account"), url("/order"));
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private static void send(HttpExchange exchange, int status, String type, String text)
            throws IOException {
        var bytes = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
