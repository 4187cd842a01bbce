package adit.node.embedded;

import java.util.HexFormat;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A transaction as `getblock` shows it.
final class TransactionJson {
    private TransactionJson() {}

    static ObjectNode of(Transaction transaction) {
        var hex = HexFormat.of();
        var result = JsonNodeFactory.instance.objectNode();
        result.put("txid", transaction.txid().displayHex());
        result.put("hash", transaction.wtxid().displayHex());
        result.put("version", transaction.version());
        result.put("size", transaction.bytes().length);
        result.put("vsize", transaction.virtualBytes());
        result.put("weight", transaction.weight());
        result.put("locktime", Integer.toUnsignedLong(transaction.lockTime()));
        var inputs = result.putArray("vin");
        for (var input : transaction.inputs()) {
            var shown = inputs.addObject();
            if (transaction.isCoinbase()) {
                shown.put("coinbase", hex.formatHex(input.script()));
            } else {
                shown.put("txid", input.previous().txid().displayHex());
                shown.put("vout", Integer.toUnsignedLong(input.previous().index()));
                shown.putObject("scriptSig").put("hex", hex.formatHex(input.script()));
            }
            if (!input.witness().isEmpty()) {
                var witness = shown.putArray("txinwitness");
                input.witness().forEach(item -> witness.add(hex.formatHex(item)));
            }
            shown.put("sequence", Integer.toUnsignedLong(input.sequence()));
        }
        var outputs = result.putArray("vout");
        for (int i = 0; i < transaction.outputs().size(); i++) {
            var output = transaction.outputs().get(i);
            var shown = outputs.addObject();
            shown.put("value", Amounts.bitcoins(output.sats()));
            shown.put("n", i);
            shown.putObject("scriptPubKey").put("hex", hex.formatHex(output.script()));
        }
        result.put("hex", hex.formatHex(transaction.bytes()));
        return result;
    }
}
