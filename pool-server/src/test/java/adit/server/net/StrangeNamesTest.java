package adit.server.net;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.config.Limits;
import adit.server.job.SampleJobs;
import adit.server.source.CloseReason;

import static org.assertj.core.api.Assertions.assertThat;

/// Submissions under a name that is not logged in: on a connection with other names they are shares that are refused,
/// because of a proxy's many names one may be wrong; without any login they are errors.
final class StrangeNamesTest {

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private static final String SUBSCRIBE =
            "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}";
    private static final String AUTHORIZE =
            "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\""
                    + ADDRESS
                    + ".rig1\",\"x\"]}";
    private static final String UNAUTHORIZED =
            "{\"id\":5,\"result\":null,\"error\":[24,\"Unauthorized worker\",null]}";
    private static final String ACCEPTED = "{\"id\":5,\"result\":true,\"error\":null}";
    private static final int SUBMISSIONS = 40;
    private static final int SECOND = 1000;

    private PoolRig rig;
    private Wire wire;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new PoolRig(directory, true);
        rig.publish(SampleJobs.job(0x6f1, SampleJobs.TIP_A, SampleJobs.HARD));
        wire = new Wire(rig.listen(PoolRig.ANY));
        wire.send(SUBSCRIBE);
        assertThat(reply()).startsWith("{\"id\":1,");
    }

    @AfterEach
    void close() {
        wire.close();
        rig.close();
    }

    @Test
    void areForgivenWithGoodSharesBetweenThem() {
        logIn();
        for (int i = 0; i < SUBMISSIONS; i++) {
            assertThat(submit("strange", i)).isEqualTo(UNAUTHORIZED);
            if (i % 8 == 7) {
                assertThat(submit("rig1", i)).isEqualTo(ACCEPTED);
            }
        }
        rig.passMillis(300 * SECOND);

        assertThat(wire.linesBeforeProbe()).doesNotContain(Wire.CLOSED);
        assertThat(closed(CloseReason.PROTOCOL_ERRORS)).isZero();
        assertThat(rig.meters.counter("adit.submissions", "verdict", "unauthorized").count())
                .isEqualTo(SUBMISSIONS);
    }

    @Test
    void areRefusedSharesWithoutGoodOnes() {
        logIn();
        for (int i = 0; i < SUBMISSIONS; i++) {
            assertThat(submit("strange", i)).isEqualTo(UNAUTHORIZED);
        }
        // As many in half a minute are far too many for the rate that is wanted.
        rig.passMillis(30 * SECOND);
        assertThat(wire.linesBeforeProbe()).anyMatch(line -> line.contains("set_difficulty"));
        rig.passMillis(35 * SECOND);
        assertThat(wire.linesBeforeProbe())
                .anyMatch(line -> line.contains("mining.notify") && line.endsWith("true]}"));
        rig.passMillis(100 * SECOND);
        assertThat(wire.linesBeforeProbe()).doesNotContain(Wire.CLOSED);

        rig.passMillis(20 * SECOND);

        assertThat(wire.linesBeforeProbe()).contains(Wire.CLOSED);
        assertThat(closed(CloseReason.INVALID_SHARES)).isOne();
        assertThat(closed(CloseReason.PROTOCOL_ERRORS)).isZero();
    }

    @Test
    void areErrorsBeforeAnyLogin() {
        for (int i = 0; i <= Limits.PROTOCOL_ERRORS_PER_MINUTE; i++) {
            assertThat(submit("strange", i)).isEqualTo(UNAUTHORIZED);
        }

        assertThat(wire.line()).isEmpty();
        assertThat(closed(CloseReason.PROTOCOL_ERRORS)).isOne();
    }

    private void logIn() {
        wire.send(AUTHORIZE);
        assertThat(reply()).isEqualTo("{\"id\":2,\"result\":true,\"error\":null}");
    }

    private String submit(String worker, int nonce) {
        wire.send(
                "{\"id\":5,\"method\":\"mining.submit\",\"params\":[\"%s.%s\",\"000006f100\",\"0000000000000000\",\"68a5c000\",\"%08x\"]}"
                        .formatted(ADDRESS, worker, nonce));
        return reply();
    }

    private String reply() {
        var line = wire.line().orElseThrow();
        while (line.contains("\"method\":")) {
            line = wire.line().orElseThrow();
        }
        return line;
    }

    private double closed(CloseReason reason) {
        return rig.meters.counter("adit.connections.closed", "reason", reason.label()).count();
    }
}
