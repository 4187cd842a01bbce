package adit.node.embedded;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

import adit.pow.Hash;

/// The parameters of one call, given by position or by name.
final class RpcParameters {
    private final List<String> names;
    private final JsonNode given;

    /// @throws RpcError if there are more than the method has, or unknown ones
    RpcParameters(List<String> names, JsonNode given) {
        this.names = names;
        this.given = given;
        if (given.isArray() && given.size() > names.size()) {
            throw new RpcError(RpcError.MISC, "too many parameters: " + String.join(" ", names));
        }
        if (given.isObject()) {
            for (var name : given.propertyNames()) {
                if (!names.contains(name)) {
                    throw new RpcError(
                            RpcError.INVALID_PARAMETER, "Unknown named parameter " + name);
                }
            }
        }
    }

    JsonNode required(String name) {
        return find(name)
                .orElseThrow(() -> new RpcError(RpcError.MISC, "missing parameter " + name));
    }

    Optional<JsonNode> find(String name) {
        var value = given.isObject() ? given.path(name) : given.path(names.indexOf(name));
        return value.isNull() || value instanceof MissingNode
                ? Optional.empty()
                : Optional.of(value);
    }

    String string(String name) {
        return string(required(name));
    }

    static String string(JsonNode value) {
        if (!value.isString()) {
            throw wrongType(value, "string");
        }
        return value.stringValue();
    }

    int integer(String name) {
        return integer(required(name));
    }

    int integerOr(String name, int otherwise) {
        return find(name).map(RpcParameters::integer).orElse(otherwise);
    }

    boolean flagOr(String name, boolean otherwise) {
        var value = find(name);
        if (value.isPresent() && !value.get().isBoolean()) {
            throw wrongType(value.get(), "bool");
        }
        return value.map(JsonNode::booleanValue).orElse(otherwise);
    }

    /// A hash of 64 hex digits, as Bitcoin Core insists on.
    Hash hash(String name) {
        return hash(name, string(name));
    }

    static Hash hash(String name, String text) {
        int digits = 2 * Hash.BYTES;
        if (text.length() != digits) {
            throw new RpcError(
                    RpcError.INVALID_PARAMETER,
                    "%s must be of length %d (not %d, for '%s')"
                            .formatted(name, digits, text.length(), text));
        }
        try {
            return Hash.fromDisplayHex(text);
        } catch (IllegalArgumentException _) {
            throw new RpcError(
                    RpcError.INVALID_PARAMETER,
                    "%s must be hexadecimal string (not '%s')".formatted(name, text));
        }
    }

    static Block block(String hex) {
        try {
            return Block.parse(HexFormat.of().parseHex(hex));
        } catch (UndecodableBytes | IllegalArgumentException _) {
            throw new RpcError(RpcError.DESERIALIZATION, "Block decode failed");
        }
    }

    private static int integer(JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrongType(value, "number");
        }
        return value.intValue();
    }

    private static RpcError wrongType(JsonNode value, String expected) {
        var actual = value.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
        return new RpcError(
                RpcError.TYPE,
                "JSON value of type %s is not of expected type %s".formatted(actual, expected));
    }
}
