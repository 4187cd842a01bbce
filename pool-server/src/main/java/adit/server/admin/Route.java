package adit.server.admin;

import java.util.Map;
import java.util.Set;

/// One address of the API: its path, the query parameters it takes, and what answers there.
record Route(String path, Set<String> parameters, Handler handler) {

    Route(String path, Handler handler) {
        this(path, Set.of(), handler);
    }

    /// A pure reading of a request.
    interface Handler {
        /// Answers, or throws [DatabaseAway] where only PostgreSQL knows.
        Answer answer(Request request);
    }

    /// What a handler may know of a request. `host` is the name the reader reached us by.
    record Request(String host, Map<String, String> path, Map<String, String> query) {}
}
