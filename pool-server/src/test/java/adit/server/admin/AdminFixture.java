package adit.server.admin;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import adit.ledger.postgres.TestDatabase;
import adit.server.config.PoolConfig;
import adit.server.firmware.FirmwareShelf;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;

import static org.assertj.core.api.Assertions.assertThat;

/// An admin server over loopback with a real database behind it, a pool that a test leads, and a clock that stands.
final class AdminFixture implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:30Z");

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    final FakePool pool = new FakePool();
    final FirmwareShelf firmware = new FirmwareShelf(null);
    final FaultyDatabase database;
    final SeededBooks books;
    final PoolMetrics metrics;
    final AdminServer server;
    private final TestDatabase postgres = TestDatabase.create();
    private final HttpClient client = HttpClient.newHttpClient();

    AdminFixture() {
        database = new FaultyDatabase(postgres.dataSource());
        books = new SeededBooks(postgres.dataSource());
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        metrics = new PoolMetrics(registry);
        server = server(0, registry);
    }

    AdminServer server(int port, PrometheusMeterRegistry registry) {
        return new AdminServer(
                new PoolConfig.Http("127.0.0.1", port),
                new PoolFacts(
                        "Test pool",
                        "mainnet",
                        "0.1",
                        "PPLNS",
                        150,
                        SeededBooks.SERVER,
                        NOW.minusSeconds(3600),
                        List.of(
                                listener(
                                        "miners",
                                        PoolConfig.Transport.AUTO,
                                        PoolConfig.PayoutMode.BOOKED),
                                listener(
                                        "solo",
                                        PoolConfig.Transport.TLS,
                                        PoolConfig.PayoutMode.COINBASE_DIRECT))),
                pool,
                new AdminSources(database, firmware, registry),
                new EventLog(),
                InstantSource.fixed(NOW));
    }

    private static PoolConfig.Listener listener(
            String name, PoolConfig.Transport transport, PoolConfig.PayoutMode mode) {
        return new PoolConfig.Listener(
                name,
                "0.0.0.0",
                3333,
                new PoolConfig.Entry(transport, PoolConfig.Protocol.V1, List.of()),
                new PoolConfig.Difficulties(
                        BigDecimal.ONE, BigDecimal.ONE, BigDecimal.TEN, 10, null),
                mode);
    }

    /// What a GET answers, which must be JSON with this status.
    JsonNode json(int status, String path) {
        var response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        return MAPPER.readTree(response.body());
    }

    HttpResponse<String> get(String path) {
        return send("GET", path);
    }

    HttpResponse<String> send(String method, String path) {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Everything a server says to these bytes until it closes the connection.
    String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        server.close();
        client.close();
        postgres.close();
    }
}
