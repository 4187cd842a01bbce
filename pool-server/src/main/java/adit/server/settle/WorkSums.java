package adit.server.settle;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import adit.ledger.postgres.Work;
import adit.payout.NetworkDifficulty;
import adit.payout.OrderRange;
import adit.payout.Rational;
import adit.payout.WorkSlice;

/// Work added up per account, pool fee and network difficulty, which is all a block's reward depends on.
///
/// So a window of millions of slices takes the room of its accounts. A share is capped at one block before it is
/// added, by [WorkSlice#ofShares].
///
/// **Owner:** the call that made it.
final class WorkSums {
    private record Key(long account, int feeBps, NetworkDifficulty network) {}

    private final Map<Integer, NetworkDifficulty> networks;
    private final Map<Key, BigInteger> units = new LinkedHashMap<>();
    private final Map<NetworkDifficulty, BigInteger> ofNetwork = new HashMap<>();

    WorkSums() {
        this(new HashMap<>());
    }

    private WorkSums(Map<Integer, NetworkDifficulty> networks) {
        this.networks = networks;
    }

    /// Empty sums that share what is known of network difficulties.
    WorkSums fresh() {
        return new WorkSums(networks);
    }

    void add(Work work) {
        var slice = slice(work, 0);
        add(new Key(slice.account(), slice.feeBps(), slice.network()), slice.difficultyUnits());
    }

    void addAll(WorkSums other) {
        other.units.forEach(this::add);
    }

    /// One piece of work as the payout engine takes it, at its own place in the order.
    WorkSlice slice(Work work, long order) {
        return WorkSlice.ofShares(
                work.accountId(),
                work.feeBps(),
                new OrderRange(order, order),
                work.shares(),
                work.difficultyUnits(),
                networks.computeIfAbsent(work.nBits(), NetworkDifficulty::ofNBits),
                work.subsidySats());
    }

    /// The sums, all at one place in the order.
    List<WorkSlice> slices(long order) {
        var slices = new ArrayList<WorkSlice>(units.size());
        units.forEach((key, sum) -> slices.add(slice(key, sum, order)));
        return slices;
    }

    /// Expected blocks all of it is worth.
    Rational weight() {
        var weight = Rational.ZERO;
        for (var entry : ofNetwork.entrySet()) {
            var all = new Key(1, 0, entry.getKey());
            weight = weight.plus(slice(all, entry.getValue(), 0).weight());
        }
        return weight;
    }

    private void add(Key key, BigInteger difficultyUnits) {
        units.merge(key, difficultyUnits, BigInteger::add);
        ofNetwork.merge(key.network, difficultyUnits, BigInteger::add);
    }

    /// The subsidy is left out: a block is shared out by work, whatever a block paid when it was done.
    private static WorkSlice slice(Key key, BigInteger sum, long order) {
        return new WorkSlice(
                key.account, key.feeBps, order, order, sum, key.network, 0, WorkSlice.OWN_TEMPLATE);
    }
}
