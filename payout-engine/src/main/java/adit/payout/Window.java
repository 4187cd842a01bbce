package adit.payout;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/// A walk from the newest work backwards until a number of expected blocks is reached, split by fee and account.
///
/// Weights are kept as integers over one common denominator, `scale`, which grows when work of another network
/// difficulty appears. That is rare, so a slice costs one multiplication and one addition.
///
/// Slices of the same newest order are taken together, each with the same fraction where the window ends among
/// them: where single shares are no longer kept, work of one minute has no order of its own.
///
/// **Owner:** the call that made it. **Invariant:** the weights sum to `filled`.
final class Window {
    private final SortedMap<Integer, SortedMap<Long, BigInteger>> weights = new TreeMap<>();
    private final Map<NetworkDifficulty, BigInteger> weightOfAUnit = new HashMap<>();
    private BigInteger scale = BigInteger.ONE;
    private BigInteger filled = BigInteger.ZERO;
    private BigInteger size = BigInteger.ZERO;
    private long oldestOrder;
    private Rational oldestWeight = Rational.ZERO;
    private @Nullable OrderRange crossed;

    private Window() {}

    /// The newest work, as far as the scheme's window reaches.
    static Window of(Pplns scheme, Iterable<WorkSlice> newestFirst) {
        var window = new Window();
        window.scale = scheme.windowBlocks().denominator();
        window.size = scheme.windowBlocks().numerator();
        var together = new ArrayList<WorkSlice>();
        for (var slice : newestFirst) {
            long order =
                    together.isEmpty() ? slice.newestOrder() : together.getFirst().newestOrder();
            Check.that(slice.newestOrder() <= order, "work must come newest first");
            if (slice.newestOrder() < order) {
                window.take(together, scheme.cutoff());
                together.clear();
                if (window.isFull()) {
                    return window;
                }
            }
            together.add(slice);
        }
        window.take(together, scheme.cutoff());
        return window;
    }

    /// All the work there is.
    static Window ofAll(Iterable<WorkSlice> newestFirst) {
        var window = new Window();
        for (var slice : newestFirst) {
            window.countAll(List.of(slice));
        }
        window.size = window.filled;
        return window;
    }

    boolean isEmpty() {
        return filled.signum() == 0;
    }

    /// Weights by fee and account, over a denominator common to all of them, [#filled] and [#missing].
    SortedMap<Integer, SortedMap<Long, BigInteger>> weights() {
        return weights;
    }

    BigInteger filled() {
        return filled;
    }

    /// Work the window would still hold.
    BigInteger missing() {
        return size.subtract(filled).max(BigInteger.ZERO);
    }

    WindowReport report() {
        return new WindowReport(new Rational(filled, scale), oldestOrder, oldestWeight, crossed);
    }

    private boolean isFull() {
        return crossed != null || filled.compareTo(size) >= 0;
    }

    private void take(List<WorkSlice> together, Pplns.Cutoff cutoff) {
        together.forEach(slice -> meet(slice.network()));
        var weight = BigInteger.ZERO;
        for (var slice : together) {
            weight = weight.add(weight(slice));
        }
        if (weight.compareTo(missing()) <= 0) {
            countAll(together);
            return;
        }
        crossed = new OrderRange(together.getFirst().newestOrder(), oldest(together));
        switch (cutoff) {
            case WHOLE -> countAll(together);
            case PARTIAL -> countPart(together, missing(), weight);
            case EXCLUDE -> {}
        }
    }

    private void countAll(List<WorkSlice> together) {
        together.forEach(slice -> meet(slice.network()));
        var before = filled;
        for (var slice : together) {
            count(slice, weight(slice));
        }
        reach(together, filled.subtract(before));
    }

    /// Counts `room / weight` of every slice, exactly: the denominator takes on `weight` as a factor.
    private void countPart(List<WorkSlice> together, BigInteger room, BigInteger weight) {
        rescale(weight);
        for (var slice : together) {
            // weight(slice) is over the new denominator already, so the factor taken on divides
            // out.
            count(slice, weight(slice).divide(weight).multiply(room));
        }
        reach(together, room.multiply(weight));
    }

    private void count(WorkSlice slice, BigInteger weight) {
        weights.computeIfAbsent(slice.feeBps(), _ -> new TreeMap<>())
                .merge(slice.account(), weight, BigInteger::add);
        filled = filled.add(weight);
    }

    private void reach(List<WorkSlice> together, BigInteger weight) {
        if (weight.signum() > 0) {
            oldestOrder = oldest(together);
            oldestWeight = new Rational(weight, scale);
        }
    }

    private BigInteger weight(WorkSlice slice) {
        var ofAUnit = weightOfAUnit.get(slice.network());
        if (ofAUnit == null) {
            throw new IllegalStateException("work is weighed after its network is met");
        }
        return slice.difficultyUnits().multiply(ofAUnit);
    }

    /// Makes the denominator hold one unit of work at this network difficulty without a rest.
    private void meet(NetworkDifficulty network) {
        if (weightOfAUnit.containsKey(network)) {
            return;
        }
        var unitsInABlock = network.numerator().shiftLeft(WorkSlice.UNIT_BITS);
        rescale(unitsInABlock.divide(unitsInABlock.gcd(scale)));
        weightOfAUnit.put(network, scale.divide(unitsInABlock).multiply(network.denominator()));
    }

    private void rescale(BigInteger factor) {
        if (factor.equals(BigInteger.ONE)) {
            return;
        }
        scale = scale.multiply(factor);
        size = size.multiply(factor);
        filled = filled.multiply(factor);
        weightOfAUnit.replaceAll((_, weight) -> weight.multiply(factor));
        for (var ofFee : weights.values()) {
            ofFee.replaceAll((_, weight) -> weight.multiply(factor));
        }
    }

    private static long oldest(List<WorkSlice> together) {
        return together.stream().mapToLong(WorkSlice::oldestOrder).min().orElseThrow();
    }
}
