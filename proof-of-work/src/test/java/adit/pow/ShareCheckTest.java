package adit.pow;

import java.util.HexFormat;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ShareCheckTest {
    private static final int MASK = 0x1fffe000;

    private final ShareCheck check = new ShareCheck();

    @Test
    void rebuildsEveryKnownShare() {
        for (var vector : Vectors.suite("share_vectors")) {
            var expect = vector.required("expect");

            submit(vector, vector.required("submit_params"));

            assertThat(Vectors.hex(check.header()))
                    .as(Vectors.text(vector, "id"))
                    .isEqualTo(Vectors.text(expect, "header"));
            assertThat(Vectors.hex(check.headerHash()))
                    .isEqualTo(Vectors.text(expect, "hash_internal"));
            assertThat(BlockHeader.read(check.header(), 0).hash())
                    .hasToString(Vectors.text(expect, "hash_display"));
        }
    }

    @Test
    void completesTheCoinbaseAndTheTree() {
        for (var vector : Vectors.suite("share_vectors")) {
            var expect = vector.required("expect");
            var plan = Vectors.plan(vector);
            var coinbaseId = Hash.ofContent(Vectors.bytes(expect, "coinbase"));

            assertThat(coinbaseId).hasToString(Vectors.text(expect, "coinbase_txid_display"));
            assertThat(plan.branch().root(coinbaseId))
                    .hasToString(Vectors.text(expect, "merkle_root_display"));
        }
    }

    @Test
    void holdsEveryKnownShareAgainstItsTargets() {
        for (var vector : Vectors.suite("share_vectors")) {
            var expect = vector.required("expect");
            var network = Target.fromNBits(Vectors.number(vector.required("job"), "nbits"));

            submit(vector, vector.required("submit_params"));

            assertThat(network.displayHex()).isEqualTo(Vectors.text(expect, "network_target"));
            assertThat(check.meets(network))
                    .as(Vectors.text(vector, "id"))
                    .isEqualTo(expect.required("meets_network_target").asBoolean());
            assertThat(check.meets(Target.ANY)).isTrue();
            assertThat(check.meets(Target.NEVER)).isFalse();
            if (expect.has("meets_share_target")) {
                var share = Target.ofDifficultyUnits(vector.required("difficulty_units").asLong());
                assertThat(share.displayHex())
                        .isEqualTo(Vectors.text(expect, "share_target_units"));
                assertThat(check.meets(share))
                        .isEqualTo(expect.required("meets_share_target").asBoolean());
            }
        }
    }

    @Test
    void givesOneHeaderForEveryFormOfOneShare() {
        for (var row : Vectors.suite("equivalent_submits")) {
            for (var form : row.required("params_forms")) {
                submit(Vectors.share(Vectors.text(row, "share_vector")), form);

                assertThat(Vectors.hex(check.header())).isEqualTo(Vectors.text(row, "header"));
            }
        }
    }

    @Test
    void tellsProofFromNoProofInTheRejectionVectors() {
        var suite = Vectors.suite("reject_vectors");
        var vector = Vectors.share(Vectors.text(suite, "share_vector"));
        var target = Target.ofDifficultyUnits(vector.required("difficulty_units").asLong());
        int accepted = 0;
        int low = 0;
        for (var row : suite.required("cases")) {
            boolean accepts = Vectors.text(row, "result").equals("accept");
            int code = accepts ? 0 : row.required("code").asInt();
            if (!accepts && code != 22 && code != 23) {
                continue;
            }
            submit(vector, row.required("params"));

            // A duplicate proves its work again; that it was seen before is the channel's business.
            assertThat(check.meets(target)).isEqualTo(code != 23);
            accepted += code == 0 ? 1 : 0;
            low += code == 23 ? 1 : 0;
        }
        assertThat(accepted).isPositive();
        assertThat(low).isPositive();
    }

    @Test
    void isNotConfusedByTheShareBefore() {
        var first = Vectors.share("mainnet-481829");
        var second = Vectors.share("cpuminer-2");

        submit(first, first.required("submit_params"));
        submit(second, second.required("submit_params"));
        submit(first, first.required("submit_params"));

        assertThat(Vectors.hex(check.header()))
                .isEqualTo(Vectors.text(first.required("expect"), "header"));
    }

    @Test
    void isNotSpoiltByAnExtranonceThatIsTooShort() {
        var vector = Vectors.share("cpuminer-2");
        var plan = Vectors.plan(vector);

        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> check.hash(plan, new byte[plan.extranonceBytes()], 1, 0, 0, 0));
        submit(vector, vector.required("submit_params"));

        assertThat(Vectors.hex(check.header()))
                .isEqualTo(Vectors.text(vector.required("expect"), "header"));
    }

    // What the codec and the channel do around the check: parse, join both extranonces, apply the
    // mask.
    private void submit(JsonNode vector, JsonNode params) {
        var plan = Vectors.plan(vector);
        int mask =
                vector.required("version_mask").isNull()
                        ? MASK
                        : Vectors.number(vector, "version_mask");
        int jobVersion = Vectors.number(vector.required("job"), "version");
        int bits = params.size() > 5 ? parse(params.get(5)) : 0;
        var extranonce =
                HexFormat.of()
                        .parseHex(
                                "ee"
                                        + Vectors.text(vector, "extranonce1")
                                        + params.get(2).asString().toLowerCase(Locale.ROOT));
        assertThat(extranonce).hasSize(1 + plan.extranonceBytes());
        check.hash(
                plan,
                extranonce,
                1,
                (jobVersion & ~mask) | (bits & mask),
                parse(params.get(3)),
                parse(params.get(4)));
    }

    private static int parse(JsonNode digits) {
        return Integer.parseUnsignedInt(digits.asString(), 16);
    }
}
