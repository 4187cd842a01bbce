package adit.node.embedded;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

import adit.pow.Hash;

/// The transactions that wait for a block, parents before children.
///
/// **Owner:** the chain thread. **Limits:** [#MAX_TRANSACTIONS], each at most [#MAX_DEPTH] deep.
final class Mempool {
    /// A waiting transaction and what it is worth to a miner.
    ///
    /// Its depth is the length of the longest chain of waiting payments it ends.
    record Entry(Transaction transaction, long feeSats, long sigopsCost, int depth) {
        private static final Comparator<Entry> BEST_PAYING_FIRST =
                (a, b) ->
                        Long.compare(
                                Math.multiplyExact(b.feeSats, a.transaction.weight()),
                                Math.multiplyExact(a.feeSats, b.transaction.weight()));

        boolean mayHaveChildren() {
            return depth < MAX_DEPTH;
        }
    }

    static final int MAX_TRANSACTIONS = 10_000;
    static final int MAX_DEPTH = 25;

    private final Chain chain;
    private final Map<Hash, Entry> entries = new LinkedHashMap<>();
    private final SequencedMap<Hash, Transaction> aside = new LinkedHashMap<>();
    private final Map<OutPoint, Hash> spenders = new HashMap<>();
    private long changes;

    Mempool(Chain chain) {
        this.chain = chain;
    }

    /// Takes a transaction, or says why not.
    Optional<String> accept(Transaction transaction) {
        var rules = chain.rules();
        if (transaction.isCoinbase()) {
            return Optional.of("coinbase");
        }
        if (entries.containsKey(transaction.txid())) {
            return Optional.of("txn-already-in-mempool");
        }
        if (entries.size() >= MAX_TRANSACTIONS) {
            return Optional.of("mempool full");
        }
        int height = chain.tip().height() + 1;
        if (!BlockRules.isFinal(transaction, height, chain.tip().medianTimePast())) {
            return Optional.of("non-final");
        }
        return rules.check(transaction).or(() -> acceptSpending(transaction, height));
    }

    /// Lays transactions aside until [#refresh], before all others: a lost block gives them back.
    void layAside(List<Transaction> transactions) {
        for (var transaction : transactions.reversed()) {
            aside.putFirst(transaction.txid(), transaction);
        }
        while (aside.size() > MAX_TRANSACTIONS) {
            aside.pollLastEntry();
        }
    }

    /// Lays a transaction aside behind all others: the store remembers it.
    void remember(Transaction transaction) {
        aside.putLast(transaction.txid(), transaction);
        if (aside.size() > MAX_TRANSACTIONS) {
            aside.pollFirstEntry();
        }
    }

    /// Forgets transactions a block took.
    void confirmed(List<Transaction> transactions) {
        for (var transaction : transactions) {
            aside.remove(transaction.txid());
            entries.remove(transaction.txid());
        }
    }

    /// Sorts out anew what is possible after a change of the active branch.
    ///
    /// What is not stays aside and is tried again after the next change, as a wallet would send it again.
    void refresh() {
        entries.values()
                .forEach(entry -> aside.putLast(entry.transaction().txid(), entry.transaction()));
        entries.clear();
        spenders.clear();
        boolean progress;
        do {
            progress = aside.values().removeIf(transaction -> accept(transaction).isEmpty());
        } while (progress && !aside.isEmpty());
        changes++;
    }

    /// How often anything changed, for long polls.
    long changes() {
        return changes;
    }

    /// How many transactions wait to become possible again.
    int laidAside() {
        return aside.size();
    }

    List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    boolean isSpent(OutPoint outPoint) {
        return spenders.containsKey(outPoint);
    }

    /// The best-paying transactions that fit, each after those it spends from.
    List<Entry> select(long maxWeight, long maxSigopsCost) {
        var selected = new LinkedHashMap<Hash, Entry>();
        long weight = 0;
        long sigops = 0;
        for (var wanted : entries.values().stream().sorted(Entry.BEST_PAYING_FIRST).toList()) {
            var family = new LinkedHashSet<Entry>();
            collectWithParents(wanted, selected, family);
            long moreWeight = family.stream().mapToLong(e -> e.transaction().weight()).sum();
            long moreSigops = family.stream().mapToLong(Entry::sigopsCost).sum();
            if (weight + moreWeight <= maxWeight && sigops + moreSigops <= maxSigopsCost) {
                family.forEach(entry -> selected.put(entry.transaction().txid(), entry));
                weight += moreWeight;
                sigops += moreSigops;
            }
        }
        return List.copyOf(selected.values());
    }

    private Optional<String> acceptSpending(Transaction transaction, int height) {
        var spent = new ArrayList<Coin>();
        long sigops = SigOps.bareCost(transaction);
        for (var input : transaction.inputs()) {
            if (isSpent(input.previous())) {
                return Optional.of("txn-mempool-conflict");
            }
            var coin = find(input.previous(), height);
            if (coin.isEmpty()) {
                return Optional.of("bad-txns-inputs-missingorspent");
            }
            spent.add(coin.get());
            sigops += SigOps.witnessCost(coin.get().output().script(), input.witness());
        }
        int depth = depth(transaction);
        if (depth > MAX_DEPTH) {
            return Optional.of("too-long-mempool-chain");
        }
        return switch (InputAmounts.of(transaction, spent, height)) {
            case InputAmounts.Refused(String reason) -> Optional.of(reason);
            case InputAmounts.Sufficient(long feeSats) -> {
                entries.put(transaction.txid(), new Entry(transaction, feeSats, sigops, depth));
                transaction
                        .inputs()
                        .forEach(input -> spenders.put(input.previous(), transaction.txid()));
                changes++;
                yield Optional.empty();
            }
        };
    }

    private int depth(Transaction transaction) {
        int depth = 1;
        for (var input : transaction.inputs()) {
            var parent = entries.get(input.previous().txid());
            depth = parent == null ? depth : Math.max(depth, parent.depth() + 1);
        }
        return depth;
    }

    private Optional<Coin> find(OutPoint outPoint, int height) {
        var parent = entries.get(outPoint.txid());
        if (parent == null) {
            return chain.coins().find(outPoint);
        }
        var outputs = parent.transaction().outputs();
        return outPoint.index() >= 0 && outPoint.index() < outputs.size()
                ? Optional.of(new Coin(outputs.get(outPoint.index()), height, false))
                : Optional.empty();
    }

    private void collectWithParents(
            Entry entry, Map<Hash, Entry> selected, SequencedSet<Entry> family) {
        if (selected.containsKey(entry.transaction().txid()) || family.contains(entry)) {
            return;
        }
        for (var input : entry.transaction().inputs()) {
            var parent = entries.get(input.previous().txid());
            if (parent != null) {
                collectWithParents(parent, selected, family);
            }
        }
        family.add(entry);
    }
}
