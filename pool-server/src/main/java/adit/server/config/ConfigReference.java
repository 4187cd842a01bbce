package adit.server.config;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import adit.pow.Coinbase;

import static adit.server.config.Section.Count.ANY;
import static adit.server.config.Section.Count.ONE;
import static adit.server.config.Section.Count.SOME;
import static adit.server.config.Setting.byDefault;
import static adit.server.config.Setting.chosen;
import static adit.server.config.Setting.optional;
import static adit.server.config.Setting.required;

/// The description of every key: what the reader accepts, and what the example file and the documentation say.
///
/// Defaults are taken from the records of [PoolConfig].
final class ConfigReference {
    private ConfigReference() {}

    /// `[pool]`.
    static final class Pool {
        private static final PoolConfig.Pool DEFAULT = PoolConfig.Pool.DEFAULT;
        static final Setting<String> NAME =
                byDefault(
                        "name",
                        ValueKind.text(64),
                        DEFAULT.name(),
                        "The pool's name on the status page.");
        static final Setting<String> TAG =
                byDefault(
                        "tag",
                        ValueKind.ascii(Coinbase.MAX_TAG_BYTES),
                        DEFAULT.tag(),
                        "Written into the coinbase of every block, for all the world to see.");
        static final Setting<PoolConfig.Network> NETWORK =
                required(
                        "network",
                        ValueKind.choice(
                                PoolConfig.Network.class, name -> name.toLowerCase(Locale.ROOT)),
                        PoolConfig.Network.MAINNET,
                        "The Bitcoin network. Every node must be on it.");
        static final Setting<String> PAYOUT_ADDRESS =
                required(
                        "payout-address",
                        ValueKind.text(100),
                        "put-your-own-address-here",
                        "The one address every block pays. Miners are paid from there.");
        static final Setting<Path> DATA_DIRECTORY =
                byDefault(
                        "data-directory",
                        ValueKind.path(),
                        DEFAULT.dataDirectory(),
                        "Everything the pool writes lies below it. A relative path begins at the"
                                + " directory the pool is started in.");
        static final Setting<Integer> SERVER_ID =
                byDefault(
                        "server-id",
                        ValueKind.whole(0, 255),
                        DEFAULT.serverId(),
                        "Tells the servers of one pool apart. No two may share it: it keeps their"
                                + " miners from doing the same work.");
        static final Setting<Path> FIRMWARE_BOOK =
                optional(
                        "firmware-book",
                        ValueKind.path(),
                        Path.of("config/firmware.toml"),
                        "What the pool knows of miners' firmware, read again by a reload. Without it"
                                + " the pool uses the copy of config/firmware.toml it was built with.");
        static final Setting<Path> SECOND_BLOCK_DIRECTORY =
                optional(
                        "second-block-directory",
                        ValueKind.path(),
                        Path.of("/mnt/other-disk/blocks"),
                        "Where a found block is written when the data directory's disk is full or"
                                + " broken. On another disk it is worth something. One server's alone, never"
                                + " shared with another.");
    }

    /// `[accounts]`.
    static final class Accounts {
        static final Setting<Boolean> NAMES =
                byDefault(
                        "names",
                        ValueKind.yesOrNo(),
                        PoolConfig.Accounts.DEFAULT.names(),
                        "Takes usernames that are no address (3 to 24 of a-z, 0-9, _ and -, a"
                                + " letter first) as accounts. They are credited, and can be paid"
                                + " once they have an address.");
    }

    /// `[[split]]`.
    static final class Split {
        static final Setting<String> NAME =
                required("name", ValueKind.word(24), "family", "What miners write behind the ~.");
        static final Setting<List<PoolConfig.Split.Payee>> PAYEES =
                required(
                        "payees",
                        ValueKind.payees(),
                        List.of(
                                new PoolConfig.Split.Payee("an-address", 60),
                                new PoolConfig.Split.Payee("another-address", 40)),
                        "Who is credited, and its parts of the whole.");
        static final Setting<Integer> MINERS_PARTS =
                byDefault(
                        "miners-parts",
                        ValueKind.whole(0, ValueKind.MOST_PARTS),
                        PoolConfig.Split.DEFAULT_MINERS_PARTS,
                        "The parts that stay with who mines. Above 0 usernames are ADDRESS~NAME,"
                                + " else ~NAME.");
    }

    /// `[jobs]`.
    static final class Jobs {
        private static final PoolConfig.Jobs DEFAULT = PoolConfig.Jobs.DEFAULT;
        static final Setting<Integer> REFRESH_SECONDS =
                byDefault(
                        "refresh-seconds",
                        ValueKind.whole(5, 300),
                        DEFAULT.refreshSeconds(),
                        "How often miners get fresh transactions while the tip stays the same.");
        static final Setting<Integer> VERSION_ROLLING_MASK =
                byDefault(
                        "version-rolling-mask",
                        ValueKind.versionMask(),
                        DEFAULT.versionRollingMask(),
                        "The bits of the block version that miners may change, in hex.");
        static final Setting<Integer> LET_GO_AFTER_SECONDS =
                byDefault(
                        "let-go-after-seconds",
                        ValueKind.whole(1, 86_400),
                        DEFAULT.letGoAfterSeconds(),
                        "How long miners keep their last job when no node has a valid template. Then"
                                + " the ports close and they are let go, so that they turn to their"
                                + " other pools.");
        static final Setting<Integer> STALE_TIP_MINUTES =
                byDefault(
                        "stale-tip-minutes",
                        ValueKind.whole(30, 1_440),
                        DEFAULT.staleTipMinutes(),
                        "How long a node may hear of no block before it counts as cut off from the"
                                + " network. Half an hour without a block is nothing unusual, two"
                                + " hours come once in years.");
    }

    /// `[shares]`.
    static final class Shares {
        static final Setting<Integer> STALE_GRACE_MILLIS =
                optional(
                        "stale-grace-millis",
                        ValueKind.whole(0, 2_000),
                        250,
                        "How long after a change of tip a share of the old one is still credited."
                                + " Such a share can find no block. Without it: 500 where PPS pays,"
                                + " from the operator's money (at most 0.08 % more), and 0 with other"
                                + " schemes, where all other miners would pay.");
    }

    /// `[scheme]`.
    static final class Scheme {
        private static final PoolConfig.Scheme DEFAULT = PoolConfig.Scheme.DEFAULT;
        static final Setting<PoolConfig.Scheme.Kind> KIND =
                byDefault(
                        "kind",
                        ValueKind.choice(PoolConfig.Scheme.Kind.class, Function.identity()),
                        DEFAULT.kind(),
                        "PPLNS pays the newest work when a block is found, PROP all work since the"
                                + " last block, SOLO the finder; PPS pays every share at once, from"
                                + " the operator's money.");
        static final Setting<Integer> FEE_BPS =
                byDefault(
                        "fee-bps",
                        ValueKind.whole(0, 10_000),
                        DEFAULT.feeBps(),
                        "The pool's fee in basis points: 100 is 1 %.");
        static final Setting<BigDecimal> FEE_PERCENT =
                optional(
                        "fee-percent",
                        ValueKind.decimal("0", "100"),
                        new BigDecimal("1.5"),
                        "The same in percent, with at most two decimals. Set one of the two.");
        static final Setting<BigDecimal> PPLNS_WINDOW_BLOCKS =
                byDefault(
                        "pplns-window-blocks",
                        ValueKind.decimal("0.1", "100"),
                        DEFAULT.pplnsWindowBlocks(),
                        "With PPLNS: how much work shares a reward, in blocks one expects to find"
                                + " with it.");
        static final Setting<Integer> PPS_INTERVAL_MINUTES =
                byDefault(
                        "pps-interval-minutes",
                        ValueKind.whole(1, 1_440),
                        DEFAULT.ppsIntervalMinutes(),
                        "With PPS: how often work is booked as money.");
    }

    /// `[journal]`.
    static final class Journal {
        private static final PoolConfig.Journal DEFAULT = PoolConfig.Journal.DEFAULT;
        static final Setting<Path> DIRECTORY =
                byDefault(
                        "directory",
                        ValueKind.path(),
                        DEFAULT.directory(),
                        "Where shares become durable. A relative path lies below data-directory;"
                                + " a disk of its own is best.");
        static final Setting<Integer> SEGMENT_BYTES =
                byDefault(
                        "segment-bytes",
                        ValueKind.whole(1 << 20, 1 << 30),
                        DEFAULT.segmentBytes(),
                        "The size of each file of the journal.");
        static final Setting<Long> MINIMUM_FREE_BYTES =
                byDefault(
                        "minimum-free-bytes",
                        ValueKind.whole(0L, 1L << 50),
                        DEFAULT.minimumFreeBytes(),
                        "With less than this free on its disk the pool takes no more shares, and"
                                + " miners turn to their backup.");
        static final Setting<Integer> RETENTION_HOURS =
                byDefault(
                        "retention-hours",
                        ValueKind.whole(1, 87_600),
                        DEFAULT.retentionHours(),
                        "How long a file of the journal is kept after it was full and all of it has"
                                + " reached the database; at least twice the time from one backup of"
                                + " that to the next.");
    }

    /// `[database]`.
    static final class Database {
        private static final PoolConfig.Database DEFAULT = PoolConfig.Database.DEFAULT;
        static final Setting<String> URL =
                required(
                        "url",
                        ValueKind.databaseUrl(),
                        DEFAULT.url(),
                        "The PostgreSQL server and database.");
        static final Setting<String> USER =
                required("user", ValueKind.text(63), DEFAULT.user(), "The user to log in as.");
        static final Setting<String> PASSWORD =
                chosen(
                        "password",
                        ValueKind.environment(),
                        "ADIT_DATABASE_PASSWORD",
                        "The environment variable that holds the password. Leave it and"
                                + " password-file out where the server asks for none.");
        static final Setting<Path> PASSWORD_FILE =
                optional(
                        "password-file",
                        ValueKind.path(),
                        Path.of("/etc/adit/database-password"),
                        "A file that holds nothing but the password.");
        static final Setting<Integer> CONNECTIONS =
                byDefault(
                        "connections",
                        ValueKind.whole(2, 200),
                        DEFAULT.connections(),
                        "How many connections to keep open at most.");
        static final Setting<Integer> SHARE_RETENTION_DAYS =
                byDefault(
                        "share-retention-days",
                        ValueKind.whole(1, 3_650),
                        DEFAULT.shareRetentionDays(),
                        "How long work is kept share by share and minute by minute, and longer where a"
                                + " payout may still reach it. Its sums by day are kept for ever.");
    }

    /// `[[node]]`.
    static final class Node {
        static final Setting<String> NAME =
                required(
                        "name",
                        ValueKind.text(32),
                        "first",
                        "What the status page and the log call it.");
        static final Setting<URI> URL =
                required(
                        "url",
                        ValueKind.uri("http://127.0.0.1:8332", "http", "https"),
                        URI.create("http://127.0.0.1:8332"),
                        "Its JSON-RPC server.");
        static final Setting<Path> COOKIE_FILE =
                chosen(
                        "cookie-file",
                        ValueKind.path(),
                        Path.of("/var/lib/bitcoind/.cookie"),
                        "The cookie the node writes at each start. Set it, or user and a"
                                + " password.");
        static final Setting<String> USER =
                optional(
                        "user",
                        ValueKind.text(100),
                        "adit",
                        "The user of the node's rpcauth line.");
        static final Setting<String> PASSWORD =
                optional(
                        "password",
                        ValueKind.environment(),
                        "ADIT_NODE_PASSWORD",
                        "The environment variable that holds this user's password.");
        static final Setting<Path> PASSWORD_FILE =
                optional(
                        "password-file",
                        ValueKind.path(),
                        Path.of("/etc/adit/node-password"),
                        "A file that holds nothing but the password.");
        static final Setting<URI> ZMQ_HASH_BLOCK =
                optional(
                        "zmq-hash-block",
                        ValueKind.uri("tcp://127.0.0.1:28332", "tcp"),
                        URI.create("tcp://127.0.0.1:28332"),
                        "The node's zmqpubhashblock, which announces a new tip soonest.");
    }

    /// `[http]`.
    static final class Http {
        static final Setting<String> ADDRESS =
                byDefault(
                        "address",
                        ValueKind.host(),
                        PoolConfig.Http.DEFAULT.address(),
                        "The address to serve on. Put a proxy with TLS before it to let others"
                                + " in.");
        static final Setting<Integer> PORT =
                byDefault(
                        "port",
                        ValueKind.whole(1, 65_535),
                        PoolConfig.Http.DEFAULT.port(),
                        "The port to serve on.");
    }

    /// `[limits]`.
    static final class Limits {
        private static final PoolConfig.Limits DEFAULT = PoolConfig.Limits.DEFAULT;
        static final Setting<Integer> CONNECTIONS =
                byDefault(
                        "connections",
                        ValueKind.whole(1, 1_000_000),
                        DEFAULT.connections(),
                        "How many miners may be connected; one more is let go at once. The system must"
                                + " allow as many open files and a tenth more, at least 512 more.");
        static final Setting<Integer> WORKERS_PER_CONNECTION =
                byDefault(
                        "workers-per-connection",
                        ValueKind.whole(1, 100_000),
                        DEFAULT.workersPerConnection(),
                        "How many worker names one connection may use; a proxy has thousands.");
        static final Setting<Integer> IDLE_TIMEOUT_SECONDS =
                byDefault(
                        "idle-timeout-seconds",
                        ValueKind.whole(60, 86_400),
                        DEFAULT.idleTimeoutSeconds(),
                        "How long a miner may stay silent before it is let go.");
        static final Setting<Boolean> EXEMPT_LOOPBACK =
                byDefault(
                        "exempt-loopback",
                        ValueKind.yesOrNo(),
                        DEFAULT.exemptLoopback(),
                        "Whether miners on the pool's own machine may connect as often as they like."
                                + " Say no where a proxy on it brings strangers.");
    }

    static final Section POOL =
            new Section(
                    "pool",
                    ONE,
                    "Who the pool is, and where its blocks pay.",
                    List.of(
                            Pool.NAME,
                            Pool.TAG,
                            Pool.NETWORK,
                            Pool.PAYOUT_ADDRESS,
                            Pool.DATA_DIRECTORY,
                            Pool.SERVER_ID,
                            Pool.FIRMWARE_BOOK,
                            Pool.SECOND_BLOCK_DIRECTORY));
    static final Section ACCOUNTS =
            new Section("accounts", ONE, "Who may be credited.", List.of(Accounts.NAMES));
    static final Section SPLIT =
            new Section(
                    "split",
                    ANY,
                    "Divides the work of miners whose username says so. Each share goes whole to one"
                            + " payee, chosen by its hash. Repeat the section for more.",
                    List.of(Split.NAME, Split.PAYEES, Split.MINERS_PARTS));
    static final Section JOBS =
            new Section(
                    "jobs",
                    ONE,
                    "How work is handed out.",
                    List.of(
                            Jobs.REFRESH_SECONDS,
                            Jobs.VERSION_ROLLING_MASK,
                            Jobs.LET_GO_AFTER_SECONDS,
                            Jobs.STALE_TIP_MINUTES));
    static final Section SHARES =
            new Section(
                    "shares",
                    ONE,
                    "How submitted work is judged.",
                    List.of(Shares.STALE_GRACE_MILLIS));
    static final Section SCHEME =
            new Section(
                    "scheme",
                    ONE,
                    "How miners are paid.",
                    List.of(
                            Scheme.KIND,
                            Scheme.FEE_BPS,
                            Scheme.FEE_PERCENT,
                            Scheme.PPLNS_WINDOW_BLOCKS,
                            Scheme.PPS_INTERVAL_MINUTES));
    static final Section JOURNAL =
            new Section(
                    "journal",
                    ONE,
                    "Where accepted shares become durable before a miner is told so.",
                    List.of(
                            Journal.DIRECTORY,
                            Journal.SEGMENT_BYTES,
                            Journal.MINIMUM_FREE_BYTES,
                            Journal.RETENTION_HOURS));
    static final Section DATABASE =
            new Section(
                    "database",
                    ONE,
                    "The PostgreSQL that holds the books.",
                    List.of(
                            Database.URL,
                            Database.USER,
                            Database.PASSWORD,
                            Database.PASSWORD_FILE,
                            Database.CONNECTIONS,
                            Database.SHARE_RETENTION_DAYS));
    static final Section NODE =
            new Section(
                    "node",
                    SOME,
                    "A Bitcoin node. Repeat the section for more, the preferred one first; blocks go"
                            + " to all of them.",
                    List.of(
                            Node.NAME,
                            Node.URL,
                            Node.COOKIE_FILE,
                            Node.USER,
                            Node.PASSWORD,
                            Node.PASSWORD_FILE,
                            Node.ZMQ_HASH_BLOCK));
    static final Section HTTP =
            new Section(
                    "http",
                    ONE,
                    "The status page, the API and the metrics.",
                    List.of(Http.ADDRESS, Http.PORT));
    static final Section LIMITS =
            new Section(
                    "limits",
                    ONE,
                    "How much the pool lets others ask of it.",
                    List.of(
                            Limits.CONNECTIONS,
                            Limits.WORKERS_PER_CONNECTION,
                            Limits.IDLE_TIMEOUT_SECONDS,
                            Limits.EXEMPT_LOOPBACK));

    static final List<Section> SECTIONS =
            List.of(
                    POOL,
                    ListenerSettings.SECTION,
                    CertificateSettings.TLS,
                    CertificateSettings.ACME,
                    ACCOUNTS,
                    SPLIT,
                    JOBS,
                    SHARES,
                    SCHEME,
                    JOURNAL,
                    DATABASE,
                    NODE,
                    HTTP,
                    LIMITS);
}
