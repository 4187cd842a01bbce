package adit.node.embedded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import adit.pow.Hash;

/// What a coinbase output says about the witnesses of its block.
///
/// **Spec:** BIP 141, commitment structure.
final class WitnessCommitment {
    private static final byte[] MARK = {0x6a, 0x24, (byte) 0xaa, 0x21, (byte) 0xa9, (byte) 0xed};
    private static final int SCRIPT_BYTES = MARK.length + Hash.BYTES;

    private WitnessCommitment() {}

    /// The commitment in the last output that holds one; earlier ones mean nothing.
    static Optional<Hash> find(Transaction coinbase) {
        Optional<Hash> found = Optional.empty();
        for (var output : coinbase.outputs()) {
            if (output.script().length >= SCRIPT_BYTES
                    && Arrays.equals(output.script(), 0, MARK.length, MARK, 0, MARK.length)) {
                found = Optional.of(Hash.of(output.script(), MARK.length));
            }
        }
        return found;
    }

    /// The commitment of a coinbase with this reserved value over the transactions that follow it.
    static Hash over(List<Transaction> others, byte[] reservedValue) {
        var leaves = new ArrayList<Hash>(1 + others.size());
        leaves.add(Hash.ZERO);
        others.stream().map(Transaction::wtxid).forEach(leaves::add);
        return Hash.ofContent(
                new WireWriter().hash(MerkleTree.of(leaves).root()).raw(reservedValue).toBytes());
    }

    static byte[] script(Hash commitment) {
        return new WireWriter().raw(MARK).hash(commitment).toBytes();
    }
}
