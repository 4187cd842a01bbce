package adit.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.dataformat.toml.TomlMapper;

/// Reads a configuration file: all of it is understood, or the first thing wrong is told in one line.
public final class ConfigFile {
    private static final int BPS_IN_A_PERCENT_DIGITS = 2;

    private final ConfigTable.Source source;
    private final JsonNode root;

    private ConfigFile(ConfigTable.Source source, JsonNode root) {
        this.source = source;
        this.root = root;
    }

    /// Reads `file`; `environment` is where `${NAME}` is looked up.
    ///
    /// @throws BadConfiguration if the pool should not start with it
    public static PoolConfig read(Path file, Map<String, String> environment) {
        var text = text(file);
        var root = root(file, text);
        return new ConfigFile(new ConfigTable.Source(file, TomlLines.of(text), environment), root)
                .config();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new BadConfiguration(file, 1, "there is no such file");
        } catch (CharacterCodingException e) {
            throw new BadConfiguration(file, 1, "cannot be read as text: it is not UTF-8");
        } catch (AccessDeniedException e) {
            throw new BadConfiguration(file, 1, "cannot be read: permission denied");
        } catch (IOException e) {
            throw new BadConfiguration(file, 1, "cannot be read: " + e.getMessage());
        }
    }

    private static JsonNode root(Path file, String text) {
        try {
            return new TomlMapper().readTree(text);
        } catch (JacksonException e) {
            throw new BadConfiguration(
                    file,
                    lineOf(e, text),
                    "not TOML: " + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    /// The parser notices a key written twice only behind its line, at the start of the next statement.
    private static int lineOf(JacksonException e, String text) {
        if (e.getLocation() == null) {
            return 1;
        }
        int line = Math.max(1, e.getLocation().getLineNr());
        if (e.getLocation().getColumnNr() == 1 && e.getOriginalMessage().startsWith("Duplicate")) {
            var lines = text.lines().toList();
            do {
                line--;
            } while (line > 1 && lines.get(line - 1).strip().replaceFirst("^#.*", "").isEmpty());
        }
        return line;
    }

    private PoolConfig config() {
        refuseUnknownSections();
        var pool = pool(table(ConfigReference.POOL));
        var listeners =
                tables(ListenerSettings.SECTION).stream().map(ConfigFile::listener).toList();
        var nodes = tables(ConfigReference.NODE).stream().map(ConfigFile::node).toList();
        return new PoolConfig(
                pool,
                listeners,
                accounts(table(ConfigReference.ACCOUNTS)),
                tables(ConfigReference.SPLIT).stream().map(ConfigFile::split).toList(),
                jobs(table(ConfigReference.JOBS)),
                shares(table(ConfigReference.SHARES)),
                scheme(table(ConfigReference.SCHEME)),
                journal(table(ConfigReference.JOURNAL), pool.dataDirectory()),
                database(table(ConfigReference.DATABASE)),
                nodes,
                http(table(ConfigReference.HTTP)),
                limits(table(ConfigReference.LIMITS)));
    }

    private void refuseUnknownSections() {
        var names = ConfigReference.SECTIONS.stream().map(Section::name).toList();
        for (var name : root.propertyNames()) {
            if (names.contains(name)) {
                continue;
            }
            var nearest = ConfigReference.SECTIONS.get(names.indexOf(NearestWord.to(name, names)));
            var what = root.path(name).isContainer() ? "section" : "key";
            throw source.bad(
                    "unknown %s \"%s\"; did you mean %s?".formatted(what, name, nearest.header()),
                    root.path(name).isArray() ? name + "[0]" : name);
        }
    }

    private ConfigTable table(Section section) {
        var values = root.path(section.name());
        if (!values.isMissingNode() && !values.isObject()) {
            throw source.bad(
                    "there is one %s; write it once, as %s"
                            .formatted(section.name(), section.header()),
                    values.isArray() ? section.name() + "[0]" : section.name());
        }
        var table =
                new ConfigTable(
                        source,
                        section,
                        section.name(),
                        values.isObject() ? values : JsonNodeFactory.instance.objectNode());
        table.refuseUnknownKeys();
        return table;
    }

    private List<ConfigTable> tables(Section section) {
        var values = root.path(section.name());
        if (values.isMissingNode() && section.count() == Section.Count.ANY) {
            return List.of();
        }
        if (values.isMissingNode()) {
            throw source.bad("at least one %s is needed".formatted(section.header()));
        }
        if (!values.isArray() || !values.valueStream().allMatch(JsonNode::isObject)) {
            throw source.bad(
                    "there may be several of %s; write it as %s"
                            .formatted(section.name(), section.header()),
                    section.name());
        }
        var tables = new ArrayList<ConfigTable>();
        for (var value : values) {
            var path = section.name() + "[" + tables.size() + "]";
            var table = new ConfigTable(source, section, path, value);
            table.refuseUnknownKeys();
            tables.add(table);
        }
        refuseNamesakes(tables);
        return tables;
    }

    private static void refuseNamesakes(List<ConfigTable> tables) {
        var names = new HashSet<JsonNode>();
        for (var table : tables) {
            if (table.values().has("name") && !names.add(table.values().path("name"))) {
                throw table.bad(
                        "name",
                        "another %s has this name already".formatted(table.section().header()));
            }
        }
    }

    private static PoolConfig.Pool pool(ConfigTable table) {
        return new PoolConfig.Pool(
                table.value(ConfigReference.Pool.NAME),
                table.value(ConfigReference.Pool.TAG),
                table.value(ConfigReference.Pool.NETWORK),
                table.value(ConfigReference.Pool.PAYOUT_ADDRESS),
                table.value(ConfigReference.Pool.DATA_DIRECTORY),
                table.value(ConfigReference.Pool.SERVER_ID));
    }

    private static PoolConfig.Listener listener(ConfigTable table) {
        return new PoolConfig.Listener(
                table.value(ListenerSettings.NAME),
                table.value(ListenerSettings.ADDRESS),
                table.value(ListenerSettings.PORT),
                entry(table),
                difficulties(table));
    }

    private static PoolConfig.Entry entry(ConfigTable table) {
        refuseUnfinishedProtocol(table);
        var entry =
                new PoolConfig.Entry(
                        table.value(ListenerSettings.TRANSPORT),
                        table.value(ListenerSettings.PROTOCOL),
                        table.value(ListenerSettings.PROXY_PROTOCOL_FROM));
        if (entry.transport() != PoolConfig.Transport.PLAIN
                || !entry.proxyProtocolFrom().isEmpty()) {
            throw table.missing("transport = \"plain\" and no proxy-protocol-from so far");
        }
        return entry;
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
                table.value(ConfigReference.Jobs.VERSION_ROLLING_MASK));
    }

    private static PoolConfig.Shares shares(ConfigTable table) {
        return new PoolConfig.Shares(table.value(ConfigReference.Shares.STALE_GRACE_MILLIS));
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
                table.value(ConfigReference.Limits.IDLE_TIMEOUT_SECONDS));
    }
}
