package adit.node.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;

/// Valid blocks with one thing wrong, and the word Bitcoin Core has for it.
class BlockRefusalTest {
    private static final byte[] NO_SCRIPT = {};
    private static final int OP_CHECKSIG = 0xac;

    @TempDir Path directory;

    private ChainRig rig;
    private Transaction payment;

    @BeforeEach
    void startsWithAPayment() {
        rig = ChainRig.aged(directory);
        payment = rig.pay(1_000_000);
    }

    @AfterEach
    void everyRefusalLeavesAllAsItWas() {
        assertThat(rig.coins()).isEqualTo(rig.recountedCoins());
        rig.mine();
        rig.close();
    }

    @Test
    void takesTheBlockAsItIs() {
        assertThat(rig.submit(rig.next())).isEmpty();
    }

    @Test
    void refusesABlockWithoutWork() {
        refused("high-hash", rig.next().withoutWork());
    }

    @Test
    void refusesATargetAboveTheLimit() {
        refused("high-hash", rig.next().nBits(0x2100ffff).mined());
    }

    @Test
    void refusesAnImpossibleTarget() {
        refused("high-hash", rig.next().nBits(0x20800001).mined());
    }

    @Test
    void refusesAWrongMerkleRoot() {
        refused("bad-txnmrklroot", rig.next().root(Hash.ZERO).mined());
    }

    @Test
    void refusesARepeatedTail() {
        var block =
                rig.next()
                        .with(chained(payment))
                        .replaceAll(all -> {
                            all.add(all.getLast());
                            return all;
                        });

        refused("bad-txns-duplicate", block.mined());
    }

    @Test
    void refusesAnEmptyBlock() {
        refused("bad-blk-length", rig.next().replaceAll(_ -> List.of()).mined());
    }

    @Test
    void refusesABlockTooLargeWithoutWitnesses() {
        var script = new byte[10_000];
        var large = new Transaction.Output(0, script);
        var block =
                rig.next()
                        .outputs(outputs -> {
                            for (int i = 0; i < 100; i++) {
                                outputs.add(large);
                            }
                            return outputs;
                        });

        refused("bad-blk-length", block.mined());
    }

    @Test
    void refusesABlockWithoutCoinbase() {
        refused("bad-cb-missing", rig.next().replaceAll(all -> all.subList(1, 2)).mined());
    }

    @Test
    void refusesASecondCoinbase() {
        var block = rig.next();
        refused("bad-cb-multiple", block.with(block.coinbase()).mined());
    }

    @Test
    void refusesATransactionWithoutOutputs() {
        refused("bad-txns-vout-empty", withTransaction(List.of(), 0));
    }

    @Test
    void refusesANegativeOutput() {
        refused("bad-txns-vout-negative", withTransaction(List.of(output(-1)), 0));
    }

    @Test
    void refusesAnOutputOfMoreThanAllMoney() {
        long sats = BlockRules.MAX_MONEY_SATS + 1;
        refused("bad-txns-vout-toolarge", withTransaction(List.of(output(sats)), 0));
    }

    @Test
    void refusesOutputsOfMoreThanAllMoney() {
        var all = output(BlockRules.MAX_MONEY_SATS);
        refused("bad-txns-txouttotal-toolarge", withTransaction(List.of(all, output(1)), 0));
    }

    @Test
    void refusesAnInputTwice() {
        var input = TestBlock.spending(payment.outPoint(0));
        var twice = TestBlock.transaction(List.of(input, input), List.of(output(1)), 0);
        refused("bad-txns-inputs-duplicate", rig.next().with(twice).mined());
    }

    @Test
    void refusesANullInputOutsideTheCoinbase() {
        var inputs =
                List.of(
                        TestBlock.spending(payment.outPoint(0)),
                        TestBlock.spending(new OutPoint(Hash.ZERO, -1)));
        var bad = TestBlock.transaction(inputs, List.of(output(1)), 0);
        refused("bad-txns-prevout-null", rig.next().with(bad).mined());
    }

    @Test
    void refusesALongCoinbaseScript() {
        refused("bad-cb-length", rig.next().script(heightScript(101)).mined());
        assertThat(rig.submit(rig.next().script(heightScript(100)))).isEmpty();
    }

    @Test
    void refusesAShortCoinbaseScript() {
        refused("bad-cb-length", rig.next().script(new byte[1]).mined());
    }

    @Test
    void refusesTooManySignatureOperations() {
        var script = new byte[20_001];
        java.util.Arrays.fill(script, (byte) OP_CHECKSIG);
        var block =
                rig.next()
                        .outputs(outputs -> {
                            outputs.add(1, new Transaction.Output(0, script));
                            return outputs;
                        });
        refused("bad-blk-sigops", block.mined());
    }

    @Test
    void countsTheSignaturesOfWitnesses() {
        var script = new byte[19_999];
        java.util.Arrays.fill(script, (byte) OP_CHECKSIG);
        var fits = rig.next().outputs(outputs -> adding(outputs, script)).mined();

        assertThat(rig.node.judge(fits)).isEmpty();
        var over = new byte[20_000];
        java.util.Arrays.fill(over, (byte) OP_CHECKSIG);
        refused("bad-blk-sigops", rig.next().outputs(outputs -> adding(outputs, over)).mined());
    }

    @Test
    void refusesAnUnknownParent() {
        refused("prev-blk-not-found", rig.next().previous(Hash.ofContent(NO_SCRIPT)).mined());
    }

    @Test
    void refusesAChildOfARefusedBlock() {
        var bad = rig.next().paying(Long.MAX_VALUE / 4).mined();
        var worse = rig.next().script(new byte[3]).mined();
        rig.node.submit(bad);
        refused("bad-cb-height", worse);

        refused("bad-prevblk", rig.next().previous(worse.hash()).mined());
    }

    @Test
    void refusesAnotherDifficulty() {
        refused("bad-diffbits", rig.next().nBits(0x207ffffe).mined());
    }

    @Test
    void refusesATimeAtTheMedian() {
        long median = rig.chain().tip().medianTimePast();
        refused("time-too-old", rig.next().ntime(median).mined());
        assertThat(rig.submit(rig.next().ntime(median + 1))).isEmpty();
    }

    @Test
    void refusesATimeTwoHoursAhead() {
        long now = rig.clock.seconds();
        refused("time-too-new", rig.next().ntime(now + 7201).mined());
        assertThat(rig.submit(rig.next().ntime(now + 7200))).isEmpty();
    }

    @Test
    void refusesOldVersions() {
        refused("bad-version(0x00000003)", rig.next().version(3).mined());
        refused("bad-version(0x80000000)", rig.next().version(0x80000000).mined());
        assertThat(rig.submit(rig.next().version(4))).isEmpty();
    }

    @Test
    void refusesATransactionOfTheFuture() {
        int height = rig.chain().tip().height() + 1;
        var input = new Transaction.Input(payment.outPoint(0), NO_SCRIPT, 0, List.of());
        var early = TestBlock.transaction(List.of(input), List.of(output(1)), height);
        refused("bad-txns-nonfinal", rig.next().with(early).mined());

        var due = TestBlock.transaction(List.of(input), List.of(output(1)), height - 1);
        assertThat(rig.submit(rig.next().with(due))).isEmpty();
    }

    @Test
    void refusesATimeLockByTheMedianTime() {
        int median = (int) rig.chain().tip().medianTimePast();
        var input = new Transaction.Input(payment.outPoint(0), NO_SCRIPT, 0, List.of());
        var early = TestBlock.transaction(List.of(input), List.of(output(1)), median);
        refused("bad-txns-nonfinal", rig.next().with(early).mined());

        var due = TestBlock.transaction(List.of(input), List.of(output(1)), median - 1);
        assertThat(rig.submit(rig.next().with(due))).isEmpty();
    }

    @Test
    void refusesAnotherHeightInTheCoinbase() {
        var script = heightScript(20);
        script[1]++;
        refused("bad-cb-height", rig.next().script(script).mined());
    }

    @Test
    void refusesWitnessesNobodyCommittedTo() {
        var block = rig.next().outputs(outputs -> outputs.subList(0, 1));
        refused("unexpected-witness", block.mined());
    }

    @Test
    void refusesAReservedValueOfAnotherSize() {
        refused(
                "bad-witness-nonce-size",
                rig.next().coinbaseWitness(List.of(new byte[31])).mined());
        refused(
                "bad-witness-nonce-size",
                rig.next().coinbaseWitness(List.of(new byte[32], new byte[32])).mined());
    }

    @Test
    void refusesACommitmentToOtherWitnesses() {
        var other = new byte[32];
        other[0] = 1;
        refused("bad-witness-merkle-match", rig.next().coinbaseWitness(List.of(other)).mined());
    }

    @Test
    void completesACoinbaseWithoutWitness() {
        assertThat(rig.submit(rig.next().coinbaseWitness(List.of()))).isEmpty();
    }

    @Test
    void refusesABlockTooHeavyWithWitnesses() {
        var input =
                new Transaction.Input(
                        payment.outPoint(0), NO_SCRIPT, -1, List.of(new byte[4_000_000]));
        var heavy = TestBlock.transaction(List.of(input), List.of(output(1)), 0);
        refused("bad-blk-weight", rig.next().with(heavy).mined());
    }

    @Test
    void refusesASpentCoin() {
        var spent = payment.inputs().getFirst().previous();
        var again =
                TestBlock.transaction(List.of(TestBlock.spending(spent)), List.of(output(1)), 0);
        refused("bad-txns-inputs-missingorspent", rig.next().with(again).mined());
    }

    @Test
    void refusesACoinThatNeverWas() {
        var never =
                TestBlock.transaction(
                        List.of(TestBlock.spending(new OutPoint(Hash.ofContent(NO_SCRIPT), 0))),
                        List.of(output(1)),
                        0);
        refused("bad-txns-inputs-missingorspent", rig.next().with(never).mined());
    }

    @Test
    void refusesAChildBeforeItsParent() {
        var block =
                rig.next()
                        .with(chained(payment))
                        .replaceAll(all -> List.of(all.get(0), all.get(2), all.get(1)))
                        .committed();
        refused("bad-txns-inputs-missingorspent", block.mined());
    }

    @Test
    void refusesAYoungCoinbaseCoin() {
        int height = rig.chain().tip().height() + 1;
        var young = coinbaseAt(height - 99);
        refused("bad-txns-premature-spend-of-coinbase", rig.next().with(young).mined());

        assertThat(rig.submit(rig.next().with(coinbaseAt(height - 100)))).isEmpty();
    }

    @Test
    void refusesToPayMoreThanComesIn() {
        long sats = payment.outputs().getFirst().sats();
        refused("bad-txns-in-belowout", spendingPayment(sats + 1));
        assertThat(rig.node.submit(spendingPayment(sats))).isEmpty();
    }

    @Test
    void refusesACoinbaseThatPaysTooMuch() {
        long sats = rig.node.template().coinbaseValueSats();
        refused("bad-cb-amount", rig.next().paying(sats + 1).mined());
        assertThat(rig.submit(rig.next().paying(sats))).isEmpty();
    }

    @Test
    void tellsABlockItHas() {
        var block = rig.next().mined();
        rig.node.submit(block);
        refused("duplicate", block);
    }

    @Test
    void tellsABlockItRefusedForItsContext() {
        var block = rig.next().script(new byte[4]).mined();
        refused("bad-cb-height", block);
        refused("duplicate-invalid", block);
    }

    @Test
    void tellsABlockItRefusedForItsCoins() {
        var block = rig.next().paying(rig.node.template().coinbaseValueSats() + 1).mined();
        refused("bad-cb-amount", block);
        refused("duplicate-invalid", block);
    }

    @Test
    void holdsNoMutationAgainstABlock() {
        var good = rig.next().mined();
        var other = new byte[32];
        other[0] = 1;
        var mutated = TestBlock.of(good).coinbaseWitness(List.of(other)).header(_ -> good.header());
        refused(
                "bad-witness-merkle-match",
                Block.of(good.header(), mutated.mined().transactions()));

        assertThat(rig.node.submit(good)).isEmpty();
    }

    @Test
    void leavesASideBranchUndecided() {
        var tip = rig.chain().tip();
        var side = rig.on(tip.parent()).mined();
        refused("inconclusive", side);
        refused("duplicate", side);
        assertThat(rig.node.judge(side)).contains("duplicate-inconclusive");
        assertThat(rig.chain().tip()).isEqualTo(tip);
    }

    @Test
    void judgesAsItSubmits() {
        var block = rig.next().paying(rig.node.template().coinbaseValueSats() + 1);
        assertThat(rig.node.judge(block.withoutWork())).contains("bad-cb-amount");
        assertThat(rig.node.judge(rig.next().version(1).withoutWork()))
                .contains("bad-version(0x00000001)");
        assertThat(rig.node.judge(rig.next().withoutWork())).isEmpty();
        assertThat(rig.node.judge(rig.on(rig.chain().tip().parent()).mined()))
                .contains("inconclusive-not-best-prevblk");
    }

    private void refused(String word, Block block) {
        var tip = rig.chain().tip();
        assertThat(rig.node.submit(block)).isEqualTo(Optional.of(word));
        assertThat(rig.chain().tip()).isEqualTo(tip);
    }

    private Block withTransaction(List<Transaction.Output> outputs, int lockTime) {
        var input = TestBlock.spending(payment.outPoint(0));
        return rig.next().with(TestBlock.transaction(List.of(input), outputs, lockTime)).mined();
    }

    private Block spendingPayment(long sats) {
        return withTransaction(List.of(output(sats)), 0);
    }

    private Transaction coinbaseAt(int height) {
        var entry = rig.chain().at(height).orElseThrow();
        var coinbase = rig.chain().block(entry).coinbase();
        return TestBlock.transaction(
                List.of(TestBlock.spending(coinbase.outPoint(0))), List.of(output(1)), 0);
    }

    private static Transaction chained(Transaction parent) {
        return TestBlock.transaction(
                List.of(TestBlock.spending(parent.outPoint(0))), List.of(output(1)), 0);
    }

    private static List<Transaction.Output> adding(
            List<Transaction.Output> outputs, byte[] script) {
        var changed = new ArrayList<>(outputs);
        changed.add(1, new Transaction.Output(0, script));
        return changed;
    }

    private static Transaction.Output output(long sats) {
        return new Transaction.Output(sats, new byte[] {0x51});
    }

    private byte[] heightScript(int length) {
        int height = rig.chain().tip().height() + 1;
        var script = new byte[length];
        var push = adit.pow.Coinbase.heightPush(height);
        System.arraycopy(push, 0, script, 0, push.length);
        return script;
    }
}
