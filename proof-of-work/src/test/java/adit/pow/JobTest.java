package adit.pow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class JobTest {
    @Test
    void rollsVersionsAsBip310Says() {
        for (var row : Vectors.suite("version_rolling_arithmetic")) {
            var template = Samples.template(0, Vectors.number(row, "job_version"));
            int bits = Vectors.number(row, "version_bits");
            var job = new Job(1, template, Samples.coinbase(template), Vectors.number(row, "mask"));

            assertThat(HexFormat.of().toHexDigits(job.headerVersion(bits)))
                    .as(Vectors.text(row, "note"))
                    .isEqualTo(Vectors.text(row, "bip310"));
            assertThat(job.mayRoll(bits)).isEqualTo(row.required("valid").asBoolean());
        }
    }

    @Test
    void tellsBitsInTheMaskFromBitsOutside() {
        var vector = Vectors.suite("reject_vectors");
        var job = Samples.job(Samples.template(0));
        for (var row : vector.required("cases")) {
            var params = row.required("params");
            if (params.size() == 6) {
                boolean outside = row.has("why") && Vectors.text(row, "why").contains("outside");
                int bits = Integer.parseUnsignedInt(params.get(5).asString(), 16);
                assertThat(job.mayRoll(bits)).isNotEqualTo(outside);
            }
        }
    }

    @Test
    void sendsNoBitUnderTheMask() {
        var job = Samples.job(Samples.template(0, 0x30000000));

        assertThat(job.version()).isEqualTo(0x20000000);
        assertThat(job.headerVersion(0x4000)).isEqualTo(0x20004000);
    }

    @Test
    void carriesWhatJudgingNeeds() {
        var template = Samples.template(3);
        var job = Samples.job(template);

        assertThat(job.ntime()).isEqualTo(template.currentTime());
        assertThat(job.networkTarget()).isEqualTo(Target.fromNBits(template.nBits()));
        assertThat(job.rewardSats()).isEqualTo(template.coinbaseValueSats());
        assertThat(job.headerPlan().branch()).isSameAs(template.branch());
    }

    @Test
    void paysSomebodyItselfAndIsTheSameWorkOtherwise() {
        var template = Samples.template(3);
        var job = Samples.job(template);
        var outputs = Samples.outputs(template.coinbaseValueSats());

        var paying = job.paying(5, outputs.getFirst().sats(), outputs);

        assertThat(paying.number()).isEqualTo(job.number());
        assertThat(paying.reference()).isEqualTo(5L << 32 | job.number());
        assertThat(job.reference()).isEqualTo(job.number());
        assertThat(paying.shared()).isSameAs(job);
        assertThat(job.shared()).isSameAs(job);
        assertThat(paying.payee()).isEqualTo(5);
        assertThat(paying.payeeSats()).isEqualTo(outputs.getFirst().sats());
        assertThat(paying.headerPlan()).usingRecursiveComparison().isEqualTo(job.headerPlan());
        assertThat(paying.version()).isEqualTo(job.version());
        assertThat(paying.ntime()).isEqualTo(job.ntime());
        assertThat(paying.networkUnits()).isEqualTo(job.networkUnits());
    }

    @Test
    void refusesOutputsThatDropOrInventMoney() {
        var template = Samples.template(2);
        var job = Samples.job(template);
        for (long difference : new long[] {-1, 1}) {
            var outputs = Samples.outputs(template.coinbaseValueSats() + difference);

            assertThatIllegalStateException()
                    .isThrownBy(() -> job.paying(1, outputs.getFirst().sats(), outputs))
                    .withMessageContaining("exactly");
        }
        var outputs = Samples.outputs(template.coinbaseValueSats());
        assertThatIllegalStateException()
                .isThrownBy(() -> job.paying(1, 77, outputs))
                .withMessageContaining("an output for it");
    }

    @Test
    void refusesACoinbaseThatNodesLeaveNoRoomFor() {
        var template = Samples.template(0);
        var job = Samples.job(template);
        long sats = template.coinbaseValueSats() / 250;
        var scripts = List.of("0014" + "11".repeat(20), "76a914" + "11".repeat(20) + "88ac");
        // 8,000 units hold 54 outputs of one kind, and never a hundred and one signature checks.
        for (int outputs : new int[] {40, 80}) {
            for (var script : scripts) {
                var list = new ArrayList<CoinbaseOutput>();
                for (int i = 1; i < outputs; i++) {
                    list.add(new CoinbaseOutput(Vectors.bytes(script), sats));
                }
                long rest = template.coinbaseValueSats() - (outputs - 1) * sats;
                list.add(new CoinbaseOutput(Vectors.bytes(script), rest));
                if (outputs == 40) {
                    assertThat(job.paying(1, sats, list).rewardSats()).isEqualTo(job.rewardSats());
                } else {
                    assertThatIllegalStateException()
                            .isThrownBy(() -> job.paying(1, sats, list))
                            .withMessageContaining("weight");
                }
            }
        }
        var multisig = new ArrayList<CoinbaseOutput>();
        for (int i = 0; i < 6; i++) {
            multisig.add(
                    new CoinbaseOutput(
                            Vectors.bytes("51ae"), i == 0 ? template.coinbaseValueSats() : 0));
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> job.paying(1, 0, multisig))
                .withMessageContaining("signature checks");
    }

    @Test
    void refusesACoinbaseThatPaysAnythingButTheReward() {
        var template = Samples.template(2);
        for (long difference : new long[] {-1, 1}) {
            var coinbase =
                    coinbase(template, template.height(), difference, template.witnessCommitment());

            assertThatIllegalStateException()
                    .isThrownBy(() -> new Job(1, template, coinbase, Samples.MASK))
                    .withMessageContaining("exactly");
        }
    }

    @Test
    void refusesACoinbaseOfAnotherTemplate() {
        var template = Samples.template(2);
        var otherHeight =
                coinbase(template, template.height() + 1, 0, template.witnessCommitment());
        var otherBody = coinbase(template, template.height(), 0, Hash.ZERO);

        assertThatIllegalStateException()
                .isThrownBy(() -> new Job(1, template, otherHeight, Samples.MASK));
        assertThatIllegalStateException()
                .isThrownBy(() -> new Job(1, template, otherBody, Samples.MASK));
    }

    @Test
    void startsNoEarlierThanTheTemplateAllows() {
        // Times are unsigned: the later one here is negative as an int.
        var early = Samples.times(0x80000001, 0x7fffffff);
        var late = Samples.times(0x7fffffff, 0x80000001);

        assertThat(Samples.job(early).ntime()).isEqualTo(0x80000001);
        assertThat(Samples.job(late).ntime()).isEqualTo(0x80000001);
    }

    @Test
    void numbersJobsIn32Bits() {
        var template = Samples.template(0);
        var coinbase = Samples.coinbase(template);

        assertThat(new Job(0xffff_ffffL, template, coinbase, 0).number()).isEqualTo(0xffff_ffffL);
        assertThatIllegalStateException()
                .isThrownBy(() -> new Job(0x1_0000_0000L, template, coinbase, 0));
        assertThatIllegalStateException().isThrownBy(() -> new Job(-1, template, coinbase, 0));
    }

    @Test
    void refusesToRollTheTopBits() {
        var template = Samples.template(0);

        assertThatIllegalStateException()
                .isThrownBy(() -> new Job(1, template, Samples.coinbase(template), 0x3fffe000));
    }

    @Test
    void assemblesTheBlockThatTheShareProved() {
        var template = Samples.template(300);
        var job = Samples.job(template);
        var extranonce = Samples.extranonce(Samples.EXTRANONCE_BYTES);
        var check = new ShareCheck();

        check.hash(job, extranonce, 0, job.headerVersion(0x2000), 0x6623a0b5, 77);
        var block = job.block(extranonce, 0x2000, 0x6623a0b5, 77);

        assertThat(Arrays.copyOf(block, BlockHeader.BYTES)).isEqualTo(check.header());
        assertThat(BlockHeader.read(block, 0).hash()).isEqualTo(Hash.of(check.headerHash()));

        var coinbase = job.coinbase().withWitness(extranonce);
        int afterCount = BlockHeader.BYTES + 3;
        int afterCoinbase = afterCount + coinbase.length;
        assertThat(Vectors.hex(Arrays.copyOfRange(block, BlockHeader.BYTES, afterCount)))
                .isEqualTo("fd2d01");
        assertThat(Arrays.copyOfRange(block, afterCount, afterCoinbase)).isEqualTo(coinbase);
        assertThat(Vectors.hex(Arrays.copyOfRange(block, afterCoinbase, block.length)))
                .isEqualTo(concatenated(template.transactions()));
    }

    @Test
    void putsTheRealRootIntoTheBlock() {
        var template = Samples.template(5);
        var job = Samples.job(template);
        var extranonce = Samples.extranonce(Samples.EXTRANONCE_BYTES);
        var leaves = new ArrayList<>(List.of(Hash.ofContent(job.coinbase().stripped(extranonce))));
        template.transactions().forEach(transaction -> leaves.add(transaction.txid()));

        var header = BlockHeader.read(job.block(extranonce, 0, 1, 2), 0);

        assertThat(header)
                .isEqualTo(
                        new BlockHeader(
                                0x20000000,
                                template.previousHash(),
                                MerkleBranch.root(leaves),
                                1,
                                template.nBits(),
                                2));
    }

    private static String concatenated(List<TemplateTransaction> transactions) {
        var hex = new StringBuilder();
        transactions.forEach(transaction -> hex.append(Vectors.hex(transaction.data())));
        return hex.toString();
    }

    private static Coinbase coinbase(
            Template template, int height, long differenceSats, Hash witnessCommitment) {
        return Coinbase.of(
                height,
                1,
                Samples.EXTRANONCE_BYTES,
                new byte[0],
                Samples.outputs(template.coinbaseValueSats() + differenceSats),
                witnessCommitment);
    }
}
