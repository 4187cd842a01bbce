package adit.server.net;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.NullUnmarked;
import tools.jackson.databind.JsonNode;

import adit.server.account.Vectors;

import static org.assertj.core.api.Assertions.assertThat;

/// What the parsers of cgminer, cpuminer, bosminer and ESP-Miner ask of a line, all of it of every line: the
/// strictest of them decides each time.
///
/// Nothing here is the pool's own code: it reads as those miners do.
@NullUnmarked // a test fails on null by itself
final class FirmwareReads {

    /// What a tiny miner takes for one document, and any miner whose kind is not known.
    static final int LINE_BYTES = 4096;

    private static final int MOST_BRANCHES = 16;
    private static final int MOST_JOB_ID_CHARS = 16;
    private static final int MOST_MESSAGE_CHARS = 256;
    private static final String HEX_4 = "[0-9a-f]{8}";
    private static final String HEX_32 = "[0-9a-f]{64}";
    private static final String HEX = "([0-9a-f]{2})+";
    private static final List<Set<String>> SHAPES =
            List.of(Set.of("id", "result", "error"), Set.of("id", "method", "params"));

    private FirmwareReads() {}

    static void line(String line) {
        assertThat(line.length()).as(line).isLessThanOrEqualTo(LINE_BYTES);
        assertThat(line).as("plain ASCII").matches("[ -~]*");
        var json = Vectors.parse(line);
        // `reject-reason` beside the error crashes cgminer where it is null.
        assertThat(new TreeSet<>(json.propertyNames())).as(line).isIn(SHAPES);
        if (json.has("method")) {
            boolean isCall = json.get("method").asString().equals("client.get_version");
            assertThat(json.get("id").isNull()).as(line).isNotEqualTo(isCall);
            if (isCall) {
                // cgminer answers no other than a whole number above 0.
                assertThat(json.get("id").intValue()).as(line).isPositive();
            }
            notification(json.get("method").asString(), json.get("params"), line);
        } else {
            reply(json.get("result"), json.get("error"), line);
        }
    }

    private static void notification(String method, JsonNode params, String line) {
        switch (method) {
            case "mining.set_difficulty" -> {
                assertThat(params).as(line).hasSize(1);
                // As text: what Jackson would make of it is no concern of a miner.
                assertThat(line).matches(".*\"params\":\\[(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?]}");
                assertThat(params.get(0).decimalValue()).as(line).isPositive();
            }
            case "mining.notify" -> notify(params, line);
            case "mining.set_version_mask" -> {
                assertThat(params).as(line).hasSize(1);
                mask(params.get(0), line);
            }
            case "client.get_version" -> assertThat(params).as(line).isEmpty();
            case "client.show_message" -> {
                assertThat(params).as(line).hasSize(1);
                assertThat(text(params.get(0), line)).hasSizeLessThanOrEqualTo(MOST_MESSAGE_CHARS);
            }
            default -> throw new AssertionError("not every miner knows this: " + line);
        }
    }

    private static void notify(JsonNode params, String line) {
        assertThat(params).as(line).hasSize(9);
        assertThat(text(params.get(0), line))
                .matches("[0-9a-f]+")
                .hasSizeLessThanOrEqualTo(MOST_JOB_ID_CHARS);
        assertThat(text(params.get(1), line)).matches(HEX_32);
        assertThat(text(params.get(2), line)).matches(HEX);
        assertThat(text(params.get(3), line)).matches(HEX);
        assertThat(params.get(4).isArray()).isTrue();
        assertThat(params.get(4)).as(line).hasSizeLessThanOrEqualTo(MOST_BRANCHES);
        params.get(4).forEach(branch -> assertThat(text(branch, line)).matches(HEX_32));
        for (int i = 5; i < 8; i++) {
            assertThat(text(params.get(i), line)).matches(HEX_4);
        }
        assertThat(Long.parseLong(params.get(5).asString(), 16) & 0x1fffe000)
                .as("no bit a miner may roll is set: %s", line)
                .isZero();
        assertThat(params.get(8).isBoolean()).as(line).isTrue();
    }

    private static void reply(JsonNode result, JsonNode error, String line) {
        if (!error.isNull()) {
            assertThat(error.isArray()).as(line).isTrue();
            assertThat(error).as(line).hasSize(3);
            assertThat(error.get(0).isInt()).as(line).isTrue();
            assertThat(text(error.get(1), line)).isNotEmpty();
            assertThat(error.get(2).isNull()).as(line).isTrue();
            assertThat(result.isNull() || result.equals(Vectors.parse("false"))).as(line).isTrue();
        } else if (result.isArray() && !result.isEmpty()) {
            subscription(result, line);
        } else if (result.isObject() && result.has("version-rolling")) {
            assertThat(result.get("version-rolling").asBoolean()).as(line).isTrue();
            mask(result.get("version-rolling.mask"), line);
        }
    }

    private static void subscription(JsonNode result, String line) {
        assertThat(result).as(line).hasSize(3);
        result.get(0)
                .forEach(pair -> {
                    assertThat(pair).as(line).hasSize(2);
                    pair.forEach(member -> text(member, line));
                });
        assertThat(text(result.get(1), line)).matches("([0-9a-f]{2}){4}");
        assertThat(result.get(2).asInt()).as(line).isEqualTo(8);
    }

    private static void mask(JsonNode mask, String line) {
        assertThat(text(mask, line)).matches(HEX_4).isNotEqualTo("00000000");
    }

    private static String text(JsonNode node, String line) {
        assertThat(node.isString()).as(line).isTrue();
        return node.asString();
    }
}
