package adit.server.config;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ConfigFileTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("ADIT_DATABASE_PASSWORD", "open sesame", "NODE_PASSWORD", "swordfish");
    private static final String SMALLEST =
            """
            [pool]
            network = "regtest"
            payout-address = "bcrt1qexample"

            [[listener]]
            name = "miners"
            port = 3333

            [database]
            url = "jdbc:postgresql://127.0.0.1/adit"
            user = "adit"

            [[node]]
            name = "first"
            url = "http://127.0.0.1:18443"
            cookie-file = "/var/lib/bitcoind/.cookie"
            """;

    @TempDir private Path directory;

    @Test
    void fillsInTheDefaults() throws IOException {
        var config = read(SMALLEST);

        assertThat(config.pool())
                .isEqualTo(
                        new PoolConfig.Pool(
                                "Adit",
                                "/Adit/",
                                PoolConfig.Network.REGTEST,
                                "bcrt1qexample",
                                Path.of("data"),
                                0,
                                null,
                                null));
        assertThat(config.listeners()).containsExactly(PoolConfig.Listener.DEFAULT);
        assertThat(config.accounts()).isEqualTo(new PoolConfig.Accounts(false));
        assertThat(config.splits()).isEmpty();
        assertThat(config.jobs()).isEqualTo(PoolConfig.Jobs.DEFAULT);
        assertThat(config.shares()).isEqualTo(PoolConfig.Shares.DEFAULT);
        assertThat(PoolConfig.Scheme.Kind.values())
                .extracting(config.shares()::graceMillis)
                .containsExactly(0, 0, 0, 500);
        assertThat(config.scheme()).isEqualTo(PoolConfig.Scheme.DEFAULT);
        assertThat(config.journal().directory()).isEqualTo(Path.of("data", "journal"));
        assertThat(config.database().password()).isEqualTo(Secret.NONE);
        assertThat(config.http()).isEqualTo(PoolConfig.Http.DEFAULT);
        assertThat(config.limits()).isEqualTo(PoolConfig.Limits.DEFAULT);
        assertThat(config.nodes())
                .containsExactly(
                        new PoolConfig.Node(
                                "first",
                                URI.create("http://127.0.0.1:18443"),
                                new PoolConfig.NodeLogin.CookieFile(
                                        Path.of("/var/lib/bitcoind/.cookie")),
                                null));
    }

    @Test
    void readsWhatIsWritten() throws IOException {
        var config =
                read(
                        """
                        [pool]
                        name = "Coal & Sons"
                        tag = ""
                        network = "mainnet"
                        payout-address = "bc1qexample"
                        data-directory = "/srv/adit"
                        server-id = 255
                        firmware-book = "/etc/adit/firmware.toml"
                        second-block-directory = "/mnt/other/blocks"
                        [[listener]]
                        name = "asic"
                        port = 3333
                        first-difficulty = 65536
                        [[listener]]
                        name = "tiny"
                        address = "::1"
                        port = 3334
                        transport = "auto"
                        protocol = "AUTO"
                        proxy-protocol-from = ["10.0.0.0/8", "2001:db8::1"]
                        first-difficulty = 0.001953125
                        minimum-difficulty = 0.1e-3
                        maximum-difficulty = 16
                        target-shares-per-minute = 4
                        fixed-difficulty = 0.5
                        payout-mode = "coinbase-direct"
                        [accounts]
                        names = true
                        [[split]]
                        name = "family"
                        payees = [{account = "alice", parts = 60}, {account = "bob", parts = 40}]
                        [[split]]
                        name = "charity"
                        payees = [{account = "bc1qexample", parts = 1}]
                        miners-parts = 9
                        [tls]
                        certificate-file = "/etc/adit/chain.pem"
                        key-file = "/etc/adit/key.pem"
                        [jobs]
                        refresh-seconds = 45
                        version-rolling-mask = "00ffe000"
                        let-go-after-seconds = 90
                        stale-tip-minutes = 45
                        [shares]
                        stale-grace-millis = 1_500
                        [scheme]
                        kind = "pps"
                        fee-percent = 1.25
                        pplns-window-blocks = 2.5
                        pps-interval-minutes = 60
                        [journal]
                        directory = "/nvme/journal"
                        segment-bytes = 1048576
                        minimum-free-bytes = 0
                        retention-hours = 48
                        [database]
                        url = "jdbc:postgresql://db.example:5432/pool"
                        user = "pool"
                        password = "${ADIT_DATABASE_PASSWORD}"
                        connections = 20
                        share-retention-days = 7
                        [[node]]
                        name = "one"
                        url = "https://node.example:8332"
                        user = "rpc"
                        password = "${NODE_PASSWORD}"
                        zmq-hash-block = "tcp://node.example:28332"
                        [http]
                        address = "0.0.0.0"
                        port = 80
                        [limits]
                        connections = 5
                        workers-per-connection = 3
                        idle-timeout-seconds = 60
                        exempt-loopback = false
                        """);

        assertThat(config.pool())
                .isEqualTo(
                        new PoolConfig.Pool(
                                "Coal & Sons",
                                "",
                                PoolConfig.Network.MAINNET,
                                "bc1qexample",
                                Path.of("/srv/adit"),
                                255,
                                Path.of("/etc/adit/firmware.toml"),
                                Path.of("/mnt/other/blocks")));
        assertThat(config.listeners()).hasSize(2);
        assertThat(config.listeners().getLast())
                .isEqualTo(
                        new PoolConfig.Listener(
                                "tiny",
                                "::1",
                                3334,
                                new PoolConfig.Entry(
                                        PoolConfig.Transport.AUTO,
                                        PoolConfig.Protocol.AUTO,
                                        List.of(cidr("10.0.0.0/8"), cidr("2001:db8::1/128"))),
                                new PoolConfig.Difficulties(
                                        new BigDecimal("0.001953125"),
                                        new BigDecimal("0.1e-3"),
                                        new BigDecimal("16"),
                                        4,
                                        new BigDecimal("0.5")),
                                PoolConfig.PayoutMode.COINBASE_DIRECT));
        assertThat(config.accounts()).isEqualTo(new PoolConfig.Accounts(true));
        assertThat(config.splits())
                .containsExactly(
                        new PoolConfig.Split(
                                "family",
                                0,
                                List.of(
                                        new PoolConfig.Split.Payee("alice", 60),
                                        new PoolConfig.Split.Payee("bob", 40))),
                        new PoolConfig.Split(
                                "charity",
                                9,
                                List.of(new PoolConfig.Split.Payee("bc1qexample", 1))));
        assertThat(config.certificate())
                .isEqualTo(
                        new PoolConfig.Tls(
                                Path.of("/etc/adit/chain.pem"), Path.of("/etc/adit/key.pem")));
        assertThat(config.jobs()).isEqualTo(new PoolConfig.Jobs(45, 0x00ffe000, 90, 45));
        assertThat(config.shares()).isEqualTo(new PoolConfig.Shares(1_500));
        assertThat(config.shares().graceMillis(PoolConfig.Scheme.Kind.PPS)).isEqualTo(1_500);
        assertThat(config.scheme())
                .isEqualTo(
                        new PoolConfig.Scheme(
                                PoolConfig.Scheme.Kind.PPS, 125, new BigDecimal("2.5"), 60));
        assertThat(config.journal())
                .isEqualTo(new PoolConfig.Journal(Path.of("/nvme/journal"), 1 << 20, 0, 48));
        assertThat(config.database())
                .isEqualTo(
                        new PoolConfig.Database(
                                "jdbc:postgresql://db.example:5432/pool",
                                "pool",
                                new Secret("open sesame"),
                                20,
                                7));
        assertThat(config.nodes())
                .containsExactly(
                        new PoolConfig.Node(
                                "one",
                                URI.create("https://node.example:8332"),
                                new PoolConfig.NodeLogin.UserPassword(
                                        "rpc", new Secret("swordfish")),
                                URI.create("tcp://node.example:28332")));
        assertThat(config.http()).isEqualTo(new PoolConfig.Http("0.0.0.0", 80));
        assertThat(config.limits()).isEqualTo(new PoolConfig.Limits(5, 3, 60, false));
    }

    @Test
    void readsAPasswordFromAFileWithoutItsLineEnd() throws IOException {
        var file = Files.writeString(directory.resolve("password"), "correct horse\n");

        var config =
                read(
                        SMALLEST.replace(
                                "user = \"adit\"",
                                "user = \"adit\"\npassword-file = \"" + file + "\""));

        assertThat(config.database().password()).isEqualTo(new Secret("correct horse"));
    }

    @Test
    void neverPrintsASecret() throws IOException {
        var config =
                read(
                        SMALLEST.replace(
                                        "user = \"adit\"",
                                        "user = \"adit\"\npassword = \"${ADIT_DATABASE_PASSWORD}\"")
                                .replace(
                                        "cookie-file = \"/var/lib/bitcoind/.cookie\"",
                                        "user = \"u\"\npassword = \"${NODE_PASSWORD}\""));

        assertThat(config.toString())
                .contains("password=hidden")
                .doesNotContain("open sesame")
                .doesNotContain("swordfish");
    }

    @Test
    void saysThatThereIsNoFile() {
        var file = directory.resolve("absent.toml");

        assertThatThrownBy(() -> ConfigFile.read(file, ENVIRONMENT))
                .isInstanceOf(BadConfiguration.class)
                .hasMessage(file + ": there is no such file");
    }

    @Test
    void refusesBytesThatAreNotText() throws IOException {
        var file = Files.write(directory.resolve("pool.toml"), new byte[] {'#', (byte) 0xff});

        assertThatThrownBy(() -> ConfigFile.read(file, ENVIRONMENT))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageStartingWith(file + ":1: cannot be read as text");
    }

    private PoolConfig read(String text) throws IOException {
        return ConfigFile.read(
                Files.writeString(directory.resolve("pool.toml"), text), ENVIRONMENT);
    }

    private static Cidr cidr(String text) {
        return Cidr.parse(text).orElseThrow();
    }
}
