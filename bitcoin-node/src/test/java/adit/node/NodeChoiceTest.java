package adit.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import adit.pow.Hash;
import adit.pow.Template;

import static org.assertj.core.api.Assertions.assertThat;

final class NodeChoiceTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final int BITS = 0x1d00ffff;
    private static final NodeView DOWN =
            NodeView.UNKNOWN.failed(NodeHealth.UNREACHABLE, "refuses connections");

    private final NodeChoice choice =
            new NodeChoice(ChainParameters.mainnet(), Duration.ofSeconds(30), 2, ChainFloor.NONE);

    @Test
    void prefersTheFirst() {
        assertThat(choose(0, at(500), at(500))).isEqualTo(0);
    }

    @Test
    void leavesANodeThatFailedAtOnce() {
        choose(0, at(500), at(500));

        assertThat(choose(0, DOWN, at(500))).isEqualTo(1);
    }

    @Test
    void leavesANodeThatFallsBehind() {
        choose(0, at(500), at(500));

        assertThat(choose(1, at(500), at(501))).isEqualTo(1);
    }

    @Test
    void comesBackToThePreferredNodeOnceItHasBeenWellForAWhile() {
        choose(0, DOWN, at(500));

        assertThat(choose(1, at(500), at(500))).isEqualTo(1);
        assertThat(choose(30, at(500), at(500))).isEqualTo(1);
        assertThat(choose(31, at(500), at(500))).isEqualTo(0);
    }

    @Test
    void doesNotComeBackToANodeThatIsBehind() {
        choose(0, DOWN, at(501));

        assertThat(choose(1, at(500), at(501))).isEqualTo(1);
        assertThat(choose(1000, at(500), at(501))).isEqualTo(1);
    }

    @Test
    void startsTheWaitAnewWhenThePreferredNodeFailsAgain() {
        choose(0, DOWN, at(500));
        choose(1, at(500), at(500));
        choose(20, DOWN, at(500));
        choose(21, at(500), at(500));

        assertThat(choose(40, at(500), at(500))).isEqualTo(1);
        assertThat(choose(51, at(500), at(500))).isEqualTo(0);
    }

    @Test
    void staysOnItsTipWhileNodesDisagree() {
        choose(0, DOWN, at(500));

        assertThat(choose(1, on(Hash.ofContent(new byte[] {7}), 500, BITS), at(500))).isEqualTo(1);
        assertThat(choose(100, on(Hash.ofContent(new byte[] {7}), 500, BITS), at(500)))
                .isEqualTo(1);
    }

    @Test
    void avoidsANodeForAWhileWhereThereIsAnother() {
        choose(0, at(500), at(500));
        choice.avoid(0, START.plusSeconds(600));

        assertThat(choose(1, at(500), at(500))).isEqualTo(1);
        assertThat(choose(2, at(500), DOWN)).isEqualTo(0);
        assertThat(choose(3, at(500), at(500))).isEqualTo(1);
        assertThat(choose(601, at(500), at(500))).isEqualTo(0);
    }

    @Test
    void hasNoneWhenNoneIsReady() {
        assertThat(choose(0, DOWN, DOWN)).isEqualTo(NodeChoice.NONE);
    }

    @Test
    void refusesAChainFarBelowTheOneItMined() {
        choose(0, at(500), DOWN);

        assertThat(choose(1, at(400), DOWN)).isEqualTo(0);
        assertThat(choose(2, at(399), DOWN)).isEqualTo(NodeChoice.NONE);
        assertThat(choice.reason(at(399))).contains("far below the 500");
    }

    @Test
    void refusesADifficultyBelowHalfOfWhatItMinedAt() {
        choose(0, on(Hash.ZERO, 500, 0x1c00ffff), DOWN);

        assertThat(choose(1, on(Hash.ZERO, 500, 0x1c01ffff), DOWN)).isEqualTo(NodeChoice.NONE);
        assertThat(choice.reason(on(Hash.ZERO, 500, 0x1c01ffff)))
                .contains("far less than the difficulty");
        assertThat(choose(2, on(Hash.ZERO, 501, 0x1c01fffe), DOWN)).isEqualTo(0);
    }

    @Test
    void goesOnFromTheFloorOfAnEarlierRun() {
        choose(0, at(500), DOWN);
        var restarted = new NodeChoice(ChainParameters.mainnet(), Duration.ZERO, 1, choice.floor());

        assertThat(restarted.choose(List.of(at(399)), START)).isEqualTo(NodeChoice.NONE);
        assertThat(restarted.choose(List.of(on(Hash.ZERO, 501, 0x1d01ffff)), START))
                .isEqualTo(NodeChoice.NONE);
        assertThat(restarted.choose(List.of(at(501)), START)).isEqualTo(0);
        assertThat(restarted.floor()).isEqualTo(new ChainFloor(502, BITS));
    }

    @Test
    void letsAnIsolatedChainDoAsItLikes() {
        var regtest =
                new NodeChoice(
                        ChainParameters.regtest(), Duration.ZERO, 1, new ChainFloor(500, BITS));
        assertThat(regtest.choose(List.of(at(3)), START)).isEqualTo(0);
    }

    private int choose(long seconds, NodeView... views) {
        return choice.choose(Arrays.asList(views), START.plusSeconds(seconds));
    }

    private static NodeView at(int height) {
        return on(Hash.ofContent(new byte[] {(byte) height, (byte) (height >> 8)}), height, BITS);
    }

    private static NodeView on(Hash tip, int height, int nBits) {
        var template =
                new Template(height, 4, tip, height + 1, nBits, 1, 2, 50, 50, List.of(), "one");
        return NodeView.UNKNOWN.well(new NodeTemplate(template, ""), Hash.ZERO);
    }
}
