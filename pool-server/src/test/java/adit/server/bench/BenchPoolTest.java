package adit.server.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.miner.swarm.Swarm;
import adit.miner.swarm.SwarmSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class BenchPoolTest {

    /// Where Linux begins to choose for outgoing connections, which is lower than elsewhere.
    private static final int FIRST_OUTGOING = 32_768;

    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir private Path directory;

    @Test
    void hasPortsThatNoOutgoingConnectionIsGiven() {
        var place = BenchPlace.in(directory);

        assertThat(List.of(place.stratumPort(), place.varyingPort(), place.webPort()))
                .doesNotHaveDuplicates()
                .allMatch(port -> port < FIRST_OUTGOING);
    }

    /// The port of its web side is a miner's own end, which it finds out when miners have been let in.
    @Test
    void tellsAtOnceWhyItHasEnded() throws Exception {
        var free = BenchPlace.in(directory);
        try (var node = NodeDouble.start(InstantSource.system());
                var miner = new Socket()) {
            miner.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int taken = miner.getLocalPort();
            var place = new BenchPlace(directory, free.stratumPort(), free.varyingPort(), taken);
            try (var pool = start(place, node)) {
                assertThatThrownBy(pool::awaitOpen)
                        .isInstanceOf(BenchFailed.class)
                        .hasMessageContaining("has ended with status 1")
                        .hasMessageContaining("127.0.0.1:%d: the port is in use", taken);
                try (var swarm = swarm(pool)) {
                    assertThatThrownBy(() -> swarm.connect(1, LONGEST))
                            .isInstanceOf(BenchFailed.class)
                            .hasMessageContaining("has ended with status 1");
                }
            }
        }
    }

    private static BenchPool start(BenchPlace place, NodeDouble node) throws Exception {
        return new BenchPool(
                place,
                node,
                BenchPool.Kind.ANY_HASH_IS_A_SHARE,
                null,
                Cores.asTheyAre(),
                List.of(),
                System::nanoTime);
    }

    private static Swarm swarm(BenchPool pool) {
        var settings = new SwarmSettings(pool.address(), BenchPool.user(), "x", 1);
        return Swarm.of(settings, System::nanoTime).watching(pool::checkAlive);
    }
}
