package adit.server.net;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import adit.pow.Difficulty;
import adit.server.account.Vectors;
import adit.server.channel.ChannelSettings;
import adit.server.job.SampleJobs;

import static org.assertj.core.api.Assertions.assertThat;

/// The forms of submission in the vectors, on a job of our own.
///
/// The vectors' coinbases are other pools', so their nonces prove nothing here; what is kept of each case is
/// how it differs from the good submission it begins with. That our header arithmetic gives the vectors' own
/// hashes is shown in `ShareVectorsTest`.
final class SubmitVectorsTest {

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private static final String JOB = "0000a0b400";
    private static final int NTIME = 0x6623a0b4;

    private PoolRig rig;
    private Wire wire;
    private final SimulatedMiner miner = new SimulatedMiner();

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new PoolRig(directory);
        rig.publish(SampleJobs.job(0xa0b4, SampleJobs.TIP_A, SampleJobs.HARD, NTIME));
        wire =
                new Wire(
                        rig.listen(
                                new ChannelSettings(
                                        1 << 14, 1, Difficulty.MAX_UNITS, false, 15, true, 0)));
        wire.send(
                "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}",
                "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"%s.rig\",\"x\"]}"
                        .formatted(ADDRESS));
        wire.linesBeforeProbe().forEach(miner::hear);
    }

    @AfterEach
    void close() {
        wire.close();
        rig.close();
    }

    @Test
    void answersEveryRejectVectorWithItsCode() {
        var cases = Vectors.sv1("reject_vectors").get("cases");
        var base = texts(cases.get(0).get("params"));
        var good = ours(base, base, "0");
        var nonce = "%08x".formatted(miner.search(line(good), true));
        var weak = "%08x".formatted(miner.search(line(good), false));
        int judged = 0;
        for (var vector : cases) {
            var params = ours(base, texts(vector.get("params")), nonce);
            if (params.size() > 4 && params.get(4).equals("00000001")) {
                params.set(4, weak);
            }
            wire.send(line(params));
            var reply = Vectors.parse(wire.line().orElseThrow());
            if (vector.get("result").asString().equals("accept")) {
                assertThat(reply.get("result").asBoolean()).isTrue();
            } else {
                assertThat(reply.get("error").get(0).asInt())
                        .as(vector.get("why").asString())
                        .isEqualTo(vector.get("code").asInt());
            }
            judged++;
        }
        assertThat(judged).isEqualTo(15);
    }

    @Test
    void takesEquivalentFormsOfAShareForOneShare() {
        int groups = 0;
        for (var vector : Vectors.sv1("equivalent_submits")) {
            var forms = vector.get("params_forms");
            var base = texts(forms.get(0));
            var good = ours(base, base, "0");
            var nonce = "%08x".formatted(miner.search(line(good), true));
            for (int i = 0; i < forms.size(); i++) {
                var params = ours(base, texts(forms.get(i)), nonce);
                wire.send(line(params));
                var reply = Vectors.parse(wire.line().orElseThrow());
                if (i == 0) {
                    assertThat(reply.get("result").asBoolean()).isTrue();
                } else {
                    assertThat(reply.get("error").get(0).asInt()).as("%s", params).isEqualTo(22);
                }
            }
            groups++;
        }
        assertThat(groups).isEqualTo(3);
    }

    /// The vector's parameters with our name, job, time and nonce wherever they are the base's, in whatever
    /// case, padding or length.
    private static List<String> ours(List<String> base, List<String> params, String nonce) {
        var ours = new ArrayList<String>(params);
        if (params.isEmpty()) {
            return ours;
        }
        replace(ours, 0, base.get(0), ADDRESS + ".rig");
        replace(ours, 1, base.get(1), JOB);
        if (Integer.parseUnsignedInt(base.get(3), 16) != NTIME) {
            boolean upper = params.get(3).equals(params.get(3).toUpperCase(Locale.ROOT));
            var ntime = "%08x".formatted(NTIME);
            ours.set(3, upper ? ntime.toUpperCase(Locale.ROOT) : ntime);
        }
        if (params.size() > 4) {
            var text = params.get(4);
            int cut = base.get(4).length() - text.length();
            if (text.equals(base.get(4))) {
                ours.set(4, nonce);
            } else if (text.equalsIgnoreCase(base.get(4))) {
                ours.set(4, nonce.toUpperCase(Locale.ROOT));
            } else if (cut > 0 && base.get(4).endsWith(text)) {
                ours.set(4, nonce.substring(cut));
            } else if (cut < 0 && text.endsWith(base.get(4))) {
                ours.set(4, text.substring(0, -cut) + nonce);
            }
        }
        return ours;
    }

    private static void replace(List<String> params, int at, String theirs, String ours) {
        if (params.get(at).equals(theirs)) {
            params.set(at, ours);
        }
    }

    private static String line(List<String> params) {
        var quoted = params.stream().map(param -> "\"" + param + "\"").toList();
        return "{\"id\":4,\"method\":\"mining.submit\",\"params\":[%s]}"
                .formatted(String.join(",", quoted));
    }

    private static List<String> texts(JsonNode params) {
        var texts = new ArrayList<String>();
        params.forEach(param -> texts.add(param.asString()));
        return texts;
    }
}
