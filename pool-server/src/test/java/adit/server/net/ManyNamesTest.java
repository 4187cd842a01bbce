package adit.server.net;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.pow.Difficulty;
import adit.server.channel.ChannelSettings;
import adit.server.job.SampleJobs;

import static org.assertj.core.api.Assertions.assertThat;

/// A hundred thousand workers log in, and the metrics grow by nothing.
@Tag("slow")
@Timeout(120)
final class ManyNamesTest {

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private static final int NAMES = 100_000;
    private static final int AT_ONCE = 500;
    private static final int MOST_SERIES = 2_000;

    /// Nearly every hash is a share.
    private static final ChannelSettings EVERY_HASH =
            new ChannelSettings(1, 1, Difficulty.MAX_UNITS, true, 15, false, 0);

    @TempDir private Path directory;

    @Test
    void areNoSeriesOfTheMetrics() {
        try (var rig = new PoolRig(directory)) {
            rig.publish(SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.HARD));
            var pool = rig.listen(EVERY_HASH);
            int before = 0;
            for (int first = 0; first < NAMES; first += PoolRig.MOST_WORKERS) {
                try (var wire = new Wire(pool)) {
                    wire.send(
                            "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"agent/%d\"]}"
                                    .formatted(first));
                    for (int i = 0; i < PoolRig.MOST_WORKERS; i += AT_ONCE) {
                        logIn(wire, first + i);
                    }
                    submit(wire, first);
                }
                if (first == 0) {
                    before = series(rig).size();
                }
            }

            assertThat(series(rig)).hasSize(before).hasSizeLessThanOrEqualTo(MOST_SERIES);
            assertThat(rig.meters.scrape())
                    .contains("adit_submissions_total{verdict=\"accepted\"}")
                    .doesNotContain(ADDRESS)
                    .doesNotContain("agent/");
        }
    }

    private static void logIn(Wire wire, int first) {
        var requests = new ArrayList<String>();
        for (int i = first; i < first + AT_ONCE; i++) {
            requests.add(
                    "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"%s.w%d\",\"x\"]}"
                            .formatted(ADDRESS, i));
        }
        wire.send(requests.toArray(new String[0]));
        for (int granted = 0; granted < AT_ONCE; ) {
            var line = wire.line().orElseThrow();
            if (line.startsWith("{\"id\":2,")) {
                assertThat(line).isEqualTo("{\"id\":2,\"result\":true,\"error\":null}");
                granted++;
            }
        }
    }

    /// Some shares of many workers.
    private static void submit(Wire wire, int first) {
        for (int i = 0; i < 100; i++) {
            wire.send(
                    "{\"id\":3,\"method\":\"mining.submit\",\"params\":[\"%s.w%d\",\"0000000100\",\"%016x\",\"68a5c000\",\"00000000\"]}"
                            .formatted(ADDRESS, first + i, first + i));
        }
        for (int answered = 0; answered < 100; ) {
            if (wire.line().orElseThrow().startsWith("{\"id\":3,")) {
                answered++;
            }
        }
    }

    private static List<String> series(PoolRig rig) {
        return rig.meters.scrape().lines().filter(line -> !line.startsWith("#")).toList();
    }
}
