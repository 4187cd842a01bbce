package adit.node.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The JSON-RPC server on loopback, answering as Bitcoin Core's does: one request or a batch, in either version.
///
/// Each request runs on its own virtual thread.
///
/// **Limits:** [#MAX_BODY_BYTES] a request, [#MAX_REQUESTS] at once, long polls included.
final class RpcServer implements AutoCloseable {
    static final int MAX_BODY_BYTES = 16 << 20;
    static final int MAX_REQUESTS = 64;
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int TOO_LARGE = 413;
    private static final int INTERNAL_ERROR = 500;
    private static final int BUSY = 503;
    private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private record Answer(int status, JsonNode body) {}

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore requests = new Semaphore(MAX_REQUESTS);
    private final Map<String, RpcMethod> methods;
    private final byte[] authorization;
    private volatile boolean closing;

    private RpcServer(HttpServer server, List<RpcMethod> methods, String credentials) {
        this.server = server;
        this.methods =
                methods.stream().collect(Collectors.toMap(RpcMethod::name, Function.identity()));
        authorization =
                ("Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                credentials.getBytes(StandardCharsets.UTF_8)))
                        .getBytes(StandardCharsets.UTF_8);
        server.setExecutor(executor);
        server.createContext("/", this::handle);
    }

    /// Binds and begins to serve.
    ///
    /// @throws ChainUnavailable if the port is taken
    static RpcServer start(int port, List<RpcMethod> methods, String credentials) {
        try {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            var server = new RpcServer(HttpServer.create(address, 0), methods, credentials);
            server.server.start();
            return server;
        } catch (IOException e) {
            throw new ChainUnavailable("cannot listen for RPC on port " + port, e);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @Override
    public void close() {
        closing = true;
        server.stop(0);
        executor.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        if (!requests.tryAcquire()) {
            refuse(exchange, BUSY, "Work queue depth exceeded");
            return;
        }
        try (exchange) {
            handleAdmitted(exchange);
        } finally {
            requests.release();
        }
    }

    private void handleAdmitted(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            refuse(exchange, METHOD_NOT_ALLOWED, "JSONRPC server handles only POST requests");
            return;
        }
        if (!isAuthorized(exchange)) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"jsonrpc\"");
            refuse(exchange, UNAUTHORIZED, "");
            return;
        }
        var body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            refuse(exchange, TOO_LARGE, "The request is too large");
            return;
        }
        var answer = answer(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        send(exchange, answer.status(), JSON.writeValueAsBytes(answer.body()));
    }

    private Answer answer(byte[] body) {
        JsonNode request;
        try {
            request = JSON.readTree(body);
        } catch (JacksonException _) {
            return failed(JSON.createObjectNode(), new RpcError(RpcError.PARSE, "Parse error"));
        }
        if (!request.isArray()) {
            return answerOne(request);
        }
        var answers = JSON.createArrayNode();
        request.forEach(one -> answers.add(answerOne(one).body()));
        return new Answer(OK, answers);
    }

    private Answer answerOne(JsonNode request) {
        try {
            if (!request.isObject()) {
                throw new RpcError(RpcError.INVALID_REQUEST, "Invalid Request object");
            }
            var name = request.path("method");
            if (!name.isString()) {
                throw new RpcError(RpcError.INVALID_REQUEST, "Method must be a string");
            }
            var parameters = request.path("params");
            boolean isAbsent = parameters.isMissingNode() || parameters.isNull();
            if (!isAbsent && !parameters.isContainer()) {
                throw new RpcError(RpcError.INVALID_REQUEST, "Params must be an array or object");
            }
            var method = methods.get(name.stringValue());
            if (method == null) {
                throw new RpcError(RpcError.METHOD_NOT_FOUND, "Method not found");
            }
            var result = method.call(isAbsent ? JSON.createArrayNode() : parameters);
            return succeeded(request, result);
        } catch (RpcError e) {
            return failed(request, e);
        } catch (ChainUnavailable e) {
            // At the end every waiting call is interrupted, which is nobody's trouble.
            if (!closing && !Thread.currentThread().isInterrupted()) {
                LOG.warn("an RPC call failed", e);
            }
            return failed(request, new RpcError(RpcError.DATABASE, String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            if (closing) {
                return failed(request, new RpcError(RpcError.DATABASE, "the chain is stopping"));
            }
            LOG.error("an RPC call failed by our own fault", e);
            return failed(request, new RpcError(RpcError.INTERNAL, "internal error: " + e));
        }
    }

    private static Answer succeeded(JsonNode request, JsonNode result) {
        var body = JSON.createObjectNode();
        if (isVersion2(request)) {
            body.put("jsonrpc", "2.0").set("result", result);
        } else {
            body.set("result", result);
            body.putNull("error");
        }
        return new Answer(OK, withId(body, request));
    }

    private static Answer failed(JsonNode request, RpcError error) {
        var body = JSON.createObjectNode();
        boolean isVersion2 = isVersion2(request);
        if (isVersion2) {
            body.put("jsonrpc", "2.0");
        } else {
            body.putNull("result");
        }
        body.putObject("error").put("code", error.code()).put("message", error.text());
        int status =
                switch (error.code()) {
                    case RpcError.INVALID_REQUEST -> 400;
                    case RpcError.METHOD_NOT_FOUND -> 404;
                    default -> INTERNAL_ERROR;
                };
        return new Answer(isVersion2 ? OK : status, withId(body, request));
    }

    private static ObjectNode withId(ObjectNode body, JsonNode request) {
        var id = request.path("id");
        if (id.isMissingNode()) {
            body.putNull("id");
        } else {
            body.set("id", id);
        }
        return body;
    }

    private static boolean isVersion2(JsonNode request) {
        return request.path("jsonrpc").asString("").equals("2.0");
    }

    private boolean isAuthorized(HttpExchange exchange) {
        var header = exchange.getRequestHeaders().getFirst("Authorization");
        return header != null
                && MessageDigest.isEqual(header.getBytes(StandardCharsets.UTF_8), authorization);
    }

    private static void refuse(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            send(exchange, status, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
