package adit.server.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;

import adit.server.account.Vectors;

import static java.nio.charset.StandardCharsets.UTF_8;

/// One case of the corpus of bad inputs: what is sent in which state, and what must come of it.
///
/// The corpus calls its jobs 6f1, 6f0 and 5aa; ours have ids of ten digits.
record BadInput(
        String id,
        String state,
        String expectation,
        Set<Integer> codes,
        boolean staysOpen,
        boolean isWeak,
        List<String> before,
        byte[] input,
        long thenIdleSeconds) {

    private static final Pattern JOB_ID = Pattern.compile("\"( ?)(6f0|6f1|6f2|6F1|5aa)");

    static List<BadInput> all() {
        return Vectors.badInputs().stream().map(BadInput::of).toList();
    }

    /// The requests of the input, where it is text.
    List<String> lines() {
        return new String(input, UTF_8).lines().filter(line -> !line.isBlank()).toList();
    }

    /// The id of the last request as it stands in the line, `null` without one.
    String lastId() {
        var line = Vectors.parse(lines().getLast());
        return line.has("id") ? line.get("id").toString() : "null";
    }

    private static BadInput of(JsonNode json) {
        var codes = new TreeSet<Integer>();
        if (json.has("code")) {
            json.get("code").forEach(code -> codes.add(code.asInt()));
        }
        var before = new ArrayList<String>();
        if (json.has("pre")) {
            json.get("pre").forEach(line -> before.add(withOurJobIds(line.asString())));
        }
        boolean isWeak =
                json.has("pow") && json.get("pow").asString().equals("below-bound-above-min");
        long idle =
                json.has("gen") && json.get("gen").has("then_idle_s")
                        ? json.get("gen").get("then_idle_s").asLong()
                        : 0;
        return new BadInput(
                json.get("id").asString(),
                json.get("state").asString(),
                json.get("expect").asString(),
                codes,
                json.get("open").asBoolean(),
                isWeak,
                before,
                input(json),
                idle);
    }

    private static byte[] input(JsonNode json) {
        return switch (json.get("enc").asString()) {
            case "utf8" -> (withOurJobIds(json.get("input").asString()) + "\n").getBytes(UTF_8);
            case "base64" -> {
                var bytes = Base64.getDecoder().decode(json.get("input").asString());
                var line = Arrays.copyOf(bytes, bytes.length + 1);
                line[bytes.length] = '\n';
                yield line;
            }
            case "gen" -> withOurJobIds(generated(json.get("gen"))).getBytes(UTF_8);
            case String other -> throw new IllegalArgumentException(other);
        };
    }

    private static String generated(JsonNode gen) {
        var text = new StringBuilder(gen.get("prefix").asString());
        var unit = gen.get("unit").asString();
        for (int i = 0; i < gen.get("repeat").asInt(); i++) {
            text.append(unit.replace("%d", "" + i).replace("%08x", "%08x".formatted(i)));
        }
        if (gen.has("mid")) {
            text.append(gen.get("mid").asString())
                    .append(gen.get("unit2").asString().repeat(gen.get("repeat2").asInt()));
        }
        text.append(gen.get("suffix").asString());
        boolean ends = gen.has("newline") && !gen.get("newline").asBoolean();
        return ends ? text.toString() : text.append('\n').toString();
    }

    private static String withOurJobIds(String text) {
        return JOB_ID.matcher(text).replaceAll("\"$1" + "00000$2" + "00");
    }
}
