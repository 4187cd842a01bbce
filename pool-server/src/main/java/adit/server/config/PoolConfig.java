package adit.server.config;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/// Every choice an operator has. Parts of the pool are given the smallest piece they need, never the whole tree.
///
/// Defaults are the `DEFAULT` of each record, and a scheme's own grace; they stand nowhere else. Paths are resolved: whoever uses one needs to
/// know nothing of where the file lay.
public record PoolConfig(
        Pool pool,
        List<Listener> listeners,
        @Nullable CertificateSource certificate,
        Accounts accounts,
        List<Split> splits,
        Jobs jobs,
        Shares shares,
        Scheme scheme,
        Journal journal,
        Database database,
        List<Node> nodes,
        Http http,
        Limits limits) {

    public PoolConfig {
        listeners = List.copyOf(listeners);
        splits = List.copyOf(splits);
        nodes = List.copyOf(nodes);
        Require.that(
                certificate != null
                        || listeners.stream()
                                .allMatch(l -> l.entry().transport() == Transport.PLAIN),
                "a listener speaks TLS, and neither [tls] nor [acme] gives a certificate");
        Require.that(!listeners.isEmpty(), "at least one [[listener]] is needed");
        Require.that(!nodes.isEmpty(), "at least one [[node]] is needed");
    }

    /// Who the pool is, and the address blocks pay. `firmwareBook` is absent where the built-in one is used,
    /// `secondBlockDirectory` where there is one place for found blocks alone.
    public record Pool(
            String name,
            String tag,
            Network network,
            String payoutAddress,
            Path dataDirectory,
            int serverId,
            @Nullable Path firmwareBook,
            @Nullable Path secondBlockDirectory) {
        static final Pool DEFAULT =
                new Pool("Adit", "/Adit/", Network.MAINNET, "", Path.of("data"), 0, null, null);
    }

    /// The Bitcoin network whose blocks are mined.
    public enum Network {
        MAINNET,
        TESTNET4,
        SIGNET,
        REGTEST
    }

    /// Where the reward of a block goes that was found through a listener.
    public enum PayoutMode {
        /// To the pool, which owes it to miners by its scheme.
        BOOKED,
        /// To the finder, in an output of the coinbase, less the fee.
        COINBASE_DIRECT;

        /// As the configuration and the API write it.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// A port miners connect to.
    public record Listener(
            String name,
            String address,
            int port,
            Entry entry,
            Difficulties difficulties,
            PayoutMode payoutMode) {
        static final Listener DEFAULT =
                new Listener(
                        "miners",
                        "0.0.0.0",
                        3333,
                        Entry.DEFAULT,
                        Difficulties.DEFAULT,
                        PayoutMode.BOOKED);
    }

    /// What may be spoken on a port, and which proxies are believed when they say for whom they speak.
    public record Entry(Transport transport, Protocol protocol, List<Cidr> proxyProtocolFrom) {
        public static final Entry DEFAULT = new Entry(Transport.PLAIN, Protocol.V1, List.of());

        public Entry {
            proxyProtocolFrom = List.copyOf(proxyProtocolFrom);
        }
    }

    /// What lies between TCP and Stratum.
    public enum Transport {
        PLAIN,
        TLS,
        /// As the first bytes say.
        AUTO
    }

    /// Which Stratum is spoken.
    public enum Protocol {
        V1,
        /// As the first bytes say.
        AUTO
    }

    /// Where the certificate comes from that TLS is spoken with.
    public sealed interface CertificateSource {}

    /// PEM files, the certificate with those that vouch for it behind it.
    public record Tls(Path certificateFile, Path keyFile) implements CertificateSource {}

    /// An authority that certificates are ordered from, and what it is shown on the way. What it gave is kept
    /// below `directory`. `contact` is absent where the authority is told none.
    public record Acme(
            URI directoryUrl,
            @Nullable String contact,
            List<String> domains,
            String address,
            int port,
            Path directory)
            implements CertificateSource {
        static final Acme DEFAULT =
                new Acme(
                        URI.create("https://acme-v02.api.letsencrypt.org/directory"),
                        null,
                        List.of(),
                        "0.0.0.0",
                        80,
                        Path.of("acme"));

        public Acme {
            domains = List.copyOf(domains);
        }
    }

    /// The difficulty miners find on a port. `fixed` is absent where vardiff decides.
    public record Difficulties(
            BigDecimal first,
            BigDecimal minimum,
            BigDecimal maximum,
            int targetSharesPerMinute,
            @Nullable BigDecimal fixed) {
        static final Difficulties DEFAULT =
                new Difficulties(
                        new BigDecimal("16384"),
                        new BigDecimal("0.001"),
                        new BigDecimal("1073741824"),
                        10,
                        null);

        public Difficulties {
            Require.that(
                    minimum.compareTo(maximum) <= 0,
                    "minimum-difficulty must not be above maximum-difficulty");
            Require.that(
                    isWithin(first, minimum, maximum),
                    "first-difficulty must lie between minimum-difficulty and maximum-difficulty");
            Require.that(
                    fixed == null || isWithin(fixed, minimum, maximum),
                    "fixed-difficulty must lie between minimum-difficulty and maximum-difficulty");
        }

        private static boolean isWithin(BigDecimal value, BigDecimal least, BigDecimal most) {
            return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
        }
    }

    /// Who may be credited: with `names` also who has no address yet.
    public record Accounts(boolean names) {
        static final Accounts DEFAULT = new Accounts(false);
    }

    /// A division of a miner's work by name. `minersParts` is 0 where nothing stays with who mines.
    public record Split(String name, int minersParts, List<Payee> payees) {
        static final int DEFAULT_MINERS_PARTS = 0;

        public Split {
            payees = List.copyOf(payees);
            Require.that(
                    payees.stream().map(Payee::account).distinct().count() == payees.size(),
                    "payees must name each account once");
        }

        /// An account as its owner would write it, and its parts of the whole.
        public record Payee(String account, int parts) {}
    }

    /// How work is handed out.
    public record Jobs(
            int refreshSeconds,
            int versionRollingMask,
            int letGoAfterSeconds,
            int staleTipMinutes) {
        public static final Jobs DEFAULT = new Jobs(30, 0x1fffe000, 120, 120);
    }

    /// How submitted work is judged, as far as that is a choice. `staleGraceMillis` is absent where the scheme decides.
    public record Shares(@Nullable Integer staleGraceMillis) {
        public static final Shares DEFAULT = new Shares(null);

        /// How late a share that this scheme pays may be and is still credited.
        public int graceMillis(Scheme.Kind kind) {
            return staleGraceMillis == null ? kind.graceMillis : staleGraceMillis;
        }
    }

    /// How miners are paid unless their own terms say otherwise.
    public record Scheme(
            Kind kind, int feeBps, BigDecimal pplnsWindowBlocks, int ppsIntervalMinutes) {
        static final Scheme DEFAULT = new Scheme(Kind.PPLNS, 100, new BigDecimal("4"), 10);

        /// The schemes there are, and how late a share may be for each where the operator does not say. A late share
        /// finds no block: in a window or a round all others would pay for it, and SOLO pays for no share at all.
        public enum Kind {
            PPLNS(0),
            PROP(0),
            SOLO(0),
            PPS(500);

            final int graceMillis;

            Kind(int graceMillis) {
                this.graceMillis = graceMillis;
            }
        }
    }

    /// Where accepted shares become durable.
    public record Journal(
            Path directory, int segmentBytes, long minimumFreeBytes, int retentionHours) {
        static final Journal DEFAULT = new Journal(Path.of("journal"), 64 << 20, 2L << 30, 72);
    }

    /// The PostgreSQL that holds the books.
    public record Database(
            String url, String user, Secret password, int connections, int shareRetentionDays) {
        static final Database DEFAULT =
                new Database("jdbc:postgresql://127.0.0.1:5432/adit", "adit", Secret.NONE, 8, 30);
    }

    /// A Bitcoin node, in order of preference. `zmqHashBlock` is absent where the node announces no blocks over ZMQ.
    public record Node(String name, URI url, NodeLogin login, @Nullable URI zmqHashBlock) {}

    /// How a node lets us in.
    public sealed interface NodeLogin {
        /// The file the node writes at each start.
        record CookieFile(Path path) implements NodeLogin {}

        /// A user of the node's own configuration.
        record UserPassword(String user, Secret password) implements NodeLogin {}
    }

    /// Where the status page, the API and the metrics are served.
    public record Http(String address, int port) {
        static final Http DEFAULT = new Http("127.0.0.1", 8080);
    }

    /// The bounds worth choosing; all others are fixed.
    public record Limits(
            int connections,
            int workersPerConnection,
            int idleTimeoutSeconds,
            boolean exemptLoopback) {
        static final Limits DEFAULT = new Limits(18_000, 10_000, 900, true);
    }

    /// States what must hold between the values of one record, in the words of the file's keys.
    private static final class Require {
        private Require() {}

        static void that(boolean condition, String otherwise) {
            if (!condition) {
                throw new IllegalArgumentException(otherwise);
            }
        }
    }
}
