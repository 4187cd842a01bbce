package adit.server.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

import static adit.server.config.Setting.byDefault;
import static adit.server.config.Setting.optional;
import static adit.server.config.Setting.required;

/// `[[listener]]`: the keys of a port.
final class ListenerSettings {
    private static final PoolConfig.Listener DEFAULT = PoolConfig.Listener.DEFAULT;
    private static final PoolConfig.Entry ENTRY = DEFAULT.entry();
    private static final PoolConfig.Difficulties DIFFICULTIES = DEFAULT.difficulties();

    private ListenerSettings() {}

    static final Setting<String> NAME =
            required(
                    "name",
                    ValueKind.text(32),
                    DEFAULT.name(),
                    "What the status page and the metrics call it.");
    static final Setting<String> ADDRESS =
            byDefault(
                    "address",
                    ValueKind.host(),
                    DEFAULT.address(),
                    "The address to listen on; \"0.0.0.0\" is all of them.");
    static final Setting<Integer> PORT =
            required(
                    "port",
                    ValueKind.whole(1, 65_535),
                    DEFAULT.port(),
                    "The port miners connect to.");
    static final Setting<PoolConfig.Transport> TRANSPORT =
            byDefault(
                    "transport",
                    ValueKind.choice(
                            PoolConfig.Transport.class, name -> name.toLowerCase(Locale.ROOT)),
                    ENTRY.transport(),
                    "Whether miners speak TLS here; with \"auto\" each may choose.");
    static final Setting<PoolConfig.Protocol> PROTOCOL =
            byDefault(
                    "protocol",
                    ValueKind.choice(
                            PoolConfig.Protocol.class, name -> name.toLowerCase(Locale.ROOT)),
                    ENTRY.protocol(),
                    "Which Stratum is spoken; with \"auto\" the first bytes tell. There is only"
                            + " V1 so far.");
    static final Setting<List<Cidr>> PROXY_PROTOCOL_FROM =
            byDefault(
                    "proxy-protocol-from",
                    ValueKind.cidrs(),
                    ENTRY.proxyProtocolFrom(),
                    "The networks of your own proxies, such as \"10.0.0.0/8\". Whoever connects"
                            + " from there must begin with a PROXY header and is taken for whom it"
                            + " names; from anywhere else the header ends the connection.");
    static final Setting<BigDecimal> FIRST_DIFFICULTY =
            byDefault(
                    "first-difficulty",
                    ValueKind.difficulty(),
                    DIFFICULTIES.first(),
                    "The difficulty a new connection begins with.");
    static final Setting<BigDecimal> MINIMUM_DIFFICULTY =
            byDefault(
                    "minimum-difficulty",
                    ValueKind.difficulty(),
                    DIFFICULTIES.minimum(),
                    "No miner gets easier work than this. Fractions are fine.");
    static final Setting<BigDecimal> MAXIMUM_DIFFICULTY =
            byDefault(
                    "maximum-difficulty",
                    ValueKind.difficulty(),
                    DIFFICULTIES.maximum(),
                    "No miner gets harder work than this.");
    static final Setting<Integer> TARGET_SHARES_PER_MINUTE =
            byDefault(
                    "target-shares-per-minute",
                    ValueKind.whole(1, 600),
                    DIFFICULTIES.targetSharesPerMinute(),
                    "How many shares a minute the difficulty of each connection aims at.");
    static final Setting<BigDecimal> FIXED_DIFFICULTY =
            optional(
                    "fixed-difficulty",
                    ValueKind.difficulty(),
                    new BigDecimal("65536"),
                    "Gives every miner here this difficulty and never changes it.");

    static final Setting<PoolConfig.PayoutMode> PAYOUT_MODE =
            byDefault(
                    "payout-mode",
                    ValueKind.choice(
                            PoolConfig.PayoutMode.class,
                            name -> PoolConfig.PayoutMode.valueOf(name).word()),
                    PoolConfig.Listener.DEFAULT.payoutMode(),
                    "With \"booked\" the pool gets the reward of a block and owes it to miners by"
                            + " its scheme. With \"coinbase-direct\" work brought here is SOLO,"
                            + " whatever [scheme] says: an output of the block pays its finder's"
                            + " address, another the fee, and the pool never holds the coins.");

    static final Section SECTION =
            new Section(
                    "listener",
                    Section.Count.SOME,
                    "A port miners connect to. Repeat the section for more.",
                    List.of(
                            NAME,
                            ADDRESS,
                            PORT,
                            TRANSPORT,
                            PROTOCOL,
                            PROXY_PROTOCOL_FROM,
                            FIRST_DIFFICULTY,
                            MINIMUM_DIFFICULTY,
                            MAXIMUM_DIFFICULTY,
                            TARGET_SHARES_PER_MINUTE,
                            FIXED_DIFFICULTY,
                            PAYOUT_MODE));
}
