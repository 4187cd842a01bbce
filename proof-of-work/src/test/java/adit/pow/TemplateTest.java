package adit.pow;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TemplateTest {
    private static final String COMMITMENT_SCRIPT_START = "6a24aa21a9ed";

    @Test
    void matchesWhatAnotherPoolMadeOfTheSameTemplate() {
        for (var row : Vectors.suite("gbt_to_notify")) {
            var template = fromRpc(row);
            var notify = row.required("notify_params");
            var commitment =
                    COMMITMENT_SCRIPT_START + Vectors.hex(template.witnessCommitment().bytes());

            assertThat(template.branch().siblings())
                    .as(Vectors.text(row, "id"))
                    .isEqualTo(Vectors.internals(notify.get(4)))
                    .isEqualTo(Vectors.internals(row.required("computed_branch_in_gbt_order")));
            assertThat(commitment)
                    .isEqualTo(Vectors.text(row, "witness_commitment_computed"))
                    .isEqualTo(Vectors.text(row.required("gbt"), "default_witness_commitment"));
            assertThat(notify.get(3).asString()).contains(commitment);
        }
    }

    @Test
    void commitsToTheWitnessRoot() {
        for (var row : Vectors.suite("witness_commitment")) {
            var root = Vectors.internal(Vectors.text(row, "witness_root_internal"));
            var commitment = Vectors.hex(TemplateBody.commitmentTo(root).bytes());

            assertThat(commitment).isEqualTo(Vectors.text(row, "commitment"));
            assertThat(COMMITMENT_SCRIPT_START + commitment)
                    .isEqualTo(Vectors.text(row, "scriptPubKey"));
        }
    }

    @Test
    void commitsToZerosWithoutTransactions() {
        var row = Vectors.suite("witness_commitment").get(1);

        assertThat(Vectors.text(row, "id")).isEqualTo("coinbase-only-block");
        assertThat(Samples.template(0).witnessCommitment())
                .isEqualTo(Vectors.internal(Vectors.text(row, "commitment")));
    }

    @Test
    void knowsWhenItIsEmpty() {
        assertThat(Samples.template(0).isEmpty()).isTrue();
        assertThat(Samples.template(0).branch().levels()).isZero();
        assertThat(Samples.template(1).isEmpty()).isFalse();
    }

    @Test
    void keepsItsTransactionsInOrder() {
        var transactions = new ArrayList<>(Samples.transactions(3));
        var body = TemplateBody.of(transactions);

        transactions.clear();

        assertThat(body.transactions()).hasSize(3);
        assertThat(body.feesSats()).isEqualTo(3 * Samples.FEE_SATS);
    }

    @Test
    void changesItsCommitmentWithTheOrder() {
        var transactions = Samples.transactions(3);

        assertThat(TemplateBody.of(transactions.reversed()).witnessCommitment())
                .isNotEqualTo(TemplateBody.of(transactions).witnessCommitment());
    }

    @Test
    void refusesToPayMoreThanSubsidyAndFees() {
        assertThat(withValue(Samples.SUBSIDY_SATS).coinbaseValueSats())
                .isEqualTo(Samples.SUBSIDY_SATS);
        assertThatIllegalArgumentException().isThrownBy(() -> withValue(Samples.SUBSIDY_SATS + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> withValue(-1));
    }

    private static Template withValue(long coinbaseValueSats) {
        return new Template(
                1,
                0x20000000,
                Hash.ZERO,
                1,
                Samples.NBITS,
                0,
                0,
                Samples.SUBSIDY_SATS,
                coinbaseValueSats,
                List.of(),
                "sample");
    }

    private static Template fromRpc(JsonNode row) {
        var gbt = row.required("gbt");
        var txids = Vectors.displays(gbt.required("txids"));
        var wtxids = Vectors.displays(gbt.required("wtxids"));
        var transactions = new ArrayList<TemplateTransaction>();
        for (int i = 0; i < txids.size(); i++) {
            transactions.add(
                    new TemplateTransaction(new byte[60], txids.get(i), wtxids.get(i), 0, 240, 0));
        }
        long value = gbt.required("coinbasevalue").asLong();
        return new Template(
                1,
                gbt.required("version").asInt(),
                Hash.fromDisplayHex(Vectors.text(gbt, "previousblockhash")),
                row.required("height").asInt(),
                Vectors.number(gbt, "bits"),
                gbt.required("curtime").asInt(),
                gbt.required("curtime").asInt(),
                value,
                value,
                transactions,
                "regtest");
    }
}
