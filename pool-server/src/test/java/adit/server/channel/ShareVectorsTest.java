package adit.server.channel;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import adit.pow.Hash;
import adit.pow.HeaderPlan;
import adit.pow.MerkleBranch;
import adit.pow.ShareCheck;
import adit.pow.Target;
import adit.server.account.Vectors;
import adit.stratum.MalformedMessage;
import adit.stratum.v1.Submit;
import adit.stratum.v1.V1Decoder;
import adit.stratum.v1.V1Hex;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// Real and made shares of other pools, from the text a miner sent to the header and its hash.
///
/// Their coinbases are not ones we would build, so they are checked through the header plan that a job of
/// ours has too, with the decoder and the share check of the real path.
final class ShareVectorsTest {

    private static final HexFormat HEX = HexFormat.of();

    @Test
    void givesTheHeaderAndHashOfEveryShare() throws MalformedMessage {
        int checked = 0;
        for (var vector : Vectors.sv1("share_vectors")) {
            var check = hash(vector, vector.get("submit_params"));
            var expected = vector.get("expect");
            var id = vector.get("id").asString();

            assertThat(HEX.formatHex(check.header()))
                    .as(id)
                    .isEqualTo(expected.get("header").asString());
            assertThat(Hash.of(check.headerHash()).displayHex())
                    .as(id)
                    .isEqualTo(expected.get("hash_display").asString());
            assertThat(check.meets(Target.fromNBits(number(vector.get("job").get("nbits")))))
                    .as(id)
                    .isEqualTo(expected.get("meets_network_target").asBoolean());
            if (expected.has("share_target")) {
                var target = new BigInteger(expected.get("share_target").asString(), 16);
                assertThat(check.meets(Target.of(target)))
                        .as(id)
                        .isEqualTo(expected.get("meets_share_target").asBoolean());
            }
            checked++;
        }
        assertThat(checked).isEqualTo(21);
    }

    @Test
    void givesOneHeaderForEveryFormOfAShare() throws MalformedMessage {
        for (var equivalent : Vectors.sv1("equivalent_submits")) {
            for (var form : equivalent.get("params_forms")) {
                var check = hash(share(equivalent.get("share_vector").asString()), form);

                assertThat(HEX.formatHex(check.header()))
                        .as("%s", form)
                        .isEqualTo(equivalent.get("header").asString());
            }
        }
    }

    private static ShareCheck hash(JsonNode vector, JsonNode params) throws MalformedMessage {
        var line = "{\"id\":1,\"method\":\"mining.submit\",\"params\":%s}".formatted(params);
        var bytes = line.getBytes(UTF_8);
        var submit = (Submit) new V1Decoder().decode(bytes, 0, bytes.length);
        var job = vector.get("job");
        var prefix = HEX.parseHex(vector.get("extranonce1").asString());
        var extranonce = new byte[prefix.length + submit.extranonceLength()];
        System.arraycopy(prefix, 0, extranonce, 0, prefix.length);
        System.arraycopy(
                submit.extranonce(), 0, extranonce, prefix.length, submit.extranonceLength());
        int mask = vector.get("version_mask").isNull() ? 0 : number(vector.get("version_mask"));
        int version = number(job.get("version")) & ~mask;
        version |= submit.versionBits() & mask;
        var check = new ShareCheck();
        check.hash(
                plan(job, extranonce.length),
                extranonce,
                0,
                version,
                submit.ntime(),
                submit.nonce());
        return check;
    }

    private static HeaderPlan plan(JsonNode job, int extranonceBytes) {
        var siblings = new ArrayList<Hash>();
        job.get("merkle_branch")
                .forEach(hash -> siblings.add(Hash.of(HEX.parseHex(hash.asString()))));
        var previous = V1Hex.swapWords(HEX.parseHex(job.get("prevhash").asString()));
        return new HeaderPlan(
                Hash.of(previous),
                HEX.parseHex(job.get("coinb1").asString()),
                extranonceBytes,
                HEX.parseHex(job.get("coinb2").asString()),
                MerkleBranch.ofSiblings(siblings),
                number(job.get("nbits")));
    }

    private static JsonNode share(String id) {
        for (var vector : Vectors.sv1("share_vectors")) {
            if (vector.get("id").asString().equals(id)) {
                return vector;
            }
        }
        throw new AssertionError("no share vector " + id);
    }

    private static int number(JsonNode hex) {
        return Integer.parseUnsignedInt(hex.asString(), 16);
    }
}
