package adit.pow;

/// One transaction a node proposes for the next block.
///
/// **Invariant:** the data is not changed after construction.
public record TemplateTransaction(
        byte[] data, Hash txid, Hash wtxid, long feeSats, long weight, long sigops) {

    public TemplateTransaction {
        if (feeSats < 0 || feeSats > CoinbaseOutput.MAX_SATS || weight < 0 || sigops < 0) {
            throw new IllegalArgumentException("impossible fee, weight or sigops of " + txid);
        }
    }
}
