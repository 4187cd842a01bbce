package adit.node;

import java.nio.file.Path;

/// How a node lets us in.
public sealed interface RpcCredentials {
    /// The file a node writes anew at each start, holding `user:password`; read again after every 401.
    record CookieFile(Path path) implements RpcCredentials {}

    /// A user and password written in both configurations.
    record Password(String user, String password) implements RpcCredentials {
        public Password {
            if (user.indexOf(':') >= 0) {
                throw new IllegalArgumentException("an RPC user name cannot contain a colon");
            }
        }

        @Override
        public String toString() {
            return "Password[user=" + user + "]";
        }
    }
}
