package adit.pow;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MerkleBranchTest {
    @Test
    void buildsTheKnownBranchesAndRoots() {
        for (var row : Vectors.suite("merkle").required("rows")) {
            var leaves = leaves(row.required("n").asInt());
            var root = Vectors.internal(Vectors.text(row, "root_internal"));

            var branch = MerkleBranch.of(leaves.subList(1, leaves.size()));

            assertThat(branch.levels()).isEqualTo(row.required("branch_len").asInt());
            assertThat(branch.siblings()).isEqualTo(Vectors.internals(row.required("branch")));
            assertThat(branch.root(leaves.getFirst())).isEqualTo(root);
            assertThat(MerkleBranch.root(leaves)).isEqualTo(root);
            assertThat(MerkleBranch.ofSiblings(branch.siblings()).root(leaves.getFirst()))
                    .isEqualTo(root);
        }
    }

    @Test
    void rebuildsTheTreeOfARealBlock() {
        var block = Vectors.suite("merkle").required("mainnet_125552");
        var txids = Vectors.displays(block.required("txids_display"));

        var branch = MerkleBranch.of(txids.subList(1, txids.size()));

        assertThat(branch.siblings()).isEqualTo(Vectors.internals(block.required("branch")));
        assertThat(branch.root(txids.getFirst())).hasToString(Vectors.text(block, "root_display"));
    }

    @Test
    void agreesWithTheWholeTreeForAnyNumberOfLeaves() {
        for (int n = 1; n <= 200; n++) {
            var leaves = leaves(n);
            var expected = naiveRoot(leaves);

            assertThat(MerkleBranch.of(leaves.subList(1, n)).root(leaves.getFirst()))
                    .as("n %d", n)
                    .isEqualTo(expected);
            assertThat(MerkleBranch.root(leaves)).as("n %d", n).isEqualTo(expected);
        }
    }

    @Test
    void doesNotDependOnTheLeafItLeavesOut() {
        var leaves = leaves(11);
        var branch = MerkleBranch.of(leaves.subList(1, 11));

        leaves.set(0, Hash.ofContent(new byte[] {42}));

        assertThat(branch.root(leaves.getFirst())).isEqualTo(naiveRoot(leaves));
    }

    @Test
    void refusesATreeWithoutLeaves() {
        assertThatIllegalArgumentException().isThrownBy(() -> MerkleBranch.root(List.of()));
    }

    private static List<Hash> leaves(int count) {
        var leaves = new ArrayList<Hash>(count);
        for (int i = 0; i < count; i++) {
            leaves.add(Hash.ofContent(new byte[] {(byte) i, (byte) (i >> 8), 0, 0}));
        }
        return leaves;
    }

    private static Hash naiveRoot(List<Hash> leaves) {
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        var parents = new ArrayList<Hash>();
        for (int i = 0; i < leaves.size(); i += 2) {
            var left = leaves.get(i).bytes();
            var right = leaves.get(Math.min(i + 1, leaves.size() - 1)).bytes();
            var pair = new byte[64];
            System.arraycopy(left, 0, pair, 0, 32);
            System.arraycopy(right, 0, pair, 32, 32);
            parents.add(Hash.ofContent(pair));
        }
        return naiveRoot(parents);
    }
}
