package adit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import adit.server.config.ConfigFile;
import adit.server.config.PoolConfig;

/// The configuration of a pool on regtest that finds neither a node nor a database.
final class SampleConfig {

    private SampleConfig() {}

    /// @param directory where everything lies
    /// @param more further lines of `[journal]`, or sections
    static PoolConfig read(Path directory, int stratumPort, int webPort, String more)
            throws IOException {
        var text =
                """
                [pool]
                network = "regtest"
                payout-address = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
                data-directory = "%s"
                [[listener]]
                name = "miners"
                address = "127.0.0.1"
                port = %d
                [journal]
                segment-bytes = 1048576
                minimum-free-bytes = 0
                %s
                [database]
                url = "jdbc:postgresql://127.0.0.1:1/adit"
                user = "adit"
                [[node]]
                name = "none"
                url = "http://127.0.0.1:1"
                cookie-file = "%s"
                [http]
                port = %d
                """
                        .formatted(
                                directory.resolve("data"),
                                stratumPort,
                                more,
                                directory.resolve("no-cookie"),
                                webPort);
        return ConfigFile.read(Files.writeString(directory.resolve("pool.toml"), text), Map.of());
    }
}
