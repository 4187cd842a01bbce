package adit.stratum.v1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static java.nio.charset.StandardCharsets.UTF_8;

/// The published test vectors, read with another JSON library than the code under test uses for its fast path.
final class Vectors {
    static final JsonMapper JSON = JsonMapper.shared();

    private Vectors() {}

    static JsonNode sv1(String suite) {
        return JSON.readTree(bytes("sv1-vectors.json")).get(suite);
    }

    /// All cases of the corpus of bad inputs, without its first line, which explains the conventions.
    static List<JsonNode> badInputs() {
        return Arrays.stream(new String(bytes("bad-inputs.jsonl"), UTF_8).split("\n"))
                .skip(1)
                .map(JSON::readTree)
                .toList();
    }

    /// What a case sends, cut at its line feeds; the harness adds the last one.
    static List<byte[]> lines(JsonNode badInput) {
        var bytes =
                switch (badInput.get("enc").asString()) {
                    case "utf8" -> badInput.get("input").asString().getBytes(UTF_8);
                    case "base64" -> Base64.getDecoder().decode(badInput.get("input").asString());
                    case "gen" -> generated(badInput.get("gen")).getBytes(UTF_8);
                    case String other -> throw new IllegalArgumentException(other);
                };
        var lines = new ArrayList<byte[]>();
        int start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '\n') {
                lines.add(Arrays.copyOfRange(bytes, start, i));
                start = i + 1;
            }
        }
        return lines;
    }

    private static String generated(JsonNode gen) {
        var text = new StringBuilder(gen.get("prefix").asString());
        String unit = gen.get("unit").asString();
        for (int i = 0; i < gen.get("repeat").asInt(); i++) {
            text.append(unit.replace("%d", "" + i).replace("%08x", String.format("%08x", i)));
        }
        if (gen.has("mid")) {
            text.append(gen.get("mid").asString())
                    .append(gen.get("unit2").asString().repeat(gen.get("repeat2").asInt()));
        }
        return text.append(gen.get("suffix").asString()).toString();
    }

    private static byte[] bytes(String file) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
            return Objects.requireNonNull(in, file).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
