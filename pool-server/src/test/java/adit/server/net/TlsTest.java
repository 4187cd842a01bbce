package adit.server.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.util.ReferenceCounted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.config.PoolConfig.Entry;
import adit.server.config.PoolConfig.Protocol;
import adit.server.config.PoolConfig.Transport;
import adit.server.job.SampleJobs;
import adit.server.metrics.EventLog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What TLS promises a miner, and what it must not let a stranger do.
final class TlsTest {

    private static final String PING = "{\"id\":9,\"method\":\"mining.ping\",\"params\":[]}";
    private static final String PONG = "{\"id\":9,\"result\":\"pong\",\"error\":null}";

    private PoolRig rig;
    private TestCertificates files;
    private Certificates certificates;
    private InetSocketAddress pool;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new PoolRig(directory.resolve("journal"));
        rig.publish(SampleJobs.job(0x6f1, SampleJobs.TIP_A, SampleJobs.HARD));
        files = new TestCertificates(directory);
        certificates =
                new Certificates(files.files(), new EventLog(), InstantSource.fixed(files.now));
        pool = rig.listen(new Entry(Transport.TLS, Protocol.AUTO, List.of()), certificates);
    }

    @AfterEach
    void close() {
        rig.close();
        certificates.close();
    }

    @Test
    void isTrustedUnderItsOwnNameAndUnderNoOther() throws IOException {
        try (var wire = new Wire(named("localhost"))) {
            wire.send(PING);
            assertThat(wire.line()).contains(PONG);
        }
        assertThatThrownBy(() -> named("pool.example").startHandshake())
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("pool.example");
    }

    @Test
    void doesNotNegotiateAgain() throws IOException {
        try (var socket = named("localhost")) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();
            var wire = new Wire(socket);
            wire.send(PING);
            assertThat(wire.line()).contains(PONG);

            var agreed = socket.getSession();
            try {
                socket.startHandshake();
                wire.send(PING);
                var _ = wire.line();
            } catch (IOException refused) {
                // Some clients take a refusal for the end.
            }
            assertThat(socket.getSession()).as("what was agreed first").isSameAs(agreed);
        }
    }

    @Test
    void givesBackWhatItHeldWhenItEndsAndLetsConnectionsKeepTheirs() {
        var handler = certificates.newHandler(UnpooledByteBufAllocator.DEFAULT);
        if (!(handler.engine() instanceof ReferenceCountedOpenSslEngine engine)) {
            throw new AssertionError("BoringSSL is not used here");
        }
        var replaced = context(certificates);
        files.write(TestCertificates.newKey("EC", 256), "two", files.now.plusSeconds(90 * 86_400));
        certificates.reload();
        var last = context(certificates);
        assertThat(last).isNotSameAs(replaced);

        certificates.close();

        assertThat(last.refCnt()).isZero();
        assertThat(replaced.refCnt()).as("held by the connection").isOne();
        engine.release();
        assertThat(replaced.refCnt()).isZero();
        certificates =
                new Certificates(files.files(), new EventLog(), InstantSource.fixed(files.now));
    }

    private static ReferenceCounted context(Certificates certificates) {
        return (ReferenceCountedOpenSslContext) certificates.context();
    }

    private SSLSocket named(String host) throws IOException {
        var socket =
                (SSLSocket)
                        files.client()
                                .getSocketFactory()
                                .createSocket(Wire.connected(pool), host, pool.getPort(), true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }
}
