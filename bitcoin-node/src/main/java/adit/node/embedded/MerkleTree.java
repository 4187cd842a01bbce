package adit.node.embedded;

import java.util.ArrayList;
import java.util.List;

import adit.pow.Hash;

/// The merkle root over ids, and whether it hides a repeated tail of ids (CVE-2012-2459).
///
/// It is deliberately not the fold in `adit.pow`: a block that pool code assembled is judged by other code.
record MerkleTree(Hash root, boolean isMutated) {

    static MerkleTree of(List<Hash> leaves) {
        if (leaves.isEmpty()) {
            return new MerkleTree(Hash.ZERO, false);
        }
        boolean mutated = false;
        var level = leaves;
        while (level.size() > 1) {
            var parents = new ArrayList<Hash>((level.size() + 1) / 2);
            for (int i = 0; i < level.size(); i += 2) {
                var left = level.get(i);
                var right = level.get(Math.min(i + 1, level.size() - 1));
                mutated |= i + 1 < level.size() && left.equals(right);
                parents.add(Hash.ofContent(new WireWriter().hash(left).hash(right).toBytes()));
            }
            level = parents;
        }
        return new MerkleTree(level.getFirst(), mutated);
    }
}
