package adit.server.net;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.job.SampleJobs;
import adit.server.source.LoadLevel;

import static org.assertj.core.api.Assertions.assertThat;

/// The first level of load, as a miner meets it: half as many shares are wanted of it, and it is asked harder work.
final class EasedTest {

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";

    /// What the listener wants is fifteen a minute.
    private static final int BETWEEN_SHARES_MILLIS = 4000;

    private static final int MANY = 80;

    @TempDir private Path directory;

    @Test
    void wantsHalfTheSharesWhileThereIsTooMuchToDo() {
        assertThat(sharesUntilHarder(LoadLevel.NORMAL)).isEqualTo(MANY);
        assertThat(sharesUntilHarder(LoadLevel.EASED)).isBetween(40, 48);
    }

    /// How many shares a miner brings, who brings as many as are wanted, until he is asked for harder ones.
    private int sharesUntilHarder(LoadLevel level) {
        try (var rig = new PoolRig(directory.resolve(level.name()));
                var wire = new Wire(rig.listen(PoolRig.ANY))) {
            rig.publish(SampleJobs.job(0x6f1, SampleJobs.TIP_A, SampleJobs.HARD));
            wire.send(
                    "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}",
                    "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"%s.rig\",\"x\"]}"
                            .formatted(ADDRESS));
            wire.linesBeforeProbe();
            rig.onLoop(loop -> loop.load(level));
            for (int shares = 0; shares < MANY; shares++) {
                wire.send(
                        "{\"id\":5,\"method\":\"mining.submit\",\"params\":[\"%s.rig\",\"000006f100\",\"0000000000000000\",\"68a5c000\",\"%08x\"]}"
                                .formatted(ADDRESS, shares));
                rig.passMillis(BETWEEN_SHARES_MILLIS);
                if (wire.linesBeforeProbe().stream()
                        .anyMatch(line -> line.contains("set_difficulty"))) {
                    return shares + 1;
                }
            }
            return MANY;
        }
    }
}
