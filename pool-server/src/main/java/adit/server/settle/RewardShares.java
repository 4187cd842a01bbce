package adit.server.settle;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import adit.ledger.postgres.FoundBlock;
import adit.ledger.postgres.FrozenDistribution;
import adit.ledger.postgres.FrozenDistribution.Boundary;
import adit.ledger.postgres.Position;
import adit.ledger.postgres.Work;
import adit.ledger.postgres.WorkWindow;
import adit.payout.Distribution;
import adit.payout.Finder;
import adit.payout.Fpps;
import adit.payout.Pplns;
import adit.payout.Pps;
import adit.payout.Proportional;
import adit.payout.Rational;
import adit.payout.Scheme;
import adit.payout.Settlement;
import adit.payout.Solo;
import adit.payout.WorkSlice;

/// Who earns a block: reads the work its scheme looks at and lets the payout engine share the reward out.
///
/// The newest work is the block's own share. The minute in which a PPLNS window ends is taken share by share, so the
/// window ends inside one share and exactly; where that day's shares are gone the minute's work is taken pro rata, and
/// the distribution says so. A round ends at shares in the same way.
///
/// **Invariant:** a function of the projected work up to the block and, for rounds, of which blocks are in the chain.
final class RewardShares {
    private static final long MSAT_IN_A_SAT = 1_000;
    private static final long WHOLE_MINUTES = 2;
    private static final long LAST_MINUTE = 1;
    private static final long FIRST_SHARE = 0;

    private final Connection connection;
    private final FoundBlock block;
    private final Scheme scheme;
    private final String key;

    /// Work that was looked at: for the engine, and where it ends.
    private record Share(Distribution distribution, Position oldest, Boundary boundary) {}

    private RewardShares(Connection connection, FoundBlock block, Scheme scheme, String key) {
        this.connection = connection;
        this.block = block;
        this.scheme = scheme;
        this.key = key;
    }

    /// Shares out the block's reward; needs a transaction, in which nothing is written.
    static FrozenDistribution of(Connection connection, FoundBlock block, Scheme scheme, String key)
            throws SQLException {
        return new RewardShares(connection, block, scheme, key).share();
    }

    private FrozenDistribution share() throws SQLException {
        var share =
                switch (scheme) {
                    case Pplns pplns -> ofWindow(pplns);
                    case Proportional _ -> ofRound();
                    case Solo _ -> new Share(ofFinder(), block.position(), Boundary.EXACT);
                    case Pps _, Fpps _ ->
                            new Share(distribute(List.of()), block.position(), Boundary.EXACT);
                };
        var distribution = share.distribution;
        var direct = direct(distribution);
        return new FrozenDistribution(
                key,
                block.id(),
                block.scheme(),
                Schemes.VERSION,
                Json.write(parameters(distribution)),
                block.position(),
                share.oldest,
                share.boundary,
                distribution.rewardMsat(),
                distribution.feeMsat(),
                distribution.unattributedMsat(),
                distribution.operatorMsat(),
                distribution.creditsMsat(),
                direct);
    }

    private Share ofWindow(Pplns pplns) throws SQLException {
        var window = new WorkWindow(block.scheme(), block.position(), Position.START);
        var walk = new Walk(pplns.windowBlocks());
        window.minutes(connection, walk::needsMoreThan);
        var whole = walk.wholeMinutes.slices(WHOLE_MINUTES);
        var slices = new ArrayList<>(whole);
        slices.addAll(walk.lastMinute.slices(LAST_MINUTE));
        var proRata = distribute(slices);
        if (proRata.window().crossed() == null) {
            return new Share(proRata, walk.oldest(block), walk.boundary());
        }
        var shares = sharesOfTheLastMinute(window, walk, pplns);
        if (shares.isEmpty()) {
            return new Share(proRata, walk.oldest(block), Boundary.PRO_RATA);
        }
        long order = FIRST_SHARE;
        for (var share : shares) {
            whole.add(walk.lastMinute.slice(share, order--));
        }
        var exact = distribute(whole);
        int reached = Math.toIntExact(FIRST_SHARE - exact.window().oldestOrder());
        return new Share(exact, shares.get(reached).oldest(), walk.boundary());
    }

    /// The shares of the minute the window ends in, newest first, as many as it needs; none where they are not kept.
    private List<Work> sharesOfTheLastMinute(WorkWindow window, Walk walk, Pplns pplns)
            throws SQLException {
        var room = pplns.windowBlocks().minus(walk.wholeMinutes.weight());
        var shares = new ArrayList<Work>();
        var taken = walk.lastMinute.fresh();
        window.shares(
                connection,
                walk.minute().minute(),
                share -> {
                    shares.add(share);
                    taken.add(share);
                    return taken.weight().compareTo(room) < 0;
                });
        return shares;
    }

    private Share ofRound() throws SQLException {
        var walk = new Walk(null);
        WorkWindow.round(connection, block).minutes(connection, walk::needsMoreThan);
        var slices = new ArrayList<>(walk.wholeMinutes.slices(WHOLE_MINUTES));
        slices.addAll(walk.lastMinute.slices(LAST_MINUTE));
        return new Share(distribute(slices), walk.oldest(block), walk.boundary());
    }

    /// A coinbase pays whole satoshi, rounded in the finder's favour, and all of the reward where the fee would be
    /// dust: then what it pays is what the finder gets. Where it pays less than was earned, the pool owes the rest.
    private Distribution ofFinder() {
        var earned = distribute(List.of());
        long paidMsat = directMsat();
        if (paidMsat <= earned.creditsMsat().getOrDefault(block.accountId(), 0L)) {
            return earned;
        }
        return new Distribution(
                earned.rewardMsat(),
                earned.rewardMsat() - paidMsat,
                new TreeMap<>(Map.of(block.accountId(), paidMsat)),
                0,
                0,
                earned.window());
    }

    private SortedMap<Long, Long> direct(Distribution distribution) {
        Check.that(
                directMsat() <= distribution.creditsMsat().getOrDefault(block.accountId(), 0L),
                "a coinbase pays its finder what the finder has earned");
        return directMsat() == 0
                ? Collections.emptySortedMap()
                : new TreeMap<>(Map.of(block.accountId(), directMsat()));
    }

    private long directMsat() {
        return Math.multiplyExact(block.directSats(), MSAT_IN_A_SAT);
    }

    private Distribution distribute(List<WorkSlice> slices) {
        return Settlement.distribute(
                scheme,
                Math.multiplyExact(block.rewardSats(), MSAT_IN_A_SAT),
                slices,
                new Finder(block.accountId(), block.feeBps()));
    }

    private Map<String, String> parameters(Distribution distribution) {
        var parameters = Schemes.parameters(scheme);
        switch (scheme) {
            case Pplns _, Proportional _ -> {
                parameters.put("filledBlocks", distribution.window().filledBlocks().toString());
                parameters.put("oldestWeight", distribution.window().oldestWeight().toString());
            }
            case Solo _ -> {
                parameters.put("finderFeeBps", Integer.toString(block.feeBps()));
                if (block.directSats() > 0) {
                    parameters.put("directSats", Long.toString(block.directSats()));
                }
            }
            case Pps _, Fpps _ -> {
                // The work is paid already; a block is the operator's.
            }
        }
        return parameters;
    }

    /// Minutes newest first: all but the last one seen are summed up, for no window ends in them.
    private static final class Walk {
        private final @Nullable Rational windowBlocks;
        private final WorkSums wholeMinutes = new WorkSums();
        private WorkSums lastMinute = wholeMinutes.fresh();
        private final List<WorkWindow.Minute> seen = new ArrayList<>(1);
        private boolean isExact = true;

        /// @param windowBlocks what is needed at most; all there is, if absent
        private Walk(@Nullable Rational windowBlocks) {
            this.windowBlocks = windowBlocks;
        }

        private boolean needsMoreThan(WorkWindow.Minute minute) {
            wholeMinutes.addAll(lastMinute);
            lastMinute = wholeMinutes.fresh();
            minute.work().forEach(lastMinute::add);
            seen.clear();
            seen.add(minute);
            isExact &= minute.isExact();
            return windowBlocks == null
                    || wholeMinutes.weight().plus(lastMinute.weight()).compareTo(windowBlocks) < 0;
        }

        private WorkWindow.Minute minute() {
            return seen.getLast();
        }

        /// Minutes come newest first, so the oldest share of all is in the last one.
        private Position oldest(FoundBlock block) {
            var shares = seen.stream().flatMap(minute -> minute.work().stream()).map(Work::oldest);
            return Stream.concat(shares, Stream.of(block.position()))
                    .min(Position::compareTo)
                    .orElseThrow();
        }

        private Boundary boundary() {
            return isExact ? Boundary.EXACT : Boundary.PRO_RATA;
        }
    }
}
