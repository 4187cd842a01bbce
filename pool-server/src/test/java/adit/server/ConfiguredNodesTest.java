package adit.server;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import adit.node.NodeTimings;
import adit.server.config.PoolConfig;

import static org.assertj.core.api.Assertions.assertThat;

final class ConfiguredNodesTest {

    @Test
    void givesTheNodesWhatTheOperatorSetAndLeavesTheRest() {
        var timings = ConfiguredNodes.timings(new PoolConfig.Jobs(17, 0, 60, 45));

        var standard = NodeTimings.standard();
        assertThat(timings.staleTip()).isEqualTo(Duration.ofMinutes(45));
        assertThat(timings.refreshInterval()).isEqualTo(Duration.ofSeconds(17));
        assertThat(List.of(timings.callDeadline(), timings.submitDeadline(), timings.comeBack()))
                .isEqualTo(
                        List.of(
                                standard.callDeadline(),
                                standard.submitDeadline(),
                                standard.comeBack()));
    }
}
