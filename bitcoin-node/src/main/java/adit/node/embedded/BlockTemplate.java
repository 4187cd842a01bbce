package adit.node.embedded;

import java.util.List;

/// What the chain offers to mine on its tip.
record BlockTemplate(
        ChainEntry parent,
        int version,
        int nBits,
        long minTimeSeconds,
        long currentTimeSeconds,
        long subsidySats,
        List<Mempool.Entry> transactions,
        String longPollId) {
    static final int VERSION = 0x20000000;

    /// Weight and sigops left to header, count and coinbase, as Bitcoin Core leaves them.
    static final long RESERVED_WEIGHT = 8_000;

    static final long RESERVED_SIGOPS_COST = 400;

    int height() {
        return parent.height() + 1;
    }

    long coinbaseValueSats() {
        return subsidySats + transactions.stream().mapToLong(Mempool.Entry::feeSats).sum();
    }

    List<Transaction> plainTransactions() {
        return transactions.stream().map(Mempool.Entry::transaction).toList();
    }
}
