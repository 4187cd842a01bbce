package adit.system;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import adit.node.NodeSettings;
import adit.node.RpcCredentials;
import adit.node.embedded.EmbeddedChain;

/// What one test's pool is configured with, beyond where its files lie.
///
/// @param difficulty of every share, fixed; or that it varies
/// @param scheme the lines of that section
/// @param payoutMode of the listener
/// @param letGoAfterSeconds without a template
/// @param limitsLoopback whether this machine's own addresses are a source like any other
/// @param minimumFreeBytes what the journal leaves free on its disk
record PoolChoices(
        String network,
        String payoutAddress,
        String difficulty,
        String scheme,
        String payoutMode,
        long minimumFreeBytes,
        int letGoAfterSeconds,
        boolean limitsLoopback,
        Database database,
        List<Node> nodes) {

    static final String POOL_ADDRESS = "bcrt1q39wfsc85c6hdj2pp6dywfk583ddmax7085gd9g";

    /// 2^7 hashes a share: a slow miner has many.
    static final String EASY = "0.0000000298023223876953125";

    /// Nearly every hash is a share.
    static final String ANY_HASH = "0.00000000023283064365386962890625";

    private static final String VARDIFF = "vardiff";
    private static final String PPLNS = "kind = \"PPLNS\"\nfee-bps = 100";
    private static final int LET_GO_AFTER_SECONDS = 120;
    private static final long LITTLE_SPACE_BYTES = 1 << 20;

    static PoolChoices regtest(Database database, Node... nodes) {
        return new PoolChoices(
                "regtest",
                POOL_ADDRESS,
                EASY,
                PPLNS,
                "booked",
                LITTLE_SPACE_BYTES,
                LET_GO_AFTER_SECONDS,
                false,
                database,
                List.of(nodes));
    }

    PoolChoices onMainnet(String address) {
        return new PoolChoices(
                "mainnet",
                address,
                difficulty,
                scheme,
                payoutMode,
                minimumFreeBytes,
                letGoAfterSeconds,
                limitsLoopback,
                database,
                nodes);
    }

    PoolChoices withMinimumFree(long bytes) {
        return new PoolChoices(
                network,
                payoutAddress,
                difficulty,
                scheme,
                payoutMode,
                bytes,
                letGoAfterSeconds,
                limitsLoopback,
                database,
                nodes);
    }

    PoolChoices withScheme(String lines) {
        return new PoolChoices(
                network,
                payoutAddress,
                difficulty,
                lines,
                payoutMode,
                minimumFreeBytes,
                letGoAfterSeconds,
                limitsLoopback,
                database,
                nodes);
    }

    /// Coinbases pay their finder.
    PoolChoices payingFinders() {
        return new PoolChoices(
                network,
                payoutAddress,
                difficulty,
                scheme,
                "coinbase-direct",
                minimumFreeBytes,
                letGoAfterSeconds,
                limitsLoopback,
                database,
                nodes);
    }

    PoolChoices withDifficulty(String fixed) {
        return new PoolChoices(
                network,
                payoutAddress,
                fixed,
                scheme,
                payoutMode,
                minimumFreeBytes,
                letGoAfterSeconds,
                limitsLoopback,
                database,
                nodes);
    }

    /// Difficulties from [#EASY] to 1, by wish and vardiff.
    PoolChoices withVardiff() {
        return withDifficulty(VARDIFF);
    }

    PoolChoices lettingGoAfter(int seconds) {
        return new PoolChoices(
                network,
                payoutAddress,
                difficulty,
                scheme,
                payoutMode,
                minimumFreeBytes,
                seconds,
                limitsLoopback,
                database,
                nodes);
    }

    /// This machine's own addresses are a source like any other.
    PoolChoices limitingLoopback() {
        return new PoolChoices(
                network,
                payoutAddress,
                difficulty,
                scheme,
                payoutMode,
                minimumFreeBytes,
                letGoAfterSeconds,
                true,
                database,
                nodes);
    }

    String toml(PoolFiles files, Path password) {
        return """
        [pool]
        network = "%s"
        payout-address = "%s"
        data-directory = "%s"
        server-id = %d

        [[listener]]
        name = "miners"
        address = "127.0.0.1"
        port = %d
        %s
        payout-mode = "%s"

        [jobs]
        let-go-after-seconds = %d

        [limits]
        exempt-loopback = %s

        [scheme]
        %s

        [journal]
        segment-bytes = 1048576
        minimum-free-bytes = %d

        [database]
        url = "%s"
        user = "%s"
        password-file = "%s"

        [http]
        port = %d

        %s
        """
                .formatted(
                        network,
                        payoutAddress,
                        files.data(),
                        files.serverId(),
                        files.stratumPort(),
                        difficulties(),
                        payoutMode,
                        letGoAfterSeconds,
                        !limitsLoopback,
                        scheme,
                        minimumFreeBytes,
                        database.url(),
                        database.user(),
                        password,
                        files.webPort(),
                        nodes.stream().map(Node::toml).collect(Collectors.joining("\n")));
    }

    private String difficulties() {
        return difficulty.equals(VARDIFF)
                ? """
                first-difficulty = %s
                minimum-difficulty = %s
                maximum-difficulty = 1
                """
                        .formatted(EASY, EASY)
                : """
                first-difficulty = %s
                minimum-difficulty = %s
                maximum-difficulty = %s
                fixed-difficulty = %s
                """
                        .formatted(difficulty, difficulty, difficulty, difficulty);
    }

    /// The database as the configuration names it.
    record Database(String url, String user, String password) {
        /// Where nothing listens.
        static Database nowhere() {
            return new Database("jdbc:postgresql://127.0.0.1:1/adit", "adit", "x");
        }
    }

    /// A node as the configuration names it: `login` is one line or two.
    record Node(String name, URI url, String login, @Nullable URI zmq) {
        static Node of(EmbeddedChain chain) {
            return new Node("node", chain.rpc(), cookie(chain.cookieFile()), chain.zmqHashBlock());
        }

        /// @param directory where a password goes, if there is one
        static Node of(NodeSettings settings, Path directory) throws IOException {
            var login =
                    switch (settings.credentials()) {
                        case RpcCredentials.CookieFile(var file) -> cookie(file);
                        case RpcCredentials.Password(var user, var password) -> {
                            var file = directory.resolve("node-password");
                            Files.writeString(file, password);
                            yield "user = \"%s\"\npassword-file = \"%s\"".formatted(user, file);
                        }
                    };
            return new Node(settings.name(), settings.rpc(), login, settings.zmqHashBlock());
        }

        /// The same node under another name, reached another way, without announcements.
        Node through(String otherName, URI otherUrl) {
            return new Node(otherName, otherUrl, login, null);
        }

        static String cookie(Path file) {
            return "cookie-file = \"" + file + "\"";
        }

        private String toml() {
            return """
            [[node]]
            name = "%s"
            url = "%s"
            %s
            %s
            """
                    .formatted(
                            name,
                            url,
                            login,
                            zmq == null ? "" : "zmq-hash-block = \"" + zmq + "\"");
        }
    }
}
