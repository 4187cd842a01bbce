package adit.node.embedded;

import java.util.List;

/// Whether a transaction may spend the coins it names, and what it leaves as fee.
sealed interface InputAmounts {
    record Sufficient(long feeSats) implements InputAmounts {}

    record Refused(String reason) implements InputAmounts {}

    static InputAmounts of(Transaction transaction, List<Coin> spent, int height) {
        long inSats = 0;
        for (var coin : spent) {
            if (!coin.isMatureAt(height)) {
                return new Refused("bad-txns-premature-spend-of-coinbase");
            }
            inSats += coin.sats();
            if (inSats > BlockRules.MAX_MONEY_SATS) {
                return new Refused("bad-txns-inputvalues-outofrange");
            }
        }
        long outSats = transaction.outputs().stream().mapToLong(Transaction.Output::sats).sum();
        return outSats > inSats
                ? new Refused("bad-txns-in-belowout")
                : new Sufficient(inSats - outSats);
    }
}
