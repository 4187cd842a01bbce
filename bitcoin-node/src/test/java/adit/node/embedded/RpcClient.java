package adit.node.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/// A plain JSON-RPC client for tests, sharing nothing with the one of `adit.node`.
final class RpcClient {
    record Answer(int status, JsonNode body, String text) {
        JsonNode result() {
            if (status != 200 || !body.path("error").isNull()) {
                throw new AssertionError("the call failed: " + status + " " + text);
            }
            return body.path("result");
        }

        int errorCode() {
            return body.path("error").path("code").asInt(0);
        }

        String errorMessage() {
            return body.path("error").path("message").asString("");
        }
    }

    static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI uri;
    private final String authorization;

    RpcClient(URI uri, Path cookieFile) {
        this.uri = uri;
        try {
            var cookie = Files.readAllBytes(cookieFile);
            authorization = "Basic " + Base64.getEncoder().encodeToString(cookie);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RpcClient of(EmbeddedChain chain) {
        return new RpcClient(chain.rpc(), chain.cookieFile());
    }

    JsonNode call(String method, Object... parameters) {
        return ask(method, parameters).result();
    }

    String text(String method, Object... parameters) {
        return call(method, parameters).stringValue();
    }

    int number(String method, Object... parameters) {
        return call(method, parameters).intValue();
    }

    BigDecimal amount(String method, Object... parameters) {
        return call(method, parameters).decimalValue();
    }

    Answer ask(String method, Object... parameters) {
        var request = JSON.createObjectNode();
        request.put("jsonrpc", "1.0").put("id", 7).put("method", method);
        request.set("params", JSON.valueToTree(parameters));
        return post(request.toString(), authorization);
    }

    Answer post(String body) {
        return post(body, authorization);
    }

    Answer post(String body, String as) {
        var request =
                HttpRequest.newBuilder(uri)
                        .header("Authorization", as)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            var text = response.body();
            return new Answer(
                    response.statusCode(),
                    text.startsWith("{") || text.startsWith("[")
                            ? JSON.readTree(text)
                            : JSON.createObjectNode(),
                    text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
