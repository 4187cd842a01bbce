package adit.server.net;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.config.Cidr;
import adit.server.config.Limits;
import adit.server.config.PoolConfig.Entry;
import adit.server.config.PoolConfig.Protocol;
import adit.server.config.PoolConfig.Transport;
import adit.server.job.SampleJobs;
import adit.server.source.Penalty;

import static org.assertj.core.api.Assertions.assertThat;

/// Limits and penalties of those for whom a proxy of ours speaks: each is a source of its own, over real sockets.
final class ProxiedSourcesTest {

    private static final String PING = "{\"id\":9,\"method\":\"mining.ping\",\"params\":[]}";
    private static final String PONG = "{\"id\":9,\"result\":\"pong\",\"error\":null}";
    private static final String WRONG = "{\"id\":3,\"method\":\"mining.nope\",\"params\":[]}";
    private static final String OFFENDER = "203.0.113.7";
    private static final String NEIGHBOUR = "203.0.113.8";

    private PoolRig rig;
    private InetSocketAddress pool;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new PoolRig(directory, true);
        rig.publish(SampleJobs.job(0x6f1, SampleJobs.TIP_A, SampleJobs.HARD));
        var ourselves = List.of(Cidr.parse("127.0.0.0/8").orElseThrow());
        pool = rig.listen(new Entry(Transport.PLAIN, Protocol.AUTO, ourselves), null);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void keepsOutTheOffenderAndNobodyElseWhoComesThroughTheSameProxy() {
        try (var offender = comingFrom(OFFENDER)) {
            for (int i = 0; i <= Limits.PROTOCOL_ERRORS_PER_MINUTE; i++) {
                offender.send(WRONG);
            }
            assertThat(offender.rest()).contains("\"error\"");
        }

        assertThat(rig.sources.penalties(InstantSource.system()).stream().map(Penalty::source))
                .containsExactly(OFFENDER);
        try (var again = comingFrom(OFFENDER);
                var neighbour = comingFrom(NEIGHBOUR);
                var proxyItself = new Wire(pool)) {
            again.send(PING);
            assertThat(again.line()).isEqualTo(Optional.empty());
            neighbour.send(PING);
            assertThat(neighbour.line()).contains(PONG);
            proxyItself.send("PROXY UNKNOWN\r", PING);
            assertThat(proxyItself.line()).contains(PONG);
        }
        rig.liftPenalties();
        try (var lifted = comingFrom(OFFENDER)) {
            lifted.send(PING);
            assertThat(lifted.line()).contains(PONG);
        }
    }

    @Test
    void limitsTheConnectionsOfOneClientAndNotThoseOfTheProxy() {
        var wires = new ArrayList<Wire>();
        try {
            for (int i = 0; i < Limits.CONNECTIONS_WITHOUT_WORK; i++) {
                var wire = comingFrom(OFFENDER);
                wires.add(wire);
                wire.send(PING);
                assertThat(wire.line()).contains(PONG);
            }
            var oneMore = comingFrom(OFFENDER);
            wires.add(oneMore);
            assertThat(oneMore.line()).isEqualTo(Optional.empty());
            var neighbour = comingFrom(NEIGHBOUR);
            wires.add(neighbour);
            neighbour.send(PING);
            assertThat(neighbour.line()).contains(PONG);
        } finally {
            wires.forEach(Wire::close);
        }
    }

    private Wire comingFrom(String client) {
        var wire = new Wire(pool);
        wire.send("PROXY TCP4 %s 198.51.100.9 56324 3333\r".formatted(client));
        return wire;
    }
}
