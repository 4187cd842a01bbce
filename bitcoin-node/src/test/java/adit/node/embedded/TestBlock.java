package adit.node.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import adit.pow.BlockHeader;
import adit.pow.Hash;
import adit.pow.Sha256d;
import adit.pow.Target;

/// A block one thing of which is changed at a time, the rest made to fit again.
final class TestBlock {
    private BlockHeader header;
    private final List<Transaction> transactions;

    private TestBlock(Block block) {
        header = block.header();
        transactions = new ArrayList<>(block.transactions());
    }

    static TestBlock of(Block block) {
        return new TestBlock(block);
    }

    static Transaction transaction(
            List<Transaction.Input> inputs, List<Transaction.Output> outputs, int lockTime) {
        boolean witness = inputs.stream().anyMatch(input -> !input.witness().isEmpty());
        var writer = new WireWriter().int32(2);
        if (witness) {
            writer.uint8(0).uint8(1);
        }
        writer.compactSize(inputs.size());
        for (var input : inputs) {
            writer.hash(input.previous().txid())
                    .int32(input.previous().index())
                    .counted(input.script())
                    .int32(input.sequence());
        }
        writer.compactSize(outputs.size());
        outputs.forEach(output -> writer.int64(output.sats()).counted(output.script()));
        if (witness) {
            for (var input : inputs) {
                writer.compactSize(input.witness().size());
                input.witness().forEach(writer::counted);
            }
        }
        return Transaction.parse(writer.int32(lockTime).toBytes());
    }

    static Transaction.Input spending(OutPoint outPoint) {
        return new Transaction.Input(outPoint, new byte[0], -1, List.of());
    }

    TestBlock header(UnaryOperator<BlockHeader> change) {
        header = change.apply(header);
        return this;
    }

    TestBlock version(int version) {
        return header(h ->
                new BlockHeader(
                        version,
                        h.previousHash(),
                        h.merkleRoot(),
                        h.ntime(),
                        h.nBits(),
                        h.nonce()));
    }

    TestBlock ntime(long seconds) {
        return header(h ->
                new BlockHeader(
                        h.version(),
                        h.previousHash(),
                        h.merkleRoot(),
                        (int) seconds,
                        h.nBits(),
                        h.nonce()));
    }

    TestBlock nBits(int nBits) {
        return header(h ->
                new BlockHeader(
                        h.version(),
                        h.previousHash(),
                        h.merkleRoot(),
                        h.ntime(),
                        nBits,
                        h.nonce()));
    }

    TestBlock previous(Hash hash) {
        return header(
                h -> new BlockHeader(h.version(), hash, h.merkleRoot(), h.ntime(), h.nBits(), 0));
    }

    TestBlock root(Hash root) {
        return header(
                h -> new BlockHeader(h.version(), h.previousHash(), root, h.ntime(), h.nBits(), 0));
    }

    Transaction coinbase() {
        return transactions.getFirst();
    }

    TestBlock script(byte[] script) {
        var input = coinbase().inputs().getFirst();
        return coinbase(
                new Transaction.Input(input.previous(), script, input.sequence(), input.witness()),
                coinbase().outputs());
    }

    TestBlock coinbaseWitness(List<byte[]> witness) {
        var input = coinbase().inputs().getFirst();
        return coinbase(
                new Transaction.Input(input.previous(), input.script(), input.sequence(), witness),
                coinbase().outputs());
    }

    TestBlock outputs(UnaryOperator<List<Transaction.Output>> change) {
        var changed = change.apply(new ArrayList<>(coinbase().outputs()));
        return coinbase(coinbase().inputs().getFirst(), changed);
    }

    TestBlock paying(long sats) {
        return outputs(outputs -> {
            outputs.set(0, new Transaction.Output(sats, outputs.getFirst().script()));
            return outputs;
        });
    }

    /// Adds transactions and lets the coinbase commit to them.
    TestBlock with(Transaction... more) {
        transactions.addAll(List.of(more));
        return committed();
    }

    TestBlock replaceAll(UnaryOperator<List<Transaction>> change) {
        var changed = List.copyOf(change.apply(new ArrayList<>(transactions)));
        transactions.clear();
        transactions.addAll(changed);
        return rooted();
    }

    TestBlock committed() {
        var others = transactions.subList(1, transactions.size());
        var commitment = WitnessCommitment.over(others, new byte[Hash.BYTES]);
        return outputs(outputs -> {
            var script = WitnessCommitment.script(commitment);
            outputs.set(outputs.size() - 1, new Transaction.Output(0, script));
            return outputs;
        });
    }

    TestBlock rooted() {
        return root(MerkleTree.of(transactions.stream().map(Transaction::txid).toList()).root());
    }

    Block mined() {
        return withNonce(true);
    }

    Block withoutWork() {
        return withNonce(false);
    }

    private TestBlock coinbase(Transaction.Input input, List<Transaction.Output> outputs) {
        transactions.set(0, transaction(List.of(input), outputs, coinbase().lockTime()));
        return rooted();
    }

    private Block withNonce(boolean enough) {
        var easiest = Target.fromNBits(EmbeddedChainSettings.EASIEST_NBITS);
        for (int nonce = 0; ; nonce++) {
            var h = header;
            var tried =
                    new BlockHeader(
                            h.version(),
                            h.previousHash(),
                            h.merkleRoot(),
                            h.ntime(),
                            h.nBits(),
                            nonce);
            var hash = new byte[Hash.BYTES];
            new Sha256d().hash(tried.bytes(), 0, BlockHeader.BYTES, hash, 0);
            if (easiest.isMetBy(hash, 0) == enough) {
                return Block.of(tried, List.copyOf(transactions));
            }
        }
    }
}
