package adit.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Reads a configuration file: all of it is understood, or the first thing wrong is told in one line.
public final class ConfigFile {
    private static final int BPS_IN_A_PERCENT_DIGITS = 2;
    private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "::");

    private final TomlFile file;

    private ConfigFile(TomlFile file) {
        this.file = file;
    }

    /// Reads `file`; `environment` is where `${NAME}` is looked up.
    ///
    /// @throws BadConfiguration if the pool should not start with it
    public static PoolConfig read(Path file, Map<String, String> environment) {
        return new ConfigFile(TomlFile.read(file, environment)).config();
    }

    /// The data directory that `file` names, for who only has to find the pool that runs there: passwords are not looked
    /// up, and other sections are not judged.
    ///
    /// @throws BadConfiguration where it is no TOML, or what it says of the pool is not understood
    public static Path dataDirectory(Path file) {
        var toml = TomlFile.read(file, Map.of());
        toml.refuseOtherThan(ConfigReference.SECTIONS);
        return toml.table(ConfigReference.POOL).value(ConfigReference.Pool.DATA_DIRECTORY);
    }

    /// What should be mended though a start goes on, one line each with its place in `file`, which reads well.
    public static List<String> warnings(Path file) {
        var toml = TomlFile.read(file, Map.of());
        var database = toml.table(ConfigReference.DATABASE);
        return Stream.concat(
                        database.openFile(ConfigReference.Database.PASSWORD_FILE).stream(),
                        toml.tables(ConfigReference.NODE).stream()
                                .map(node -> node.openFile(ConfigReference.Node.PASSWORD_FILE))
                                .flatMap(Optional::stream))
                .toList();
    }

    /// What only the network's rules find wrong with the payout address, with its place in `file`.
    public static BadConfiguration badPayoutAddress(Path file, String problem) {
        return TomlFile.read(file, Map.of())
                .table(ConfigReference.POOL)
                .bad(ConfigReference.Pool.PAYOUT_ADDRESS, problem);
    }

    /// What the system finds wrong with the data directory, with its place in `file`.
    public static BadConfiguration badDataDirectory(Path file, String problem) {
        return TomlFile.read(file, Map.of())
                .table(ConfigReference.POOL)
                .bad(ConfigReference.Pool.DATA_DIRECTORY, problem);
    }

    /// What only the network's rules find wrong with the payees of a split, with its place in `file`.
    ///
    /// @param split which of the splits, from 0
    public static BadConfiguration badPayees(Path file, int split, String problem) {
        return TomlFile.read(file, Map.of())
                .tables(ConfigReference.SPLIT)
                .get(split)
                .bad(ConfigReference.Split.PAYEES, problem);
    }

    private PoolConfig config() {
        file.refuseOtherThan(ConfigReference.SECTIONS);
        var pool = pool(file.table(ConfigReference.POOL));
        var listeners =
                file.tables(ListenerSettings.SECTION).stream().map(ConfigFile::listener).toList();
        var http = http(file.table(ConfigReference.HTTP));
        refuseSharedPorts(listeners, http);
        var nodes = file.tables(ConfigReference.NODE).stream().map(ConfigFile::node).toList();
        return new PoolConfig(
                pool,
                listeners,
                CertificateSettings.read(file, listeners, pool.dataDirectory()),
                accounts(file.table(ConfigReference.ACCOUNTS)),
                file.tables(ConfigReference.SPLIT).stream().map(ConfigFile::split).toList(),
                jobs(file.table(ConfigReference.JOBS)),
                shares(file.table(ConfigReference.SHARES)),
                scheme(file.table(ConfigReference.SCHEME)),
                journal(file.table(ConfigReference.JOURNAL), pool.dataDirectory()),
                database(file.table(ConfigReference.DATABASE)),
                nodes,
                http,
                limits(file.table(ConfigReference.LIMITS)));
    }

    private static PoolConfig.Pool pool(ConfigTable table) {
        return new PoolConfig.Pool(
                table.value(ConfigReference.Pool.NAME),
                table.value(ConfigReference.Pool.TAG),
                table.value(ConfigReference.Pool.NETWORK),
                table.value(ConfigReference.Pool.PAYOUT_ADDRESS),
                table.value(ConfigReference.Pool.DATA_DIRECTORY),
                table.value(ConfigReference.Pool.SERVER_ID),
                table.optional(ConfigReference.Pool.FIRMWARE_BOOK).orElse(null),
                table.optional(ConfigReference.Pool.SECOND_BLOCK_DIRECTORY).orElse(null));
    }

    private static PoolConfig.Listener listener(ConfigTable table) {
        return new PoolConfig.Listener(
                table.value(ListenerSettings.NAME),
                table.value(ListenerSettings.ADDRESS),
                table.value(ListenerSettings.PORT),
                entry(table),
                difficulties(table),
                table.value(ListenerSettings.PAYOUT_MODE));
    }

    /// Two who listen in one place would stop the start with a port that is in use, and nobody else is using it.
    private void refuseSharedPorts(List<PoolConfig.Listener> listeners, PoolConfig.Http http) {
        var tables = file.tables(ListenerSettings.SECTION);
        for (int i = 0; i < listeners.size(); i++) {
            var later = listeners.get(i);
            for (var earlier : listeners.subList(0, i)) {
                if (later.port() == earlier.port() && meet(later.address(), earlier.address())) {
                    throw tables.get(i)
                            .bad(
                                    ListenerSettings.PORT,
                                    "listener %s has port %d already; choose another port or address"
                                            .formatted(earlier.name(), earlier.port()));
                }
            }
            if (later.port() == http.port() && meet(later.address(), http.address())) {
                throw tables.get(i)
                        .bad(
                                ListenerSettings.PORT,
                                "[http] has port %d too; choose another port or address for one of them"
                                        .formatted(http.port()));
            }
        }
    }

    private static boolean meet(String address, String other) {
        return ALL_ADDRESSES.contains(address)
                || ALL_ADDRESSES.contains(other)
                || address.equalsIgnoreCase(other);
    }

    private static PoolConfig.Entry entry(ConfigTable table) {
        refuseUnfinishedProtocol(table);
        return new PoolConfig.Entry(
                table.value(ListenerSettings.TRANSPORT),
                table.value(ListenerSettings.PROTOCOL),
                table.value(ListenerSettings.PROXY_PROTOCOL_FROM));
    }

    private static void refuseUnfinishedProtocol(ConfigTable table) {
        var protocol = ListenerSettings.PROTOCOL;
        if (table.values().path(protocol.key()).asString("").equalsIgnoreCase("v2")) {
            throw table.bad(protocol, "Stratum V2 is not finished yet; choose \"v1\" or \"auto\"");
        }
    }

    private static PoolConfig.Difficulties difficulties(ConfigTable table) {
        var fixed = table.optional(ListenerSettings.FIXED_DIFFICULTY);
        return table.make(() ->
                new PoolConfig.Difficulties(
                        table.value(ListenerSettings.FIRST_DIFFICULTY),
                        table.value(ListenerSettings.MINIMUM_DIFFICULTY),
                        table.value(ListenerSettings.MAXIMUM_DIFFICULTY),
                        table.value(ListenerSettings.TARGET_SHARES_PER_MINUTE),
                        fixed.orElse(null)));
    }

    private static PoolConfig.Accounts accounts(ConfigTable table) {
        return new PoolConfig.Accounts(table.value(ConfigReference.Accounts.NAMES));
    }

    private static PoolConfig.Split split(ConfigTable table) {
        return table.make(() ->
                new PoolConfig.Split(
                        table.value(ConfigReference.Split.NAME),
                        table.value(ConfigReference.Split.MINERS_PARTS),
                        table.value(ConfigReference.Split.PAYEES)));
    }

    private static PoolConfig.Jobs jobs(ConfigTable table) {
        return new PoolConfig.Jobs(
                table.value(ConfigReference.Jobs.REFRESH_SECONDS),
                table.value(ConfigReference.Jobs.VERSION_ROLLING_MASK),
                table.value(ConfigReference.Jobs.LET_GO_AFTER_SECONDS),
                table.value(ConfigReference.Jobs.STALE_TIP_MINUTES));
    }

    private static PoolConfig.Shares shares(ConfigTable table) {
        return new PoolConfig.Shares(
                table.optional(ConfigReference.Shares.STALE_GRACE_MILLIS).orElse(null));
    }

    private static PoolConfig.Scheme scheme(ConfigTable table) {
        refuseUnfinishedScheme(table);
        return new PoolConfig.Scheme(
                table.value(ConfigReference.Scheme.KIND),
                feeBps(table),
                table.value(ConfigReference.Scheme.PPLNS_WINDOW_BLOCKS),
                table.value(ConfigReference.Scheme.PPS_INTERVAL_MINUTES));
    }

    private static void refuseUnfinishedScheme(ConfigTable table) {
        var kind = ConfigReference.Scheme.KIND;
        if (table.values().path(kind.key()).asString("").equalsIgnoreCase("FPPS")) {
            throw table.bad(kind, "FPPS is not finished yet; choose PPLNS, PROP, SOLO or PPS");
        }
    }

    private static int feeBps(ConfigTable table) {
        var inPercent = ConfigReference.Scheme.FEE_PERCENT;
        var percent = table.optional(inPercent);
        if (percent.isEmpty()) {
            return table.value(ConfigReference.Scheme.FEE_BPS);
        }
        if (table.has(ConfigReference.Scheme.FEE_BPS)) {
            throw table.bad(
                    inPercent, "both fee-bps and fee-percent are set in [scheme]; keep one");
        }
        var bps = percent.get().movePointRight(BPS_IN_A_PERCENT_DIGITS);
        if (bps.stripTrailingZeros().scale() > 0) {
            throw table.bad(inPercent, "fee-percent in [scheme] takes at most two decimals");
        }
        return bps.intValueExact();
    }

    private static PoolConfig.Journal journal(ConfigTable table, Path dataDirectory) {
        return new PoolConfig.Journal(
                dataDirectory.resolve(table.value(ConfigReference.Journal.DIRECTORY)),
                table.value(ConfigReference.Journal.SEGMENT_BYTES),
                table.value(ConfigReference.Journal.MINIMUM_FREE_BYTES),
                table.value(ConfigReference.Journal.RETENTION_HOURS));
    }

    private static PoolConfig.Database database(ConfigTable table) {
        return new PoolConfig.Database(
                table.value(ConfigReference.Database.URL),
                table.value(ConfigReference.Database.USER),
                table.secret(
                                ConfigReference.Database.PASSWORD,
                                ConfigReference.Database.PASSWORD_FILE)
                        .orElse(Secret.NONE),
                table.value(ConfigReference.Database.CONNECTIONS),
                table.value(ConfigReference.Database.SHARE_RETENTION_DAYS));
    }

    private static PoolConfig.Node node(ConfigTable table) {
        return new PoolConfig.Node(
                table.value(ConfigReference.Node.NAME),
                table.value(ConfigReference.Node.URL),
                login(table),
                table.optional(ConfigReference.Node.ZMQ_HASH_BLOCK).orElse(null));
    }

    private static PoolConfig.NodeLogin login(ConfigTable table) {
        var cookie = table.optional(ConfigReference.Node.COOKIE_FILE);
        var user = table.optional(ConfigReference.Node.USER);
        var password =
                table.secret(ConfigReference.Node.PASSWORD, ConfigReference.Node.PASSWORD_FILE);
        if (cookie.isPresent()) {
            if (user.isPresent() || password.isPresent()) {
                throw table.bad(
                        ConfigReference.Node.COOKIE_FILE,
                        "both cookie-file and user or password are set in [[node]]; keep one");
            }
            return new PoolConfig.NodeLogin.CookieFile(cookie.get());
        }
        if (user.isEmpty() || password.isEmpty()) {
            throw table.missing("cookie-file, or user and password-file");
        }
        return new PoolConfig.NodeLogin.UserPassword(user.get(), password.get());
    }

    private static PoolConfig.Http http(ConfigTable table) {
        return new PoolConfig.Http(
                table.value(ConfigReference.Http.ADDRESS), table.value(ConfigReference.Http.PORT));
    }

    private static PoolConfig.Limits limits(ConfigTable table) {
        return new PoolConfig.Limits(
                table.value(ConfigReference.Limits.CONNECTIONS),
                table.value(ConfigReference.Limits.WORKERS_PER_CONNECTION),
                table.value(ConfigReference.Limits.IDLE_TIMEOUT_SECONDS),
                table.value(ConfigReference.Limits.EXEMPT_LOOPBACK));
    }
}
