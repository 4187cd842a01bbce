package adit.node.embedded;

import java.util.ArrayList;
import java.util.List;

import adit.pow.BlockHeader;
import adit.pow.Hash;

/// A block as it travels, with its hash.
final class Block {
    private static final int LEAST_TRANSACTION_BYTES = 10;

    private final BlockHeader header;
    private final Hash hash;
    private final List<Transaction> transactions;
    private final byte[] bytes;

    private Block(BlockHeader header, List<Transaction> transactions, byte[] bytes) {
        this.header = header;
        this.transactions = transactions;
        this.bytes = bytes;
        hash = header.hash();
    }

    /// Reads exactly one block.
    ///
    /// @throws UndecodableBytes if it is anything else
    static Block parse(byte[] bytes) {
        var reader = new WireReader(bytes);
        var header = BlockHeader.read(reader.take(BlockHeader.BYTES), 0);
        int count = reader.count(LEAST_TRANSACTION_BYTES);
        var transactions = new ArrayList<Transaction>(count);
        for (int i = 0; i < count; i++) {
            transactions.add(Transaction.read(reader));
        }
        if (!reader.isAtEnd()) {
            throw new UndecodableBytes("bytes follow the block");
        }
        return new Block(header, List.copyOf(transactions), bytes);
    }

    static Block of(BlockHeader header, List<Transaction> transactions) {
        var writer = new WireWriter().raw(header.bytes()).compactSize(transactions.size());
        transactions.forEach(transaction -> writer.raw(transaction.bytes()));
        return new Block(header, List.copyOf(transactions), writer.toBytes());
    }

    BlockHeader header() {
        return header;
    }

    Hash hash() {
        return hash;
    }

    List<Transaction> transactions() {
        return transactions;
    }

    Transaction coinbase() {
        return transactions.getFirst();
    }

    byte[] bytes() {
        return bytes;
    }

    int strippedBytes() {
        int sum = bytes.length;
        for (var transaction : transactions) {
            sum -= transaction.bytes().length - transaction.strippedBytes();
        }
        return sum;
    }

    long weight() {
        return (Transaction.WITNESS_SCALE - 1L) * strippedBytes() + bytes.length;
    }

    /// This block, its coinbase given the witness that its commitment needs if only that is missing.
    ///
    /// Pools may submit a coinbase without witness; Bitcoin Core completes it, so this chain does.
    Block completed() {
        if (transactions.isEmpty()
                || coinbase().inputs().isEmpty()
                || coinbase().hasWitness()
                || WitnessCommitment.find(coinbase()).isEmpty()) {
            return this;
        }
        var changed = new ArrayList<>(transactions);
        changed.set(0, coinbase().withFirstWitness(Hash.ZERO.bytes()));
        return of(header, changed);
    }
}
