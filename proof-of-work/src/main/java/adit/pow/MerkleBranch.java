package adit.pow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The path from leaf 0, the coinbase, to the merkle root: one sibling hash a level, lowest first.
///
/// The coinbase's side is always the left one, so the root is a plain fold over the siblings.
///
/// **Invariant:** immutable; the siblings lie in one flat array, so that folding allocates nothing.
public final class MerkleBranch {
    private static final int PAIR_BYTES = 2 * Hash.BYTES;

    private final byte[] siblings;

    private MerkleBranch(byte[] siblings) {
        this.siblings = siblings;
    }

    /// Builds the path from the ids of all other transactions, in block order.
    public static MerkleBranch of(List<Hash> txidsWithoutCoinbase) {
        var sha = new Sha256d();
        // Leaf 0 is not known yet; its slot at every level is carried along unread.
        int count = 1 + txidsWithoutCoinbase.size();
        var level = new byte[(count + 1) * Hash.BYTES];
        put(txidsWithoutCoinbase, level, Hash.BYTES);

        var siblings = new byte[levels(count) * Hash.BYTES];
        for (int k = 0; count > 1; k++) {
            System.arraycopy(level, Hash.BYTES, siblings, k * Hash.BYTES, Hash.BYTES);
            count = foldLevel(sha, level, count);
        }
        return new MerkleBranch(siblings);
    }

    /// Takes the siblings as they are, lowest level first.
    public static MerkleBranch ofSiblings(List<Hash> siblings) {
        var flat = new byte[siblings.size() * Hash.BYTES];
        put(siblings, flat, 0);
        return new MerkleBranch(flat);
    }

    /// The root of a whole tree; an odd level repeats its last hash.
    public static Hash root(List<Hash> leaves) {
        if (leaves.isEmpty()) {
            throw new IllegalArgumentException("a merkle tree has at least one leaf");
        }
        var sha = new Sha256d();
        int count = leaves.size();
        var level = new byte[(count + 1) * Hash.BYTES];
        put(leaves, level, 0);
        while (count > 1) {
            count = foldLevel(sha, level, count);
        }
        return Hash.of(level, 0);
    }

    public int levels() {
        return siblings.length / Hash.BYTES;
    }

    public List<Hash> siblings() {
        var hashes = new ArrayList<Hash>(levels());
        for (int offset = 0; offset < siblings.length; offset += Hash.BYTES) {
            hashes.add(Hash.of(siblings, offset));
        }
        return List.copyOf(hashes);
    }

    public Hash root(Hash leafZero) {
        var pair = Arrays.copyOf(leafZero.bytes(), PAIR_BYTES);
        fold(new Sha256d(), pair);
        return Hash.of(pair, 0);
    }

    /// Turns the leaf in the first half of a 64-byte scratch into the root, in place.
    void fold(Sha256d sha, byte[] pair) {
        for (int offset = 0; offset < siblings.length; offset += Hash.BYTES) {
            System.arraycopy(siblings, offset, pair, Hash.BYTES, Hash.BYTES);
            sha.hash(pair, 0, PAIR_BYTES, pair, 0);
        }
    }

    private static int foldLevel(Sha256d sha, byte[] level, int count) {
        if (count % 2 == 1) {
            System.arraycopy(
                    level, (count - 1) * Hash.BYTES, level, count * Hash.BYTES, Hash.BYTES);
        }
        int parents = (count + 1) / 2;
        for (int i = 0; i < parents; i++) {
            sha.hash(level, i * PAIR_BYTES, PAIR_BYTES, level, i * Hash.BYTES);
        }
        return parents;
    }

    private static int levels(int leaves) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(leaves - 1);
    }

    private static void put(List<Hash> hashes, byte[] target, int targetOffset) {
        int offset = targetOffset;
        for (var hash : hashes) {
            System.arraycopy(hash.bytes(), 0, target, offset, Hash.BYTES);
            offset += Hash.BYTES;
        }
    }
}
