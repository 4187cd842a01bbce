package adit.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The pool's API as anybody sees it.
final class WebSide {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final JsonMapper JSON = new JsonMapper();

    private WebSide() {}

    static int status(int port, String path) throws IOException, InterruptedException {
        return get(port, path).statusCode();
    }

    static String text(int port, String path) throws IOException, InterruptedException {
        return get(port, path).body();
    }

    static JsonNode json(int port, String path) throws IOException, InterruptedException {
        return JSON.readTree(text(port, path));
    }

    private static HttpResponse<String> get(int port, String path)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(DEADLINE)
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
