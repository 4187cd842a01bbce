package adit.server.net;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.account.Vectors;
import adit.server.job.SampleJobs;

import static org.assertj.core.api.Assertions.assertThat;

/// The largest job there can be still fits the smallest miner.
final class NotifySizeTest {

    /// More than a block holds of the smallest transactions there are.
    private static final int TRANSACTIONS = 20_000;

    private static final int TINY_COINBASE_BYTES = 255;

    /// The sample pays to a script of 22 bytes; the longest have 34.
    private static final int TAPROOT_EXCESS_BYTES = 12;

    private static final int EXTRANONCE_BYTES = 4 + 8;

    @Test
    void keepsTheLargestJobWithinWhatTheSmallestFirmwareReads(@TempDir Path directory) {
        try (var rig = new PoolRig(directory);
                var wire = new Wire(rig.listen(PoolRig.ANY))) {
            rig.publish(SampleJobs.largest(0xffff_ffffL, TRANSACTIONS));
            wire.send("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"NerdMinerV2\"]}");

            var lines = wire.linesBeforeProbe();

            assertThat(lines).hasSize(3).allSatisfy(FirmwareReads::line);
            var params = Vectors.parse(lines.getLast()).get("params");
            assertThat(params.get(4)).hasSize(15);
            int coinbaseBytes =
                    (params.get(2).asString().length() + params.get(3).asString().length()) / 2
                            + EXTRANONCE_BYTES;
            assertThat(coinbaseBytes + TAPROOT_EXCESS_BYTES)
                    .isLessThanOrEqualTo(TINY_COINBASE_BYTES);
        }
    }
}
