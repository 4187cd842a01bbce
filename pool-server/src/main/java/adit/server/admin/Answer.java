package adit.server.admin;

import java.nio.charset.StandardCharsets;

import tools.jackson.databind.json.JsonMapper;

/// What goes back to whoever asked.
@SuppressWarnings("ArrayRecordComponent") // the body as it is sent, never changed or compared
record Answer(int status, String contentType, byte[] body) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    static Answer json(Object shape) {
        return json(200, shape);
    }

    static Answer json(int status, Object shape) {
        return new Answer(status, "application/json", MAPPER.writeValueAsBytes(shape));
    }

    static Answer refused(int status, String line) {
        return json(status, new Json.Problem(line));
    }

    static Answer text(String contentType, String text) {
        return new Answer(200, contentType, text.getBytes(StandardCharsets.UTF_8));
    }
}
