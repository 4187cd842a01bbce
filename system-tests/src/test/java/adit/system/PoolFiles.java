package adit.system;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/// A pool's configuration file and data directory for one test, written as an operator would.
record PoolFiles(Path directory, int stratumPort, int webPort) {

    static PoolFiles in(Path directory) throws IOException {
        return new PoolFiles(directory, freePort(), freePort());
    }

    Path config() {
        return directory.resolve("pool.toml");
    }

    Path journal() {
        return directory.resolve("data/journal");
    }

    URI pool() {
        return URI.create("stratum+tcp://127.0.0.1:" + stratumPort);
    }

    /// Writes the file; `extra` is appended to it.
    ///
    /// @param difficulty what every share proves, fixed
    void write(String difficulty, Node node, Database database, String extra) throws IOException {
        Files.writeString(directory.resolve("database-password"), database.password());
        Files.writeString(
                config(),
                """
                [pool]
                network = "regtest"
                payout-address = "bcrt1q39wfsc85c6hdj2pp6dywfk583ddmax7085gd9g"
                data-directory = "%s"

                [[listener]]
                name = "miners"
                address = "127.0.0.1"
                port = %d
                first-difficulty = %s
                minimum-difficulty = %s
                maximum-difficulty = %s
                fixed-difficulty = %s

                [journal]
                segment-bytes = 4194304
                minimum-free-bytes = 1048576

                [database]
                url = "%s"
                user = "%s"
                password-file = "%s"

                [http]
                port = %d

                [[node]]
                name = "node"
                url = "%s"
                %s

                %s
                """
                        .formatted(
                                directory.resolve("data"),
                                stratumPort,
                                difficulty,
                                difficulty,
                                difficulty,
                                difficulty,
                                database.url(),
                                database.user(),
                                directory.resolve("database-password"),
                                webPort,
                                node.url(),
                                node.login(),
                                extra));
    }

    /// How the pool reaches its node: the lines of the configuration.
    record Node(URI url, String login) {
        static Node withCookie(URI url, Path cookie) {
            return new Node(url, "cookie-file = \"" + cookie + "\"");
        }
    }

    record Database(String url, String user, String password) {}

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
