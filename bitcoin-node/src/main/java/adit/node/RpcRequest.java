package adit.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// One JSON-RPC request, ready to be written to any number of nodes.
///
/// A block travels as hex in the middle of the request; it is turned into digits while it is written, so that the
/// first byte leaves at once and four megabytes are not held twice per node.
///
/// **Spec:** JSON-RPC 1.0 as Bitcoin Core speaks it; btcd refuses requests without the version member.
record RpcRequest(String method, byte[] before, byte[] hexPart, byte[] after) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] NONE = {};
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int CHUNK_BYTES = 32 * 1024;

    /// Parameters may be strings, integers, booleans, decimals, and lists and maps of them.
    static RpcRequest of(String method, Object... params) {
        return new RpcRequest(method, json(method, List.of(params)), NONE, NONE);
    }

    /// A request whose only parameter is the hex of `bytes`.
    static RpcRequest ofHex(String method, byte[] bytes) {
        return around(method, List.of(""), bytes);
    }

    /// A block proposal: the hex inside the request object of `getblocktemplate`.
    static RpcRequest ofProposal(byte[] block) {
        var request = Map.of("data", "");
        var around = around("getblocktemplate", List.of(request), block);
        var mode =
                "\"mode\":\"proposal\",\"rules\":[\"segwit\"],".getBytes(StandardCharsets.US_ASCII);
        var opening = around.before.length - "\"data\":\"".length();
        var before = new ByteArrayOutputStream();
        before.write(around.before, 0, opening);
        before.write(mode, 0, mode.length);
        before.write(around.before, opening, around.before.length - opening);
        return new RpcRequest(around.method, before.toByteArray(), block, around.after);
    }

    long length() {
        return before.length + 2L * hexPart.length + after.length;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(before);
        var chunk = new byte[Math.min(2 * hexPart.length, CHUNK_BYTES)];
        for (int done = 0; done < hexPart.length; done += CHUNK_BYTES / 2) {
            int bytes = Math.min(hexPart.length - done, CHUNK_BYTES / 2);
            for (int i = 0; i < bytes; i++) {
                int value = hexPart[done + i];
                chunk[2 * i] = DIGITS[value >> 4 & 0xf];
                chunk[2 * i + 1] = DIGITS[value & 0xf];
            }
            out.write(chunk, 0, 2 * bytes);
        }
        out.write(after);
    }

    @Override
    public String toString() {
        return method;
    }

    private static RpcRequest around(String method, List<?> params, byte[] bytes) {
        var text = new String(json(method, params), StandardCharsets.UTF_8);
        int hole = text.lastIndexOf("\"\"") + 1;
        return new RpcRequest(
                method,
                text.substring(0, hole).getBytes(StandardCharsets.UTF_8),
                bytes,
                text.substring(hole).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] json(String method, List<?> params) {
        var bytes = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("jsonrpc", "1.0");
            json.writeStringProperty("id", "adit");
            json.writeStringProperty("method", method);
            json.writeName("params");
            write(json, params);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, Object value) {
        switch (value) {
            case String text -> json.writeString(text);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case BigDecimal number -> json.writeNumber(number);
            case Boolean truth -> json.writeBoolean(truth);
            case byte[] bytes -> json.writeString(HexFormat.of().formatHex(bytes));
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(element -> write(json, element));
                json.writeEndArray();
            }
            case Map<?, ?> map -> {
                json.writeStartObject();
                map.forEach((name, element) -> {
                    json.writeName(String.valueOf(name));
                    write(json, element);
                });
                json.writeEndObject();
            }
            default ->
                    throw new IllegalArgumentException(
                            "no JSON for a " + value.getClass().getName());
        }
    }
}
