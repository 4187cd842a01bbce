package adit.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/// The `Authorization` header for one node: fixed for a password, read from disk for a cookie.
///
/// **Owner:** none; the header is one volatile value, and reading the cookie twice does no harm.
final class RpcLogin {
    private static final int MAX_COOKIE_BYTES = 4096;

    private final RpcCredentials credentials;
    private volatile String header = "";

    RpcLogin(RpcCredentials credentials) {
        this.credentials = credentials;
    }

    /// The header last known to be right, or the first one.
    String header() {
        return header.isEmpty() ? renew() : header;
    }

    /// Reads the credentials again, after a 401: a node writes a new cookie at each start.
    String renew() {
        var pair =
                switch (credentials) {
                    case RpcCredentials.Password(var user, var password) -> user + ":" + password;
                    case RpcCredentials.CookieFile(var path) -> {
                        try {
                            yield cookie(path);
                        } catch (IOException e) {
                            throw new NodeUnavailable(
                                    NodeUnavailable.Kind.AUTH,
                                    "has no readable cookie file at "
                                            + path
                                            + ": it is not running, or writes the file elsewhere",
                                    e);
                        }
                    }
                };
        var value =
                "Basic "
                        + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        header = value;
        return value;
    }

    boolean isCookie() {
        return credentials instanceof RpcCredentials.CookieFile;
    }

    private static String cookie(Path path) throws IOException {
        try (var in = Files.newInputStream(path)) {
            return new String(in.readNBytes(MAX_COOKIE_BYTES), StandardCharsets.UTF_8).strip();
        }
    }
}
