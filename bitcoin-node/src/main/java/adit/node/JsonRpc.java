package adit.node;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON-RPC to one node: sends a request, tells the three kinds of failure apart, hands the result to its reader.
///
/// The result is read from the stream as it arrives, because a template is several megabytes. Errors are found under
/// HTTP 500, 404, 400 (Bitcoin Core) and 200 (btcd) alike. Fractions are `BigDecimal`: an amount never passes
/// through a double.
///
/// **Owner:** none; any thread may call.
final class JsonRpc {
    /// Reads a result that is not null; the parser stands on its first token and is left on its last.
    interface ResultReader<T> {
        T read(JsonParser parser);
    }

    private static final int MAX_DEPTH = 32;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxDocumentLength(RpcHttp.MAX_ANSWER_BYTES)
                                    .maxStringLength((int) RpcHttp.MAX_ANSWER_BYTES)
                                    .build())
                    .build();

    private static final JsonMapper TREES =
            JsonMapper.builder(JSON)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final RpcHttp http;
    private final RpcLogin login;

    JsonRpc(RpcHttp http, RpcLogin login) {
        this.http = http;
        this.login = login;
    }

    static JsonRpc to(NodeSettings settings) {
        return new JsonRpc(new RpcHttp(settings.rpc()), new RpcLogin(settings.credentials()));
    }

    /// The result of a call, null where the node answered null.
    ///
    /// @throws NodeUnavailable when there was no answer to the call
    /// @throws NodeRejected when the answer was an error
    <T> @Nullable T call(RpcRequest request, Duration deadline, ResultReader<T> reader) {
        var first = post(login.header(), request, deadline, reader);
        if (first.status != 401) {
            return first.result;
        }
        var second = post(login.renew(), request, deadline, reader);
        if (second.status == 401) {
            throw new NodeUnavailable(
                    NodeUnavailable.Kind.AUTH,
                    login.isCookie()
                            ? "does not accept the password in its cookie file: is it the file of another node?"
                            : "does not accept our RPC user and password");
        }
        return second.result;
    }

    /// The same for a call that never answers null.
    <T> T require(RpcRequest request, Duration deadline, ResultReader<T> reader) {
        var result = call(request, deadline, reader);
        if (result == null) {
            throw new NodeUnavailable(
                    NodeUnavailable.Kind.GARBLED, "answered " + request.method() + " with null");
        }
        return result;
    }

    /// The result as a tree; a missing or null result is a null node.
    JsonNode tree(RpcRequest request, Duration deadline) {
        var result = call(request, deadline, JsonRpc::readTree);
        return result == null ? TREES.nullNode() : result;
    }

    static JsonNode readTree(JsonParser parser) {
        return TREES.readTree(parser);
    }

    static JsonParser parserOf(InputStream in) {
        return TREES.createParser(in);
    }

    private record Answer<T>(int status, @Nullable T result) {}

    private <T> Answer<T> post(
            String authorization, RpcRequest request, Duration deadline, ResultReader<T> reader) {
        return http.post(
                authorization,
                request,
                deadline,
                (status, body) -> new Answer<>(status, read(request, status, body, reader)));
    }

    private static <T> @Nullable T read(
            RpcRequest request, int status, InputStream body, ResultReader<T> reader)
            throws IOException {
        return switch (status) {
            case 401 -> null;
            case 403 ->
                    throw new NodeUnavailable(
                            NodeUnavailable.Kind.AUTH,
                            "does not allow calls from this address (rpcallowip)");
            case 503 ->
                    throw new NodeUnavailable(
                            NodeUnavailable.Kind.BUSY, "says it is too busy (HTTP 503)");
            case 200, 400, 404, 500 -> envelope(request, status, body, reader);
            default ->
                    throw new NodeUnavailable(
                            NodeUnavailable.Kind.GARBLED,
                            "answered " + request.method() + " with HTTP status " + status);
        };
    }

    private static <T> @Nullable T envelope(
            RpcRequest request, int status, InputStream body, ResultReader<T> reader)
            throws IOException {
        try (var parser = parserOf(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw garbled(request, status, null);
            }
            T result = null;
            for (var name = parser.nextName(); name != null; name = parser.nextName()) {
                var token = parser.nextToken();
                if (name.equals("result") && token != JsonToken.VALUE_NULL) {
                    result = reader.read(parser);
                } else if (name.equals("error") && token != JsonToken.VALUE_NULL) {
                    throw error(readTree(parser));
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || status != 200) {
                throw garbled(request, status, null);
            }
            return result;
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            throw garbled(request, status, e);
        }
    }

    private static RuntimeException error(JsonNode error) {
        int code = error.path("code").asInt(0);
        var message = error.path("message").asString(error.toString());
        return code == NodeRejected.WARMING_UP
                ? new NodeUnavailable(
                        NodeUnavailable.Kind.WARMING_UP, "is starting (" + message + ")")
                : new NodeRejected(code, message);
    }

    private static NodeUnavailable garbled(
            RpcRequest request, int status, @Nullable Exception cause) {
        var why =
                "answered "
                        + request.method()
                        + " with something that is not complete JSON-RPC (HTTP "
                        + status
                        + ")";
        return cause == null
                ? new NodeUnavailable(NodeUnavailable.Kind.GARBLED, why)
                : new NodeUnavailable(NodeUnavailable.Kind.GARBLED, why, cause);
    }
}
