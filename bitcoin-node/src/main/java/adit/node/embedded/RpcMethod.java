package adit.node.embedded;

import java.util.List;

import tools.jackson.databind.JsonNode;

/// One method of the RPC server: its name, its parameters in order, and what it does on the caller's thread.
record RpcMethod(String name, List<String> parameters, Body body) {
    interface Body {
        JsonNode call(RpcParameters parameters);
    }

    JsonNode call(JsonNode given) {
        return body.call(new RpcParameters(parameters, given));
    }
}
