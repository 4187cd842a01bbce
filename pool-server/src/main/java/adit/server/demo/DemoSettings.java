package adit.server.demo;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

import adit.node.embedded.EmbeddedChain;
import adit.server.config.PoolConfig;
import adit.server.config.Secret;

/// The numbers of the demo, chosen together.
///
/// The two miners hash 140,000 times a second, a few hundredths of a core. A block costs 2.8 million hashes,
/// so the pool finds one about every 20 s, and the rest of the network three in the meantime: a coin is
/// mature, 101 blocks deep, after some nine minutes. A share costs 2^16 hashes, so each miner has one every
/// second or two.
///
/// @param directory where everything is kept
public record DemoSettings(Path directory, int stratumPort, int webPort) {

    private static final int MOST_PORT = 65_535;
    static final int POW_LIMIT_NBITS = 0x1e060000;
    static final int FAST_HASHES_PER_SECOND = 100_000;
    static final int SLOW_HASHES_PER_SECOND = 40_000;

    /// What whoever tries the demo is told to mine with: one that leaves the others their part.
    static final int YOUR_HASHES_PER_SECOND = 50_000;

    /// Addresses of nobody: the demo's coins are play money.
    static final String FAST_MINER = "bcrt1qgr7tn5hdywpdmhvg8jhaxwews6v0pvenrypmef";

    static final String SLOW_MINER = "bcrt1q00ctn8wstd8ae6f630ees9fav37jqejmfj2cu6";
    static final String YOUR_MINER = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
    static final String POOL_ADDRESS = "bcrt1q39wfsc85c6hdj2pp6dywfk583ddmax7085gd9g";

    private static final int DATABASE_CONNECTIONS = 8;
    private static final int SHARES_PER_MINUTE = 40;

    /// 2^16 and 2^14 hashes as difficulties.
    private static final BigDecimal FIRST_DIFFICULTY = new BigDecimal("0.0000152587890625");

    private static final BigDecimal LEAST_DIFFICULTY = new BigDecimal("0.000003814697265625");
    static final BigDecimal MOST_DIFFICULTY = BigDecimal.ONE;

    public DemoSettings {
        refuseNoPort("--stratum-port", stratumPort);
        refuseNoPort("--web-port", webPort);
        if (stratumPort == webPort) {
            throw new DemoUnavailable(
                    "--stratum-port and --web-port are both %d; choose two ports"
                            .formatted(webPort));
        }
    }

    /// Where the demo of a data directory has its database.
    static Path postgres(Path directory) {
        return directory.resolve("postgres");
    }

    PoolConfig config(EmbeddedChain chain) {
        return new PoolConfig(
                new PoolConfig.Pool(
                        "Adit demo",
                        "/Adit demo/",
                        PoolConfig.Network.REGTEST,
                        POOL_ADDRESS,
                        directory,
                        0,
                        null,
                        null),
                List.of(
                        new PoolConfig.Listener(
                                "miners",
                                "127.0.0.1",
                                stratumPort,
                                PoolConfig.Entry.DEFAULT,
                                new PoolConfig.Difficulties(
                                        FIRST_DIFFICULTY,
                                        LEAST_DIFFICULTY,
                                        MOST_DIFFICULTY,
                                        SHARES_PER_MINUTE,
                                        null),
                                PoolConfig.PayoutMode.BOOKED)),
                null,
                new PoolConfig.Accounts(false),
                List.of(),
                PoolConfig.Jobs.DEFAULT,
                PoolConfig.Shares.DEFAULT,
                new PoolConfig.Scheme(PoolConfig.Scheme.Kind.PPLNS, 100, new BigDecimal("4"), 10),
                new PoolConfig.Journal(directory.resolve("journal"), 16 << 20, 256L << 20, 24),
                new PoolConfig.Database("", "", Secret.NONE, DATABASE_CONNECTIONS, 30),
                List.of(
                        new PoolConfig.Node(
                                "embedded",
                                chain.rpc(),
                                new PoolConfig.NodeLogin.CookieFile(chain.cookieFile()),
                                chain.zmqHashBlock())),
                new PoolConfig.Http("127.0.0.1", webPort),
                new PoolConfig.Limits(1_000, 10_000, 900, true));
    }

    URI pool() {
        return URI.create("stratum+tcp://127.0.0.1:" + stratumPort);
    }

    URI web() {
        return URI.create("http://127.0.0.1:" + webPort + "/");
    }

    private static void refuseNoPort(String option, int port) {
        if (port < 1 || port > MOST_PORT) {
            throw new DemoUnavailable(
                    "%s must be from 1 to %d, not %d".formatted(option, MOST_PORT, port));
        }
    }
}
