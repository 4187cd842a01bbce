package adit.node.embedded;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;

import org.bitcoinj.base.Coin;
import org.bitcoinj.script.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;

class WalletTest {
    @TempDir Path directory;

    @Test
    void signsSoThatAnyNodeWouldAccept() {
        try (var rig = new ChainRig(directory.resolve("chain.dat"))) {
            rig.mine(110);
            var payment = rig.pay(12_000_000_000L);
            assertThat(payment.inputs()).hasSizeGreaterThan(1);

            var parsed = org.bitcoinj.core.Transaction.read(ByteBuffer.wrap(payment.bytes()));

            assertThat(parsed.getTxId().toString()).isEqualTo(payment.txid().displayHex());
            assertThat(parsed.getWTxId().toString()).isEqualTo(payment.wtxid().displayHex());
            assertThat(payment.wtxid()).isNotEqualTo(payment.txid());
            assertThat(parsed.getWeight()).isEqualTo((int) payment.weight());
            var script = Script.parse(rig.payee());
            for (int i = 0; i < payment.inputs().size(); i++) {
                parsed.getInput(i)
                        .getScriptSig()
                        .correctlySpends(
                                parsed,
                                i,
                                parsed.getInput(i).getWitness(),
                                Coin.valueOf(spentSats(rig, payment, i)),
                                script,
                                EnumSet.allOf(Script.VerifyFlag.class));
            }
        }
    }

    @Test
    void spendsNothingTwiceAndNothingYoung() {
        try (var rig = new ChainRig(directory.resolve("chain.dat"))) {
            rig.mine(102);
            var spent = new HashSet<OutPoint>();
            for (int i = 0; i < 20; i++) {
                var payment = rig.pay(1_000);
                payment.inputs().forEach(input -> assertThat(spent.add(input.previous())).isTrue());
            }
            assertThat(rig.coins()).isEqualTo(rig.recountedCoins());
            rig.mine();
            assertThat(rig.waiting()).isEmpty();
        }
    }

    @Test
    void saysWhenThereIsNotEnough() {
        try (var rig = new ChainRig(directory.resolve("chain.dat"))) {
            rig.mine(100);
            assertThat(rig.node.wallet().spendableSats()).isZero();
            var payee = new Transaction.Output(1, rig.payee());
            assertThat(rig.node.send(payee, rig.payee(), 1, false))
                    .isEqualTo(new Wallet.Payment.InsufficientFunds(0));
            rig.mine();
            var all = new Transaction.Output(50_0000_0000L, rig.payee());
            assertThat(rig.node.send(all, rig.payee(), 1, false))
                    .isEqualTo(new Wallet.Payment.InsufficientFunds(50_0000_0000L));
        }
    }

    @Test
    void knowsTheScriptsOfAddresses() {
        assertThat(Wallet.scriptOf("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"))
                .hasValueSatisfying(script ->
                        assertThat(script)
                                .asHexString()
                                .isEqualToIgnoringCase(
                                        "0014751E76E8199196D454941C45D1B3A323F1433BD6"));
        assertThat(Wallet.scriptOf("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn")).isPresent();
        assertThat(
                        Wallet.scriptOf(
                                "bcrt1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqc8gma6"))
                .isPresent();
        for (var wrong :
                List.of(
                        "",
                        "x",
                        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
                        "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt081",
                        "bcrt1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0")) {
            assertThat(Wallet.scriptOf(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void ordersParentsBeforeChildrenWhateverTheyPay() {
        try (var rig = new ChainRig(directory.resolve("chain.dat"))) {
            rig.mine(101);
            long feerate = 1;
            for (int i = 0; i < 6; i++) {
                var payee = new Transaction.Output(1_000, rig.payee());
                rig.node.send(payee, rig.payee(), feerate, true);
                feerate *= 3;
            }

            var seen = new HashSet<Hash>();
            var chosen = rig.node.template().transactions();
            assertThat(chosen).hasSize(6);
            for (var entry : chosen) {
                for (var input : entry.transaction().inputs()) {
                    boolean isConfirmed = rig.chain().coins().find(input.previous()).isPresent();
                    assertThat(isConfirmed || seen.contains(input.previous().txid())).isTrue();
                }
                seen.add(entry.transaction().txid());
            }
            rig.mine();
            assertThat(rig.waiting()).isEmpty();
        }
    }

    @Test
    void keepsChainsOfWaitingPaymentsShort() {
        try (var rig = new ChainRig(directory.resolve("chain.dat"))) {
            rig.mine(101);
            for (int i = 0; i < Mempool.MAX_DEPTH; i++) {
                rig.pay(1_000);
            }
            var payee = new Transaction.Output(1_000, rig.payee());

            assertThat(rig.node.send(payee, rig.payee(), 1, false))
                    .isInstanceOf(Wallet.Payment.InsufficientFunds.class);
            assertThat(rig.node.template().transactions()).hasSize(Mempool.MAX_DEPTH);
            rig.mine();
            rig.pay(1_000);
        }
    }

    @Test
    void takesTheBestPayingThatFit() {
        try (var rig = new ChainRig(directory.resolve("chain.dat"))) {
            rig.mine(110);
            for (int feerate = 1; feerate <= 8; feerate++) {
                var payee = new Transaction.Output(1_000, rig.payee());
                rig.node.send(payee, rig.payee(), feerate, false);
            }
            long weight = rig.node.mempool().entries().getFirst().transaction().weight();

            var chosen = rig.node.mempool().select(3 * weight + 10, 1_000);

            assertThat(chosen).hasSize(3);
            long least = chosen.stream().mapToLong(Mempool.Entry::feeSats).min().orElseThrow();
            assertThat(rig.node.mempool().entries())
                    .filteredOn(entry -> !chosen.contains(entry))
                    .allMatch(entry -> entry.feeSats() <= least);
            assertThat(rig.node.mempool().select(4_000_000, 2)).hasSize(2);
        }
    }

    private static long spentSats(ChainRig rig, Transaction payment, int input) {
        return rig.chain()
                .coins()
                .find(payment.inputs().get(input).previous())
                .orElseThrow()
                .sats();
    }
}
