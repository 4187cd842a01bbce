package adit.ledger.postgres;

import java.util.SortedMap;

import org.jspecify.annotations.Nullable;

/// Who earned what of one reward, as it is stored for ever: the scheme with its parameters, the bounds of the work that
/// counted (newest first), whether the oldest part was cut to the share or pro rata, the sums, and the credits.
///
/// `key` names the event, like the key of the posting it leads to. A distribution over an interval instead of a block
/// has no block. Of the credits, `directMsat` has what the block's own coinbase pays; the pool owes the rest.
///
/// **Invariant:** reward = fee + credits + unattributed + operator's part; nobody is paid directly more than is credited
/// to them. The database checks both too.
public record FrozenDistribution(
        String key,
        @Nullable Long blockId,
        String scheme,
        int version,
        String parametersJson,
        Position newest,
        Position oldest,
        Boundary boundary,
        long rewardMsat,
        long feeMsat,
        long unattributedMsat,
        long operatorMsat,
        SortedMap<Long, Long> creditsMsat,
        SortedMap<Long, Long> directMsat) {
    /// How the oldest part of the work was cut.
    public enum Boundary {
        EXACT,
        PRO_RATA
    }

    public FrozenDistribution {
        long parts = Math.addExact(Math.addExact(feeMsat, unattributedMsat), operatorMsat);
        Check.that(
                rewardMsat == Math.addExact(parts, sum(creditsMsat)),
                "a distribution gives all it was given");
        directMsat.forEach((account, msat) ->
                Check.that(
                        msat <= creditsMsat.getOrDefault(account, 0L),
                        "nobody is paid directly more than is credited"));
        Check.that(oldest.compareTo(newest) <= 0, "work counts from the oldest to the newest");
    }

    public long totalCreditsMsat() {
        return sum(creditsMsat);
    }

    public long totalDirectMsat() {
        return sum(directMsat);
    }

    private static long sum(SortedMap<Long, Long> amountsMsat) {
        return amountsMsat.values().stream().mapToLong(Long::longValue).reduce(0, Math::addExact);
    }
}
