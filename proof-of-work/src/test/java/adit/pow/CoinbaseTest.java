package adit.pow;

import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class CoinbaseTest {
    private static final Hash COMMITMENT =
            Vectors.internal("e2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9");
    private static final byte[] TAG = Vectors.bytes("2f616469742f");
    private static final List<CoinbaseOutput> OUTPUTS =
            List.of(
                    new CoinbaseOutput(Vectors.bytes("0014" + "11".repeat(20)), 312_000_000),
                    new CoinbaseOutput(Vectors.bytes("6a"), 500_000));

    @Test
    void pushesHeightsAsConsensusComparesThem() {
        for (var row : Vectors.suite("bip34_height_push")) {
            assertThat(Vectors.hex(Coinbase.heightPush(row.required("height").asInt())))
                    .isEqualTo(Vectors.text(row, "push"));
        }
        assertThat(Coinbase.heightPush(0)).containsExactly(0);
        assertThat(Vectors.hex(Coinbase.heightPush(Integer.MAX_VALUE))).isEqualTo("04ffffff7f");
        assertThatIllegalArgumentException().isThrownBy(() -> Coinbase.heightPush(-1));
    }

    @Test
    void sharesAllButTheOutputsWithAnotherCoinbaseOfItsTemplate() {
        var coinbase = Coinbase.of(840_000, 7, 12, TAG, OUTPUTS, COMMITMENT);
        var others = List.of(new CoinbaseOutput(Vectors.bytes("5120" + "22".repeat(32)), 5));

        var other = coinbase.withOutputs(others);

        assertThat(other.prefix()).isSameAs(coinbase.prefix());
        assertThat(other.suffix())
                .isEqualTo(Coinbase.of(840_000, 7, 12, TAG, others, COMMITMENT).suffix());
        assertThat(other.totalSats()).isEqualTo(5);
        assertThat(other.withOutputs(OUTPUTS).suffix()).isEqualTo(coinbase.suffix());
    }

    @Test
    void knowsItsOwnSize() {
        var coinbase = Coinbase.of(840_000, 7, 12, TAG, OUTPUTS, COMMITMENT);

        assertThat(coinbase.strippedBytes()).isEqualTo(coinbase.stripped(new byte[12]).length);
        assertThat(coinbase.weight())
                .isEqualTo(
                        3 * coinbase.strippedBytes() + coinbase.withWitness(new byte[12]).length);
        int outputs = OUTPUTS.stream().mapToInt(o -> CoinbaseOutput.bytesOf(o.script())).sum();
        assertThat(coinbase.bytesWithoutOutputs()).isEqualTo(coinbase.strippedBytes() - outputs);
    }

    @Test
    void knowsWhichOutputsAreDust() {
        assertThat(CoinbaseOutput.dustSats(Vectors.bytes("76a914" + "00".repeat(20) + "88ac")))
                .isEqualTo(546);
        assertThat(CoinbaseOutput.dustSats(Vectors.bytes("a914" + "00".repeat(20) + "87")))
                .isEqualTo(540);
        assertThat(CoinbaseOutput.dustSats(Vectors.bytes("0014" + "00".repeat(20)))).isEqualTo(294);
        assertThat(CoinbaseOutput.dustSats(Vectors.bytes("0020" + "00".repeat(32)))).isEqualTo(330);
        assertThat(CoinbaseOutput.dustSats(Vectors.bytes("5120" + "00".repeat(32)))).isEqualTo(330);
    }

    @Test
    void countsSignatureChecksOutsideOfPushesOnly() {
        assertThat(CoinbaseOutput.sigopCost(Vectors.bytes("76a914" + "ac".repeat(20) + "88ac")))
                .isEqualTo(4);
        assertThat(CoinbaseOutput.sigopCost(Vectors.bytes("5120" + "ac".repeat(32)))).isZero();
        assertThat(CoinbaseOutput.sigopCost(Vectors.bytes("5121" + "ae".repeat(33) + "51ae")))
                .isEqualTo(80);
        assertThat(CoinbaseOutput.sigopCost(Vectors.bytes("adaf"))).isEqualTo(84);
    }

    @Test
    void laysOutEveryByte() {
        var coinbase = Coinbase.of(840_000, 0x0102030405060708L, 12, TAG, OUTPUTS, COMMITMENT);

        assertThat(Vectors.hex(coinbase.prefix()))
                .isEqualTo(
                        "02000000"
                                + "01"
                                + "00".repeat(32)
                                + "ffffffff"
                                + "21"
                                + "0340d10c"
                                + "080807060504030201"
                                + "0c");
        assertThat(Vectors.hex(coinbase.suffix()))
                .isEqualTo(
                        "06"
                                + "2f616469742f"
                                + "feffffff"
                                + "03"
                                + "00be981200000000"
                                + "160014"
                                + "11".repeat(20)
                                + "20a1070000000000"
                                + "016a"
                                + "0000000000000000"
                                + "266a24aa21a9ed"
                                + Vectors.hex(COMMITMENT.bytes())
                                + "3fd10c00");
        assertThat(coinbase.extranonceBytes()).isEqualTo(12);
        assertThat(coinbase.totalSats()).isEqualTo(312_500_000);
        assertThat(coinbase.height()).isEqualTo(840_000);
    }

    @Test
    void addsTheWitnessOnlyForTheBlock() {
        var coinbase = Coinbase.of(840_000, 9, 12, TAG, OUTPUTS, COMMITMENT);
        var extranonce = Samples.extranonce(12);

        var stripped = Vectors.hex(coinbase.stripped(extranonce));
        var full = Vectors.hex(coinbase.withWitness(extranonce));

        assertThat(stripped)
                .isEqualTo(
                        Vectors.hex(coinbase.prefix())
                                + Vectors.hex(extranonce)
                                + Vectors.hex(coinbase.suffix()));
        assertThat(full)
                .isEqualTo(
                        stripped.substring(0, 8)
                                + "0001"
                                + stripped.substring(8, stripped.length() - 8)
                                + "0120"
                                + "00".repeat(32)
                                + stripped.substring(stripped.length() - 8));
    }

    @Test
    void addsTheWitnessWhereARealBlockHasIt() {
        var vector = Vectors.share("mainnet-481829");
        var row = Vectors.suite("witness_commitment").get(0);
        var extranonce =
                Vectors.bytes(
                        Vectors.text(vector, "extranonce1")
                                + vector.required("submit_params").get(2).asString());

        var full =
                Coinbase.withWitness(
                        Vectors.bytes(vector.required("job"), "coinb1"),
                        extranonce,
                        Vectors.bytes(vector.required("job"), "coinb2"));

        assertThat(Vectors.text(row, "id")).isEqualTo("mainnet-481829");
        assertThat(Vectors.hex(full)).isEqualTo(Vectors.text(row, "coinbase_full"));
        assertThat(Hash.ofContent(full)).hasToString(Vectors.text(row, "coinbase_wtxid_display"));
        assertThat(Hash.ofContent(Vectors.bytes(row, "coinbase_stripped")))
                .hasToString(Vectors.text(row, "coinbase_txid_display"));
    }

    @Test
    void fillsTheScriptSigWithTheLongestTagAndExtranonce() {
        var tag = new byte[Coinbase.MAX_TAG_BYTES];
        var coinbase =
                Coinbase.of(8_388_608, -1, Coinbase.MAX_EXTRANONCE_BYTES, tag, OUTPUTS, COMMITMENT);

        assertThat(coinbase.prefix()[41]).isEqualTo((byte) Coinbase.MAX_SCRIPT_SIG_BYTES);
    }

    @Test
    void keepsToTheScriptSigBudget() {
        var budget = Vectors.suite("scriptsig_budget");
        int used = 0;
        for (var part : budget.required("examples")) {
            used += part.required("bytes").asInt();
        }
        int free = budget.required("examples").get(4).required("bytes").asInt();
        int uniquenessPush = 1 + Long.BYTES;

        assertThat(used).isEqualTo(budget.required("max").asInt());
        assertThat(Coinbase.MAX_SCRIPT_SIG_BYTES).isEqualTo(used);
        assertThat(Coinbase.MAX_TAG_BYTES).isEqualTo(52).isLessThanOrEqualTo(free - uniquenessPush);
    }

    @Test
    void leavesOutAnEmptyTag() {
        var coinbase = Coinbase.of(1, 0, 8, new byte[0], OUTPUTS, COMMITMENT);

        assertThat(Vectors.hex(coinbase.prefix()))
                .endsWith("13" + "51" + "08" + "00".repeat(8) + "08");
        assertThat(Vectors.hex(coinbase.suffix())).startsWith("feffffff03").endsWith("00000000");
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertRefused(840_000, 12, new byte[Coinbase.MAX_TAG_BYTES + 1]);
        assertRefused(840_000, 0, TAG);
        assertRefused(840_000, Coinbase.MAX_EXTRANONCE_BYTES + 1, TAG);
        assertRefused(0, 12, TAG);
        assertRefused(-1, 12, TAG);
    }

    @Test
    void refusesImpossibleOutputs() {
        var all = new CoinbaseOutput(new byte[1], 21_000_000L * 100_000_000L);

        assertThatIllegalArgumentException().isThrownBy(() -> new CoinbaseOutput(new byte[1], -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CoinbaseOutput(new byte[1], all.sats() + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new CoinbaseOutput(new byte[0], 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CoinbaseOutput(new byte[10_001], 1));
        assertThatIllegalStateException()
                .isThrownBy(() -> Coinbase.of(1, 0, 8, TAG, List.of(all, all), COMMITMENT));
    }

    @Test
    void refusesAnExtranonceOfAnotherLength() {
        var coinbase = Coinbase.of(1, 0, 8, TAG, OUTPUTS, COMMITMENT);

        assertThatIllegalStateException().isThrownBy(() -> coinbase.stripped(new byte[7]));
        assertThatIllegalStateException().isThrownBy(() -> coinbase.withWitness(new byte[9]));
    }

    @Test
    void countsManyOutputs() {
        var outputs = Collections.nCopies(252, new CoinbaseOutput(new byte[] {0x51}, 1));

        var coinbase = Coinbase.of(1, 0, 8, new byte[0], outputs, COMMITMENT);

        assertThat(Vectors.hex(coinbase.suffix()))
                .startsWith("feffffff" + "fdfd00" + "0100000000000000");
        assertThat(coinbase.totalSats()).isEqualTo(252);
    }

    private static void assertRefused(int height, int extranonceBytes, byte[] tag) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Coinbase.of(height, 0, extranonceBytes, tag, OUTPUTS, COMMITMENT));
    }
}
