package adit.system;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.DirectoryStorage;
import adit.ledger.journal.JournalSettings;
import adit.ledger.journal.ShareJournal;
import adit.node.ChainParameters;
import adit.node.FakeNode;

import static org.assertj.core.api.Assertions.assertThat;

/// What an operator sees when something is wrong at the start: one line that says what, and the pool ends;
/// unless the thing may come right by itself, then the pool waits for it.
@Tag("slow")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AnswersBadStartsTest {

    private static final PoolChoices.Node NOBODY =
            new PoolChoices.Node(
                    "node",
                    URI.create("http://127.0.0.1:1/"),
                    PoolChoices.Node.cookie(Path.of("/nowhere/.cookie")),
                    null);
    private static final String MAINNET_ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";

    @TempDir private Path directory;
    private PoolFiles files;

    @BeforeEach
    void writeConfiguration() throws Exception {
        files = PoolFiles.in(directory);
        files.write(PoolChoices.regtest(PoolChoices.Database.nowhere(), NOBODY));
    }

    @Test
    void refusesAnUnknownKey() throws Exception {
        Files.writeString(
                files.config(), "\n[shares]\nstale-grace-milis = 5\n", StandardOpenOption.APPEND);

        assertRefused("pool.toml:", "stale-grace-milis", "stale-grace-millis");
    }

    @Test
    void refusesAPayoutAddressOfAnotherNetwork() throws Exception {
        var text = Files.readString(files.config());
        Files.writeString(files.config(), text.replace(PoolChoices.POOL_ADDRESS, MAINNET_ADDRESS));

        assertRefused(
                "pool.toml:3: payout-address in [pool]",
                "belongs to mainnet",
                "this pool mines regtest");
    }

    @Test
    void refusesAPortInUseByMiners() throws Exception {
        try (var _ = listening(files.stratumPort())) {
            assertRefused("127.0.0.1:" + files.stratumPort(), "the port is in use");
        }
    }

    @Test
    void refusesAPortInUseByTheStatusPage() throws Exception {
        try (var _ = listening(files.webPort())) {
            assertRefused("127.0.0.1:" + files.webPort(), "the port is in use");
        }
    }

    @Test
    void refusesACertificateThatIsNotThereAlsoWhereItOnlyReads() throws Exception {
        Files.writeString(
                files.config(),
                """

                [[listener]]
                name = "tls"
                port = 1
                transport = "tls"

                [tls]
                certificate-file = "/nowhere/chain.pem"
                key-file = "/nowhere/key.pem"
                """,
                StandardOpenOption.APPEND);

        assertRefused("key-file", "/nowhere/key.pem");
        assertRefusedBy(
                PoolProcess.start(
                        directory,
                        List.of(),
                        List.of("check-config", "--config", files.config().toString())),
                "key-file",
                "/nowhere/key.pem");
    }

    @Test
    void refusesADataDirectoryThatAnotherPoolUses() throws Exception {
        var settings = new JournalSettings(0, 1 << 20, 0, 10, 10);
        try (var _ =
                ShareJournal.open(
                        settings, DirectoryStorage.at(files.journal()), InstantSource.system())) {
            assertRefused(files.journal().toString(), "in use by another process");
        }
    }

    @Test
    void refusesADataDirectoryItCannotWriteTo() throws Exception {
        Files.createDirectories(files.data());

        assertRefusedBy(
                PoolProcess.run(files, SmallDisk.readOnly(files.data())),
                files.data().toString(),
                "Read-only file system");
    }

    @Test
    void waitsForANodeThatIsNotThere() throws Exception {
        try (var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort())) {
            pool.awaitLine("No node has a valid template");

            assertThat(pool.lines(" WARN  node node "))
                    .as(pool.log())
                    .singleElement()
                    .asString()
                    .contains("/nowhere/.cookie");
            assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
        }
    }

    @Test
    void waitsForANodeOfItsOwnNetwork() throws Exception {
        try (var node = new FakeNode().movedTo(ChainParameters.mainnet())) {
            files.write(
                    PoolChoices.regtest(
                            PoolChoices.Database.nowhere(),
                            PoolChoices.Node.of(node.settings("other"), directory)));

            assertWaits(node, "node other is on 'main', the pool is on regtest");
        }
    }

    @Test
    void waitsForANodeThatIsStillDownloading() throws Exception {
        try (var node = new FakeNode().movedTo(ChainParameters.mainnet()).downloading()) {
            files.write(
                    PoolChoices.regtest(
                                    PoolChoices.Database.nowhere(),
                                    PoolChoices.Node.of(node.settings("young"), directory))
                            .onMainnet(MAINNET_ADDRESS));

            assertWaits(node, "node young is downloading the chain: block 100 of 100");
        }
    }

    /// Keeps running and says the reason once, however often it asks.
    private void assertWaits(FakeNode node, String reason) throws Exception {
        try (var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort())) {
            Await.until(
                    () -> looks(node) >= 3, () -> "the node is asked three times\n" + pool.log());

            assertThat(pool.lines(" WARN  " + reason)).as(pool.log()).hasSize(1);
            assertThat(pool.lines("No node has a valid template"))
                    .as(pool.log())
                    .singleElement()
                    .asString()
                    .contains(reason.substring("node ".length()));
            assertThat(pool.lines("\tat ")).as(pool.log()).isEmpty();
            assertThat(WebSide.status(files.webPort(), "/api/v1/health")).isEqualTo(503);
            assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
        }
    }

    private static long looks(FakeNode node) {
        return node.calls().stream().filter("getblockchaininfo"::equals).count();
    }

    private void assertRefused(String... words) throws Exception {
        assertRefusedBy(PoolProcess.run(files, List.of()), words);
    }

    private static void assertRefusedBy(PoolProcess starting, String... words) throws Exception {
        try (starting) {
            assertThat(starting.awaitEnd()).as(starting.log()).isEqualTo(1);
            assertThat(starting.lines("adit: "))
                    .as(starting.log())
                    .singleElement()
                    .asString()
                    .startsWith("adit: ")
                    .contains(words);
            assertThat(starting.lines("\tat ")).as(starting.log()).isEmpty();
            assertThat(starting.lines("Exception")).as(starting.log()).isEmpty();
        }
    }

    private static ServerSocket listening(int port) throws Exception {
        var socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }
}
