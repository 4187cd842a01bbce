package adit.server.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import adit.server.config.Cidr;
import adit.server.config.PoolConfig.Entry;
import adit.server.config.PoolConfig.Protocol;
import adit.server.config.PoolConfig.Transport;
import adit.server.job.SampleJobs;
import adit.server.metrics.EventLog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// No buffer is forgotten, wherever a connection ends.
///
/// Netty's detector says so in the log, once the garbage collector has found what nobody released.
final class LeakTest {

    private static final int CONNECTIONS = 300;
    private static final int MOST_COLLECTIONS = 50;
    private static final int COLLECTIONS = 5;
    private static final String PROXY_HEADER = "PROXY TCP4 192.0.2.7 198.51.100.9 56324 3333\r\n";
    private static final List<Cidr> ANYBODY = List.of(Cidr.parse("127.0.0.0/8").orElseThrow());
    private static final List<String> STARTS =
            List.of(
                    "GET / HTTP/1.1\r\nHost: pool.example\r\n\r\n",
                    "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n",
                    "\u0016\u0003\u0001\u0000/\u0001\u0000\u0000+\u0003\u0001",
                    "\u0000\u0001\u0002",
                    "SSH-2.0-nobody\r\n");

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger detector =
            (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class.getName());
    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();

    @BeforeEach
    void watch() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        detector.setAdditive(false);
        tellEarlierLeaks();
        logged.start();
        detector.addAppender(logged);
    }

    @AfterEach
    void stopWatching() {
        ResourceLeakDetector.setLevel(level);
        detector.setAdditive(true);
        detector.detachAppender(logged);
    }

    @Test
    void releasesEveryBufferWhereverAConnectionEnds(@TempDir Path directory) {
        long seed = 9;
        var random = new Random(seed);
        try (var rig = new PoolRig(directory)) {
            var pool = rig.listen(PoolRig.ANY);
            for (int i = 0; i < CONNECTIONS; i++) {
                if (i % 50 == 0) {
                    rig.publish(SampleJobs.job(i + 1, SampleJobs.TIP_A, SampleJobs.HARD));
                    rig.storage.stall();
                }
                try (var wire = new Wire(pool)) {
                    var talk = conversation("%08x00".formatted(i - i % 50 + 1), i);
                    wire.send(talk, 0, random.nextInt(talk.length + 1));
                    if (random.nextBoolean()) {
                        rig.onLoop(_ -> {});
                    }
                }
                if (i % 50 == 25) {
                    rig.storage.goOn();
                }
            }
            rig.storage.goOn();
            rig.awaitConnections(0);
        }

        collect(false);

        assertThat(leaks()).as("seed %d", seed).isEmpty();
    }

    /// Whoever comes, through a proxy or not, by TLS or not, and leaves in the middle of anything.
    @Test
    void releasesEveryBufferOfThoseWhoNeverGetPastTheDoor(@TempDir Path directory)
            throws IOException {
        long seed = 11;
        var random = new Random(seed);
        var files = new TestCertificates(directory);
        try (var certificates =
                        new Certificates(
                                files.files(), new EventLog(), InstantSource.fixed(files.now));
                var rig = new PoolRig(directory.resolve("journal"))) {
            rig.publish(SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.HARD));
            var trusted = files.client().getSocketFactory();
            for (var proxies : List.of(List.<Cidr>of(), ANYBODY)) {
                for (var transport : Transport.values()) {
                    var pool =
                            rig.listen(new Entry(transport, Protocol.AUTO, proxies), certificates);
                    for (int i = 0; i < CONNECTIONS / 10; i++) {
                        var head = proxies.isEmpty() ? "" : PROXY_HEADER;
                        for (var start : STARTS) {
                            var text = (head + start).getBytes(ISO_8859_1);
                            try (var wire = new Wire(pool)) {
                                wire.send(text, 0, random.nextInt(text.length + 1));
                                if (random.nextBoolean()) {
                                    rig.onLoop(_ -> {});
                                }
                            }
                        }
                        talkInsideTls(trusted, pool, head, random);
                        if (i % 10 == 9) {
                            rig.passMillis(31_000);
                        }
                    }
                }
            }
            rig.awaitConnections(0);
        }

        collect(false);

        assertThat(leaks()).as("seed %d", seed).isEmpty();
    }

    /// What ends a handshake or a session in the middle, on either side, is as good as an end.
    private static void talkInsideTls(
            SSLSocketFactory trusted, InetSocketAddress pool, String head, Random random)
            throws IOException {
        var socket = Wire.connected(pool);
        socket.getOutputStream().write(head.getBytes(ISO_8859_1));
        try (var tls =
                (SSLSocket) trusted.createSocket(socket, "localhost", pool.getPort(), true)) {
            tls.startHandshake();
            var talk = conversation("00000100", random.nextInt());
            tls.getOutputStream().write(talk, 0, random.nextInt(talk.length + 1));
            if (random.nextBoolean()) {
                // Without the closing word of TLS.
                socket.close();
            }
        } catch (IOException refused) {
            socket.close();
        }
    }

    @Test
    void wouldTellOfAForgottenBuffer() {
        forgetABuffer();

        collect(true);

        assertThat(leaks()).isNotEmpty();
    }

    private static void forgetABuffer() {
        PooledByteBufAllocator.DEFAULT.directBuffer(64).writeByte(1);
    }

    /// What earlier tests left is told before anybody listens.
    static void tellEarlierLeaks() {
        for (int i = 0; i < COLLECTIONS; i++) {
            collect();
        }
    }

    /// Until a leak is told, or often enough to be sure of none.
    private void collect(boolean untilTold) {
        int most = untilTold ? MOST_COLLECTIONS : COLLECTIONS;
        for (int i = 0; i < most && leaks().isEmpty(); i++) {
            collect();
        }
    }

    private static void collect() {
        System.gc();
        // The detector looks for what was collected when the next buffer is made.
        for (int i = 0; i < 200; i++) {
            PooledByteBufAllocator.DEFAULT.directBuffer(64).release();
        }
    }

    private List<String> leaks() {
        synchronized (logged) {
            return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        }
    }

    private static byte[] conversation(String job, int nonce) {
        var user = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4.rig";
        return """
        {"id":0,"method":"mining.configure","params":[["version-rolling"],{}]}
        {"id":1,"method":"mining.subscribe","params":[]}
        {"id":2,"method":"mining.authorize","params":["%1$s","d=0.0000001"]}
        {"id":3,"method":"mining.submit","params":["%1$s","%2$s","0000000000000000","68a5c000","%3$08x"]}
        {"id":4,"method":"mining.submit","params":["%1$s","%2$s","0000000000000001","68a5c000","%3$08x"]}
        {"id":5,"method":"mining.ping","params":[]}
        {"id":6,"method":"mining.suggest_difficulty","params":[%3$d]}
        {"id":7,"method":"mining.subscribe","params":[]}
        {"id":8,"method":"mining.term","params":[]}
        not json
        """
                .formatted(user, job, nonce + 1)
                .getBytes(UTF_8);
    }
}
