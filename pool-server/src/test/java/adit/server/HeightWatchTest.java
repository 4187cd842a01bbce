package adit.server;

import java.util.List;

import ch.qos.logback.classic.Level;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import adit.node.NodeHealth;
import adit.node.NodeStatus;
import adit.server.metrics.EventLog;
import adit.server.metrics.LoggedLines;
import adit.server.metrics.PoolMetrics;

import static org.assertj.core.api.Assertions.assertThat;

final class HeightWatchTest {

    private final LoggedLines logged = new LoggedLines(Level.INFO);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private List<NodeStatus> nodes = List.of(node("watched-one", 100), node("watched-two", 100));
    private int mined = 101;
    private final HeightWatch watch =
            new HeightWatch(() -> nodes, () -> mined, new EventLog(), new PoolMetrics(meters));

    @AfterEach
    void listenNoMore() {
        logged.close();
    }

    @Test
    void saysNothingOfABlockThatIsOnItsWay() {
        look(20);
        nodes = List.of(node("watched-one", 100), node("watched-two", 101));
        look(1);
        mined = 102;
        look(5);
        nodes = List.of(node("watched-one", 101), node("watched-two", 101));
        look(20);

        assertThat(lines()).isEmpty();
    }

    @Test
    void tellsOnceThatMinersWorkOnAnOldBlock() {
        nodes = List.of(node("watched-one", 100), node("watched-two", 103));
        look(8);

        assertThat(lines())
                .containsExactly(
                        "Miners work at height 101 although node watched-two has block 103: report this as a defect");
        assertThat(meters.get("adit.job.behind.blocks").gauge().value()).isEqualTo(3);
    }

    @Test
    void tellsOnceThatANodeStaysBehindAndOnceThatItCaughtUp() {
        nodes = List.of(node("watched-one", 98), node("watched-two", 100));
        look(40);
        nodes = List.of(node("watched-one", 100), node("watched-two", 100));
        look(40);

        assertThat(lines())
                .containsExactly(
                        "Node watched-one stays behind: at height 98 while another is at 100",
                        "Node watched-one has caught up at height 100");
    }

    @Test
    void leavesNodesThatAreNotWellToTheirHealth() {
        nodes =
                List.of(
                        new NodeStatus("watched-one", NodeHealth.SYNCING, "downloads", 7, false),
                        node("watched-two", 100));
        look(40);

        assertThat(lines()).isEmpty();
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            watch.look();
        }
    }

    /// What was said of these nodes; other tests run beside this one.
    private List<String> lines() {
        return logged.all().stream().filter(line -> line.contains("watched-")).toList();
    }

    private static NodeStatus node(String name, int height) {
        return new NodeStatus(name, NodeHealth.READY, "", height, false);
    }
}
