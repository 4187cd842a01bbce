package adit.stratum.v1;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Reads the two params of `mining.configure`: the list of extensions and the object of their parameters.
///
/// Parameters of extensions that aren't asked for are not looked at. One malformed parameter makes the whole
/// request invalid, so that nothing is applied by half.
///
/// **Spec:** BIP 310.
final class ConfigureReader {
    private static final int ALL_BITS = 0xffffffff;
    private static final int MAX_CODE = 64;
    private static final int MAX_INFO = 256;

    private final JsonLine json;
    private final List<V1Extension> extensions = new ArrayList<>();

    ConfigureReader(JsonLine json) {
        this.json = json;
    }

    List<V1Extension> extensions() {
        return List.copyOf(extensions);
    }

    /// Reads all and says what is wrong, empty if nothing is.
    String read(int codes, int parameters) {
        boolean hasParameters =
                parameters != JsonLine.ABSENT && !json.is(parameters, JsonKind.NULL);
        if (!json.is(codes, JsonKind.ARRAY)) {
            return "the first parameter must be an array of extensions";
        }
        if (hasParameters && !json.is(parameters, JsonKind.OBJECT)) {
            return "the second parameter must be an object";
        }
        var seen = new HashSet<String>();
        for (int at = codes + 1; at < json.end(codes); at = json.end(at)) {
            if (!json.is(at, JsonKind.STRING) || json.text(at).length() > MAX_CODE) {
                return "an extension must be a string of at most 64 characters";
            }
            String code = json.text(at);
            if (seen.add(code)) {
                String wrong = extension(code, hasParameters ? parameters : JsonLine.ABSENT);
                if (!wrong.isEmpty()) {
                    return wrong;
                }
            }
        }
        return "";
    }

    private String extension(String code, int parameters) {
        return switch (code) {
            case "version-rolling" -> versionRolling(parameters);
            case "minimum-difficulty" -> minimumDifficulty(parameters);
            case "subscribe-extranonce" -> add(new V1Extension.SubscribeExtranonce());
            case "info" ->
                    add(
                            new V1Extension.MinerInfo(
                                    info(parameters, "info.connection-url"),
                                    info(parameters, "info.hw-version"),
                                    info(parameters, "info.sw-version"),
                                    info(parameters, "info.hw-id")));
            default -> add(new V1Extension.Other(code));
        };
    }

    private String versionRolling(int parameters) {
        int mask = ALL_BITS;
        int maskAt = parameter(parameters, "version-rolling.mask");
        if (maskAt != JsonLine.ABSENT) {
            long value = json.is(maskAt, JsonKind.STRING) ? V1Hex.number(json.text(maskAt)) : -1;
            if (value < 0) {
                return "version-rolling.mask must be a string of 1 to 8 hex digits";
            }
            mask = (int) value;
        }
        int minBitCount = 0;
        int countAt = parameter(parameters, "version-rolling.min-bit-count");
        if (countAt != JsonLine.ABSENT) {
            minBitCount = bitCount(countAt);
            if (minBitCount < 0) {
                return "version-rolling.min-bit-count must be a number from 0 to 32";
            }
        }
        return add(new V1Extension.VersionRolling(mask, minBitCount));
    }

    /// Some firmware sends the count as a string.
    private int bitCount(int at) {
        var count = isNumberOrText(at) ? V1Number.decimal(json.text(at)) : null;
        if (count == null
                || count.signum() < 0
                || count.compareTo(BigDecimal.valueOf(Integer.SIZE)) > 0
                || count.stripTrailingZeros().scale() > 0) {
            return -1;
        }
        return count.intValueExact();
    }

    private String minimumDifficulty(int parameters) {
        int at = parameter(parameters, "minimum-difficulty.value");
        if (at == JsonLine.ABSENT) {
            return add(new V1Extension.MinimumDifficulty(BigDecimal.ZERO));
        }
        var value = isNumberOrText(at) ? V1Number.decimal(json.text(at)) : null;
        if (value == null || value.signum() < 0) {
            return "minimum-difficulty.value must be a number that is not negative";
        }
        return add(new V1Extension.MinimumDifficulty(value));
    }

    private String info(int parameters, String name) {
        int at = parameter(parameters, name);
        return json.is(at, JsonKind.STRING) ? V1Decoder.printable(json.text(at), MAX_INFO) : "";
    }

    private boolean isNumberOrText(int at) {
        return json.is(at, JsonKind.NUMBER) || json.is(at, JsonKind.STRING);
    }

    private int parameter(int parameters, String name) {
        return parameters == JsonLine.ABSENT ? JsonLine.ABSENT : json.member(parameters, name);
    }

    private String add(V1Extension extension) {
        extensions.add(extension);
        return "";
    }
}
