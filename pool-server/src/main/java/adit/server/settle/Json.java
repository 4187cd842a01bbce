package adit.server.settle;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The parameters of distributions as text.
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static String write(Object parameters) {
        return MAPPER.writeValueAsString(parameters);
    }

    static JsonNode read(String parameters) {
        return MAPPER.readTree(parameters);
    }
}
