package adit.server.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.NetUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import adit.server.account.Vectors;
import adit.server.config.Cidr;
import adit.server.config.Limits;
import adit.server.config.PoolConfig.Entry;
import adit.server.config.PoolConfig.Protocol;
import adit.server.config.PoolConfig.Transport;
import adit.server.job.SampleJobs;
import adit.server.metrics.EventLog;
import adit.server.source.CloseReason;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Every kind of caller at every kind of port.
final class DoorTest {

    private static final String SUBSCRIBE =
            "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}";
    private static final String PING = "{\"id\":9,\"method\":\"mining.ping\",\"params\":[]}";
    private static final String PONG = "{\"id\":9,\"result\":\"pong\",\"error\":null}";
    private static final List<Cidr> OURSELVES = List.of(Cidr.parse("127.0.0.0/8").orElseThrow());
    private static final String V2_FOR_IPV6 =
            "0d0a0d0a000d0a515549540a2121002420010db800000000000000000000000120010db8000000000000000000000002dc040d05";

    private static final String TLS_1_0_HELLO =
            "160301002f0100002b0301" + "00".repeat(32) + "000002c01301000000";

    @TempDir private Path directory;

    private PoolRig rig;
    private TestCertificates files;
    private Certificates certificates;

    /// How a caller's bytes reach the pool.
    enum Delivery {
        WHOLE,
        BYTE_BY_BYTE
    }

    @BeforeEach
    void open() {
        rig = new PoolRig(directory.resolve("journal"));
        rig.publish(SampleJobs.job(0x6f1, SampleJobs.TIP_A, SampleJobs.HARD));
        files = new TestCertificates(directory);
        certificates =
                new Certificates(files.files(), new EventLog(), InstantSource.fixed(files.now));
    }

    /// Who has hung up is gone before the loop ends: what an ending loop closes, Netty's leak detector tells of.
    @AfterEach
    void close() {
        rig.awaitConnections(0);
        rig.close();
        certificates.close();
    }

    @ParameterizedTest
    @CsvSource({"PLAIN, true", "AUTO, true", "TLS, false"})
    void letsPlainMinersInWhereTheyMayBe(Transport transport, boolean welcome) {
        for (var delivery : Delivery.values()) {
            for (var blanks : List.of("", "\n", "\r\n\r\n", " \t")) {
                try (var wire = new Wire(listen(transport))) {
                    deliver(wire, delivery, blanks + PING + "\n");
                    assertThat(wire.line().isPresent()).as(delivery + blanks).isEqualTo(welcome);
                }
            }
        }
        assertThat(rig.clients).hasSize(welcome ? 8 : 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "AUTO"})
    void letsMinersInThatSpeakTls(Transport transport) throws IOException {
        var pool = listen(transport);
        for (var version : List.of("TLSv1.2", "TLSv1.3")) {
            try (var socket = secured(pool)) {
                socket.setEnabledProtocols(new String[] {version});
                socket.startHandshake();
                assertThat(socket.getSession().getProtocol()).isEqualTo(version);
                assertThat(socket.getSession().getPeerCertificates()).hasSize(2);
                try (var wire = new Wire(socket)) {
                    wire.send(PING);
                    assertThat(wire.line()).contains(PONG);
                }
            }
        }
        assertThat(rig.clients).hasSize(2);
    }

    @Test
    void keepsASuiteThatOldFirmwareKnows() throws IOException {
        files.write(
                TestCertificates.newKey("RSA", 2048), "rsa", files.now.plusSeconds(90 * 86_400));
        assertThat(certificates.reload().line()).contains("valid until");
        try (var socket = secured(listen(Transport.TLS))) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"});
            socket.startHandshake();
        }
    }

    @Test
    void looksAgainInsideTls() throws IOException {
        var pool = listen(Transport.AUTO);
        try (var wire = new Wire(shaken(pool))) {
            wire.send("GET / HTTP/1.1", "Host: pool.example", "", "");
            assertThat(wire.rest())
                    .contains("X-Stratum: stratum+ssl://pool.example:" + pool.getPort());
        }
        try (var wire = new Wire(shaken(pool))) {
            wire.send("SSH-2.0");
            assertThat(wire.rest()).isEmpty();
        }
        assertThat(closed(CloseReason.MALFORMED)).isEqualTo(1);
        assertThat(rig.clients).isEmpty();
    }

    @Test
    void saysWhatIsSpokenAndUntilWhenTheCertificateIsGood() {
        var until = "certificate valid until " + files.now.plusSeconds(90 * 86_400);

        assertThat(entrance(Transport.PLAIN).tls()).isEmpty();
        assertThat(entrance(Transport.TLS).tls()).isEqualTo("TLS, " + until);
        assertThat(entrance(Transport.AUTO).tls()).isEqualTo("plain and TLS, " + until);
    }

    private Entrance<Integer> entrance(Transport transport) {
        return new Entrance<>(
                "test",
                "pool",
                new Entry(transport, Protocol.V1, List.of()),
                certificates,
                (_, _) -> new ChannelInboundHandlerAdapter());
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void answersHttpWithAPage(Transport transport) {
        var pool = listen(transport);
        var scheme = transport == Transport.TLS ? "stratum+ssl" : "stratum+tcp";
        var url = "%s://127.0.0.1:%d".formatted(scheme, pool.getPort());
        for (var method : List.of("GET", "PUT")) {
            try (var wire = new Wire(pool)) {
                deliver(wire, Delivery.BYTE_BY_BYTE, method + " / HTTP/1.1\r\n\r\n");
                assertThat(wire.rest())
                        .startsWith("HTTP/1.1 200 OK\r\nContent-Type: text/html")
                        .contains("Test &lt;pool&gt;")
                        .contains("X-Stratum: %s\r\n".formatted(url));
            }
        }
        assertThat(closed(CloseReason.HTTP)).isEqualTo(2);
    }

    /// A status that is no success would hide the header from cgminer and cpuminer.
    @Test
    void tellsAMinerThatAsksForWorkOverHttpWhereToGo() {
        var pool = listen(Transport.PLAIN);
        var url = "stratum+tcp://127.0.0.1:" + pool.getPort();
        try (var wire = new Wire(pool)) {
            deliver(wire, Delivery.BYTE_BY_BYTE, "POST / HTTP/1.1\r\n\r\n");
            var answer = wire.rest();
            var body =
                    "{\"id\":0,\"result\":null,\"error\":{\"code\":-32601,\"message\":\"This port speaks Stratum and no getwork: point the miner at "
                            + url
                            + "\"}}\n";
            assertThat(answer)
                    .startsWith("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
                    .contains("X-Stratum: " + url + "\r\n")
                    .contains("Content-Length: " + body.length() + "\r\n")
                    .endsWith("\r\n\r\n" + body);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void closesOnGarbageAtOnce(Transport transport) {
        try (var wire = new Wire(listen(transport))) {
            wire.send(new byte[] {0, 1, 2, 3}, 0, 4);
            assertThat(wire.rest()).isEmpty();
        }
    }

    @Test
    void closesOnTlsAtOnceWhereItIsNotSpoken() {
        try (var wire = new Wire(listen(Transport.PLAIN))) {
            wire.send(new byte[] {0x16}, 0, 1);
            assertThat(wire.rest()).isEmpty();
        }
    }

    @Test
    void givesAHandshakeTenSeconds() {
        var pool = listen(Transport.TLS);
        try (var wire = new Wire(pool)) {
            long received = rig.receivedBytes();
            wire.send(new byte[] {0x16, 3, 1, 0}, 0, 4);
            rig.awaitReceived(received + 4);
            rig.passMillis(10_000);
            assertThat(rig.connectionCount()).isEqualTo(1);

            rig.passMillis(1);

            assertThat(wire.rest()).isEmpty();
        }
    }

    @Test
    void letsHandshakesBeyondTheLimitWaitForTheirTurn() {
        var pool = listen(Transport.TLS);
        var hello = HexFormat.of().parseHex(TLS_1_0_HELLO);
        var halfway = new ArrayList<Wire>();
        try (var last = new Wire(pool)) {
            for (int i = 0; i < Limits.TLS_HANDSHAKES - 1; i++) {
                halfway.add(begunHandshake(pool));
            }
            try (var oneMore = new Wire(pool)) {
                oneMore.send(hello, 0, hello.length);
                assertThat(oneMore.rest()).as("an alert, at once").isNotEmpty();
            }
            // What it sent has been counted only when the loop is done with it.
            rig.onLoop(_ -> {});
            halfway.add(begunHandshake(pool));
            long received = rig.receivedBytes();
            last.send(hello, 0, hello.length);
            rig.awaitReceived(received + hello.length);
            assertThat(rig.connectionCount()).isEqualTo(Limits.TLS_HANDSHAKES + 1);

            halfway.removeFirst().close();

            assertThat(last.rest()).as("an alert, in its turn").isNotEmpty();
        } finally {
            halfway.forEach(Wire::close);
        }
    }

    @Test
    void countsTheDeadlineOfTheFirstMessageFromTheAccept() throws IOException {
        var pool = listen(Transport.TLS);
        try (var wire = new Wire(shaken(pool))) {
            rig.passMillis(30_000);
            assertThat(rig.connectionCount()).isEqualTo(1);

            rig.passMillis(1);

            assertThat(wire.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void takesAMinerForWhomAProxyOfOursNames(Delivery delivery) {
        var pool = rig.listen(entry(Transport.PLAIN, OURSELVES), null);
        for (var vector : Vectors.sv1("proxy_protocol")) {
            rig.clients.clear();
            try (var wire = new Wire(pool)) {
                var header = HexFormat.of().parseHex(vector.get("hex").asString());
                deliver(wire, delivery, new String(header, ISO_8859_1) + PING + "\n");
                assertThat(wire.line()).contains(PONG);
                assertThat(rig.callers()).contains(rig.clients.getFirst().getAddress());
            }
            var source = vector.get("src");
            var client = NetUtil.toSocketAddressString(rig.clients.getFirst());
            if (source.isNull()) {
                assertThat(client).startsWith("127.0.0.1:");
            } else {
                assertThat(client).isEqualTo(source.asString());
            }
        }
    }

    @Test
    void speaksTlsBehindAProxyHeader() throws IOException {
        var pool = rig.listen(entry(Transport.AUTO, OURSELVES), certificates);
        var plain = Wire.connected(pool);
        plain.getOutputStream().write(HexFormat.of().parseHex(V2_FOR_IPV6));
        try (var socket =
                        (SSLSocket)
                                files.client()
                                        .getSocketFactory()
                                        .createSocket(plain, "localhost", pool.getPort(), true);
                var wire = new Wire(socket)) {
            wire.send(PING);
            assertThat(wire.line()).contains(PONG);
        }
        assertThat(rig.clients.getFirst().getAddress().getHostAddress())
                .isEqualTo("2001:db8:0:0:0:0:0:1");
    }

    @Test
    void asksAProxyForItsHeader() {
        var pool = rig.listen(entry(Transport.PLAIN, OURSELVES), null);
        for (var start : List.of(PING + "\n", "GET / HTTP/1.1\r\n\r\n", "PROXY TCP9 a b 1 2\r\n")) {
            try (var wire = new Wire(pool)) {
                wire.send(start);
                assertThat(wire.rest()).isEmpty();
            }
        }
        assertThat(closed(CloseReason.PROXY_HEADER)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void believesNoHeaderFromAnywhereElse(Delivery delivery) {
        var elsewhere = List.of(Cidr.parse("10.0.0.0/8").orElseThrow());
        var pool = rig.listen(entry(Transport.AUTO, elsewhere), certificates);
        for (var header :
                List.of(
                        "PROXY TCP4 192.0.2.7 198.51.100.9 56324 3333\r\n",
                        new String(HexFormat.of().parseHex(V2_FOR_IPV6), ISO_8859_1))) {
            try (var wire = new Wire(pool)) {
                deliver(wire, delivery, header + PING + "\n");
                assertThat(wire.rest()).isEmpty();
            }
        }
        assertThat(rig.clients)
                .allSatisfy(client -> assertThat(client.getAddress().isLoopbackAddress()).isTrue());
    }

    @Test
    void endsASessionOfWhichAByteWasChangedOnTheWay() throws IOException {
        var pool = listen(Transport.TLS);
        try (var relay = new FlippingRelay(pool);
                var socket = shaken(relay.address());
                var wire = new Wire(socket)) {
            wire.send(SUBSCRIBE);
            assertThat(wire.line()).isPresent();
            relay.flipTheNextByte();

            wire.send(PING);

            assertThat(wire.rest()).doesNotContain("pong");
        }
        rig.awaitConnections(0);
    }

    @Test
    void readsANewCertificateWhileMinersMineOn() throws IOException {
        var pool = listen(Transport.TLS);
        try (var old = new Wire(shaken(pool))) {
            old.send(SUBSCRIBE);
            assertThat(old.line()).isPresent();
            files.write(
                    TestCertificates.newKey("EC", 256), "two", files.now.plusSeconds(90 * 86_400));

            certificates.look();

            try (var socket = shaken(pool)) {
                assertThat(socket.getSession().getPeerPrincipal().getName()).isEqualTo("CN=two");
            }
            assertThat(old.linesBeforeProbe()).doesNotContain(Wire.CLOSED);
        }
    }

    @Test
    void isRefusedByClientsThatTrustAnother() {
        var pool = listen(Transport.TLS);
        var other = new TestCertificates(directory);
        assertThatThrownBy(() -> secured(pool, other).startHandshake())
                .isInstanceOf(SSLHandshakeException.class);
        rig.awaitConnections(0);
    }

    @Test
    void speaksNothingOlderThanTls12() {
        // A hello of TLS 1.0, which the JDK itself no longer sends.
        var hello = HexFormat.of().parseHex(TLS_1_0_HELLO);
        try (var wire = new Wire(listen(Transport.TLS))) {
            wire.send(hello, 0, hello.length);
            // An alert, and no certificate.
            assertThat(wire.rest()).hasSizeLessThan(10);
        }
    }

    private Wire begunHandshake(InetSocketAddress pool) {
        var wire = new Wire(pool);
        long received = rig.receivedBytes();
        wire.send(new byte[] {0x16, 3, 1, 0}, 0, 4);
        rig.awaitReceived(received + 4);
        return wire;
    }

    private InetSocketAddress listen(Transport transport) {
        return rig.listen(entry(transport, List.of()), certificates);
    }

    private static Entry entry(Transport transport, List<Cidr> proxies) {
        return new Entry(transport, Protocol.AUTO, proxies);
    }

    private SSLSocket shaken(InetSocketAddress pool) throws IOException {
        var socket = secured(pool);
        socket.startHandshake();
        return socket;
    }

    private SSLSocket secured(InetSocketAddress pool) throws IOException {
        return secured(pool, files);
    }

    private static SSLSocket secured(InetSocketAddress pool, TestCertificates trusted)
            throws IOException {
        return (SSLSocket)
                trusted.client()
                        .getSocketFactory()
                        .createSocket(Wire.connected(pool), "localhost", pool.getPort(), true);
    }

    private static void deliver(Wire wire, Delivery delivery, String text) {
        var bytes = text.getBytes(ISO_8859_1);
        int step = delivery == Delivery.WHOLE ? bytes.length : 1;
        for (int i = 0; i < bytes.length; i += step) {
            if (!wire.send(bytes, i, step)) {
                return;
            }
        }
    }

    private double closed(CloseReason why) {
        return rig.meters
                .get("adit.connections.closed")
                .tag("reason", why.label())
                .counter()
                .count();
    }
}
