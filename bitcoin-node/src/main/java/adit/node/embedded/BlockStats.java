package adit.node.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The figures of one active block: what it paid, what it moved, how large it is.
///
/// As in Bitcoin Core, the coinbase counts among transactions and outputs but not among amounts and sizes.
final class BlockStats {
    private BlockStats() {}

    static ObjectNode of(ChainEntry entry, Block block, long subsidySats) {
        var others = block.transactions().subList(1, block.transactions().size());
        var feesSats = feesSats(entry, others);
        long totalSats =
                others.stream()
                        .flatMap(transaction -> transaction.outputs().stream())
                        .mapToLong(Transaction.Output::sats)
                        .sum();
        int outputs =
                block.transactions().stream()
                        .mapToInt(transaction -> transaction.outputs().size())
                        .sum();
        long feeSum = feesSats.stream().mapToLong(Long::longValue).sum();
        var result = JsonNodeFactory.instance.objectNode();
        result.put("avgfee", others.isEmpty() ? 0 : feeSum / others.size());
        result.put("blockhash", entry.hash().displayHex());
        result.put("height", entry.height());
        result.put("ins", entry.spent().size());
        result.put("maxfee", feesSats.stream().mapToLong(Long::longValue).max().orElse(0));
        result.put("mediantime", entry.medianTimePast());
        result.put("minfee", feesSats.stream().mapToLong(Long::longValue).min().orElse(0));
        result.put("outs", outputs);
        result.put("subsidy", subsidySats);
        result.put("swtxs", others.stream().filter(Transaction::hasWitness).count());
        result.put("time", entry.timeSeconds());
        result.put("total_out", totalSats);
        result.put("total_size", others.stream().mapToLong(t -> t.bytes().length).sum());
        result.put("total_weight", others.stream().mapToLong(Transaction::weight).sum());
        result.put("totalfee", feeSum);
        result.put("txs", block.transactions().size());
        result.put("utxo_increase", outputs - entry.spent().size());
        return result;
    }

    private static List<Long> feesSats(ChainEntry entry, List<Transaction> others) {
        Map<OutPoint, Long> spentSats = new HashMap<>();
        entry.spent().forEach(gone -> spentSats.put(gone.outPoint(), gone.coin().sats()));
        var fees = new ArrayList<Long>(others.size());
        for (var transaction : others) {
            long feeSats = 0;
            for (var input : transaction.inputs()) {
                feeSats += spentSats.getOrDefault(input.previous(), 0L);
            }
            for (var output : transaction.outputs()) {
                feeSats -= output.sats();
            }
            fees.add(feeSats);
        }
        return fees;
    }
}
