package adit.pow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The published test vectors and the few ways in which tests read them.
final class Vectors {
    private Vectors() {}

    static JsonNode suite(String name) {
        try (var file = Vectors.class.getResourceAsStream("/vectors/sv1-vectors.json")) {
            return JsonMapper.shared().readTree(file).required(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode share(String id) {
        for (var vector : suite("share_vectors")) {
            if (text(vector, "id").equals(id)) {
                return vector;
            }
        }
        throw new AssertionError("no share vector " + id);
    }

    static String text(JsonNode node, String field) {
        return node.required(field).asString();
    }

    static byte[] bytes(JsonNode node, String field) {
        return bytes(text(node, field));
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static int number(JsonNode node, String field) {
        return Integer.parseUnsignedInt(text(node, field), 16);
    }

    static Hash internal(String hex) {
        return Hash.of(bytes(hex));
    }

    static List<Hash> internals(JsonNode array) {
        return array.valueStream().map(node -> internal(node.asString())).toList();
    }

    static List<Hash> displays(JsonNode array) {
        return array.valueStream().map(node -> Hash.fromDisplayHex(node.asString())).toList();
    }

    static Target target(String displayHex) {
        return Target.read(Hash.fromDisplayHex(displayHex).bytes(), 0);
    }

    /// The job of a share vector, as a miner on that connection would see it.
    static HeaderPlan plan(JsonNode vector) {
        var job = vector.required("job");
        var expect = vector.required("expect");
        return new HeaderPlan(
                internal(text(expect, "prevhash_internal")),
                bytes(job, "coinb1"),
                text(vector, "extranonce1").length() / 2
                        + vector.required("extranonce2_size").asInt(),
                bytes(job, "coinb2"),
                MerkleBranch.ofSiblings(internals(job.required("merkle_branch"))),
                number(job, "nbits"));
    }
}
