package adit.system;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import adit.node.NodeSettings;
import adit.node.RpcCredentials;
import adit.node.embedded.EmbeddedChain;

/// What one test's pool is configured with, beyond where its files lie.
///
/// @param chosen what stands in the file, by what it is of
record PoolChoices(Database database, List<Node> nodes, Map<Choice, String> chosen) {

    static final String POOL_ADDRESS = "bcrt1q39wfsc85c6hdj2pp6dywfk583ddmax7085gd9g";

    /// 2^7 hashes a share: a slow miner has many.
    static final String EASY = "0.0000000298023223876953125";

    /// Nearly every hash is a share.
    static final String ANY_HASH = "0.00000000023283064365386962890625";

    static PoolChoices regtest(Database database, Node... nodes) {
        return new PoolChoices(database, List.of(nodes), Map.of());
    }

    PoolChoices onMainnet(String address) {
        return with(Choice.NETWORK, "mainnet").with(Choice.PAYOUT_ADDRESS, address);
    }

    /// What the journal leaves free on its disk.
    PoolChoices withMinimumFree(long bytes) {
        return with(Choice.MINIMUM_FREE_BYTES, Long.toString(bytes));
    }

    PoolChoices withScheme(String lines) {
        return with(Choice.SCHEME, lines);
    }

    /// Coinbases pay their finder.
    PoolChoices payingFinders() {
        return with(Choice.PAYOUT_MODE, "coinbase-direct");
    }

    PoolChoices withDifficulty(String fixed) {
        return with(Choice.DIFFICULTIES, fixed(fixed));
    }

    /// Difficulties from [#EASY] to 1, by wish and vardiff.
    PoolChoices withVardiff() {
        return with(
                Choice.DIFFICULTIES,
                """
                first-difficulty = %s
                minimum-difficulty = %s
                maximum-difficulty = 1
                """
                        .formatted(EASY, EASY));
    }

    /// Without a template.
    PoolChoices lettingGoAfter(int seconds) {
        return with(Choice.LET_GO_AFTER_SECONDS, Integer.toString(seconds));
    }

    /// This machine's own addresses are a source like any other.
    PoolChoices limitingLoopback() {
        return with(Choice.EXEMPT_LOOPBACK, "false");
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
        let-go-after-seconds = %s

        [limits]
        exempt-loopback = %s

        [scheme]
        %s

        [journal]
        segment-bytes = 1048576
        minimum-free-bytes = %s

        [database]
        url = "%s"
        user = "%s"
        password-file = "%s"

        [http]
        port = %d

        %s
        """
                .formatted(
                        of(Choice.NETWORK),
                        of(Choice.PAYOUT_ADDRESS),
                        files.data(),
                        files.serverId(),
                        files.stratumPort(),
                        of(Choice.DIFFICULTIES),
                        of(Choice.PAYOUT_MODE),
                        of(Choice.LET_GO_AFTER_SECONDS),
                        of(Choice.EXEMPT_LOOPBACK),
                        of(Choice.SCHEME),
                        of(Choice.MINIMUM_FREE_BYTES),
                        database.url(),
                        database.user(),
                        password,
                        files.webPort(),
                        nodes.stream().map(Node::toml).collect(Collectors.joining("\n")));
    }

    private String of(Choice choice) {
        return chosen.getOrDefault(choice, choice.usual);
    }

    private PoolChoices with(Choice choice, String what) {
        var more = new EnumMap<Choice, String>(Choice.class);
        more.putAll(chosen);
        more.put(choice, what);
        return new PoolChoices(database, nodes, more);
    }

    private static String fixed(String difficulty) {
        return """
        first-difficulty = %1$s
        minimum-difficulty = %1$s
        maximum-difficulty = %1$s
        fixed-difficulty = %1$s
        """
                .formatted(difficulty);
    }

    /// What a test may choose, and what holds where it does not.
    enum Choice {
        NETWORK("regtest"),
        PAYOUT_ADDRESS(POOL_ADDRESS),
        /// The lines of a listener; every share is as hard where a test says no more.
        DIFFICULTIES(fixed(EASY)),
        PAYOUT_MODE("booked"),
        LET_GO_AFTER_SECONDS("120"),
        EXEMPT_LOOPBACK("true"),
        /// The lines of that section.
        SCHEME("kind = \"PPLNS\"\nfee-bps = 100"),
        MINIMUM_FREE_BYTES("1048576");

        private final String usual;

        Choice(String usual) {
            this.usual = usual;
        }
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
