package adit.pow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The transactions of a template and what every coinbase over them needs: the branch and the
/// witness commitment.
///
/// Both are computed once here from the ids, never copied from the node, so they fit exactly these
/// transactions in this order.
///
/// **Spec:** BIP 141, commitment structure.
public final class TemplateBody {
    public static final TemplateBody EMPTY = new TemplateBody(List.of());

    private final List<TemplateTransaction> transactions;
    private final MerkleBranch branch;
    private final Hash witnessCommitment;
    private final long feesSats;

    private TemplateBody(List<TemplateTransaction> transactions) {
        this.transactions = transactions;
        branch = MerkleBranch.of(transactions.stream().map(TemplateTransaction::txid).toList());
        witnessCommitment = commit(transactions);
        long sum = 0;
        for (var transaction : transactions) {
            sum = Math.addExact(sum, transaction.feeSats());
        }
        feesSats = sum;
    }

    public static TemplateBody of(List<TemplateTransaction> transactions) {
        return transactions.isEmpty() ? EMPTY : new TemplateBody(List.copyOf(transactions));
    }

    public List<TemplateTransaction> transactions() {
        return transactions;
    }

    public MerkleBranch branch() {
        return branch;
    }

    public Hash witnessCommitment() {
        return witnessCommitment;
    }

    public long feesSats() {
        return feesSats;
    }

    // The coinbase counts as zero in the witness tree.
    private static Hash commit(List<TemplateTransaction> transactions) {
        var leaves = new ArrayList<Hash>(1 + transactions.size());
        leaves.add(Hash.ZERO);
        transactions.forEach(transaction -> leaves.add(transaction.wtxid()));
        return commitmentTo(MerkleBranch.root(leaves));
    }

    /// The commitment to a witness root, for a reserved value of zeros.
    static Hash commitmentTo(Hash witnessRoot) {
        return Hash.ofContent(Arrays.copyOf(witnessRoot.bytes(), 2 * Hash.BYTES));
    }
}
