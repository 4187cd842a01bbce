package adit.server.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.config.PoolConfig;
import adit.server.config.PoolConfig.Entry;
import adit.server.config.PoolConfig.Protocol;
import adit.server.config.PoolConfig.Transport;
import adit.server.job.SampleJobs;
import adit.server.metrics.EventLog;
import adit.server.metrics.LoggedLines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Certificates ordered from a real ACME server, and what the pool does while there is none to be had.
///
/// The server is Pebble; where it cannot be had what needs no answer is tested alone, and in CI that fails.
final class AcmeTest {

    private static final String PING = "{\"id\":9,\"method\":\"mining.ping\",\"params\":[]}";
    private static final String PONG = "{\"id\":9,\"result\":\"pong\",\"error\":null}";

    @TempDir private Path directory;

    private final LoggedLines told = new LoggedLines();
    private Path kept;
    private PoolRig rig;
    private Pebble authority;

    @BeforeEach
    void open() throws IOException {
        kept = directory.resolve("data/acme");
        rig = new PoolRig(directory.resolve("journal"));
        rig.publish(SampleJobs.job(0x6f1, SampleJobs.TIP_A, SampleJobs.HARD));
        var pebble = Files.createDirectory(directory.resolve("pebble"));
        authority = new Pebble(pebble, new TestCertificates(pebble));
    }

    @AfterEach
    void close() {
        told.close();
        authority.close();
        rig.close();
    }

    @Test
    void servesPlainMinersWhileTheAuthorityIsAway() throws Exception {
        try (var certificates = certificates()) {
            var auto = rig.listen(entry(Transport.AUTO), certificates);
            var tls = rig.listen(entry(Transport.TLS), certificates);

            assertThat(renewal(certificates).look()).isEqualTo(Duration.ofMinutes(1));
            assertThat(renewal(certificates).look()).isEqualTo(Duration.ofMinutes(2));
            for (int i = 0; i < 12; i++) {
                assertThat(renewal(certificates).look()).isLessThanOrEqualTo(Duration.ofHours(6));
            }
            assertThat(renewal(certificates).look()).isEqualTo(Duration.ofHours(6));

            assertThat(
                            told.count(
                                    "No TLS certificate from localhost, the next attempt comes in 1 min"))
                    .isEqualTo(1);
            assertThat(certificates.isReady()).isFalse();
            assertSpeaks(new Wire(auto));
            try (var wire = new Wire(auto)) {
                wire.send(new byte[] {0x16, 3, 1, 0, 1}, 0, 5);
                assertThat(wire.rest()).isEmpty();
            }
            assertRefused(tls);
        }
    }

    @Test
    void opensTlsOnceTheAuthorityIsBackAndKeepsWhatItGave() throws Exception {
        var program = program();
        if (program == null) {
            return;
        }
        try (var certificates = certificates()) {
            var tls = rig.listen(entry(Transport.TLS), certificates);
            assertRefused(tls);
            assertThat(renewal(certificates).look()).isEqualTo(Duration.ofMinutes(1));

            authority.start(program);
            assertThat(renewal(certificates).look()).isEqualTo(Duration.ofHours(6));
            rig.reopen();

            assertSpeaks(new Wire(shaken(tls, authority.client())));
            assertThat(certificates.secondsLeft()).isBetween(89 * 86_400L, 90 * 86_400L);
            // Nothing is open where the authority asked.
            assertRefused(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), authority.settings(kept).port()));
        }
        assertPermissions();
        var trusted = authority.client();
        authority.stop();
        try (var again = certificates()) {
            assertThat(renewal(again).look()).isEqualTo(Duration.ofHours(6));
            assertSpeaks(new Wire(shaken(rig.listen(entry(Transport.TLS), again), trusted)));
        }
        assertThat(told.count("No TLS certificate from")).isEqualTo(1);
    }

    @Test
    void renewsWhatIsInItsLastThirdWhileMinersMineOn() throws Exception {
        var program = program();
        if (program == null) {
            return;
        }
        authority.start(program);
        var earlier = Files.createDirectory(directory.resolve("earlier"));
        var old = new TestCertificates(earlier);
        keep(old);
        try (var certificates = certificates()) {
            var tls = rig.listen(entry(Transport.TLS), certificates);
            try (var miner = new Wire(shaken(tls, old.client()))) {
                miner.send(PING);
                assertThat(miner.line()).contains(PONG);

                assertThat(renewal(certificates).look()).isEqualTo(Duration.ofHours(6));

                assertSpeaks(new Wire(shaken(tls, authority.client())));
                miner.send(PING);
                assertThat(miner.line()).contains(PONG);
            }
        }
    }

    @Test
    void ordersAnewWhereTheNamesHaveChanged() throws Exception {
        var program = program();
        if (program == null) {
            return;
        }
        authority.start(program);
        try (var certificates = certificates()) {
            renewal(certificates).look();
        }
        var settings = authority.settings(kept);
        var more =
                new PoolConfig.Acme(
                        settings.directoryUrl(),
                        null,
                        List.of("localhost", "nobody.invalid"),
                        settings.address(),
                        settings.port(),
                        kept);
        try (var certificates =
                new Certificates(
                        more, authority.provider(), new EventLog(), InstantSource.system())) {
            assertThat(renewal(certificates).look()).isEqualTo(Duration.ofMinutes(1));
            // A name that is not ours is told, and the certificate that is there stays.
            assertThat(told.count("it could not see that nobody.invalid is ours")).isEqualTo(1);
            assertThat(certificates.isReady()).isTrue();
        }
    }

    private static @Nullable Path program() {
        var found = Pebble.program();
        if (found.isEmpty()) {
            System.out.println("no Pebble here: what an ACME server answers is not tested");
            assertThat(System.getenv("CI")).as("in CI Pebble must run").isNotEqualTo("true");
        }
        return found.orElse(null);
    }

    private Certificates certificates() {
        return new Certificates(
                authority.settings(kept),
                authority.provider(),
                new EventLog(),
                InstantSource.system());
    }

    private static Renewal renewal(Certificates certificates) {
        return Objects.requireNonNull(certificates.renewal());
    }

    /// Puts another certificate, of which little is left, where the authority's is kept.
    private void keep(TestCertificates other) throws IOException {
        var file = certificateFile();
        Files.createDirectories(file.getParent());
        Files.writeString(
                file, Files.readString(other.keyFile) + Files.readString(other.certificateFile));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private void assertPermissions() throws IOException {
        for (var file :
                List.of(certificateFile(), certificateFile().resolveSibling("account-key.pem"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    private Path certificateFile() {
        return new Authority(authority.settings(kept), authority.provider(), InstantSource.system())
                .certificateFile();
    }

    private static void assertSpeaks(Wire wire) {
        try (wire) {
            wire.send(PING);
            assertThat(wire.line()).contains(PONG);
        }
    }

    private static void assertRefused(InetSocketAddress address) {
        assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()).close())
                .isInstanceOf(ConnectException.class);
    }

    private static SSLSocket shaken(InetSocketAddress pool, SSLContext trust) throws IOException {
        var socket =
                (SSLSocket)
                        trust.getSocketFactory()
                                .createSocket(
                                        Wire.connected(pool), "localhost", pool.getPort(), true);
        socket.startHandshake();
        return socket;
    }

    private static Entry entry(Transport transport) {
        return new Entry(transport, Protocol.AUTO, List.of());
    }
}
