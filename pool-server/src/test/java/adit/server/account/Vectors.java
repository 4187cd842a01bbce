package adit.server.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static java.nio.charset.StandardCharsets.UTF_8;

/// The test data of the V1 dialect, from the class path.
public final class Vectors {

    private static final JsonMapper JSON = JsonMapper.shared();

    private Vectors() {}

    public static JsonNode sv1(String suite) {
        return JSON.readTree(text("sv1-vectors.json")).get(suite);
    }

    /// The corpus of bad inputs, without its first line, which explains the others.
    public static List<JsonNode> badInputs() {
        return text("bad-inputs.jsonl").lines().skip(1).map(JSON::readTree).toList();
    }

    public static JsonNode parse(String json) {
        return JSON.readTree(json);
    }

    private static String text(String file) {
        try (var in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), UTF_8);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }
}
