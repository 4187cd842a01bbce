package adit.server.settle;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import adit.ledger.postgres.BlockState;
import adit.ledger.postgres.Blocks;
import adit.ledger.postgres.Books;
import adit.ledger.postgres.Distributions;
import adit.ledger.postgres.FoundBlock;
import adit.ledger.postgres.JournalCursors;
import adit.ledger.postgres.PostResult;
import adit.ledger.postgres.Transaction;
import adit.payout.Proportional;
import adit.payout.Scheme;

/// Brings the books of one block to where the block stands, from wherever they are.
///
/// ```
///                 ACTIVE                MATURE
///  (nothing) ────────────▶ pending ────────────────▶ released
///                │  ▲  orphan:n        │  ▲  orphan:n
///      reversal  ▼  │  unorphan:n      ▼  │  unorphan:n      a loss of the operator's
///               reversed               lost
/// ```
/// It keeps no state of its own: what is booked is read from the books by its key, and what is missing is booked in one
/// transaction with the block's row locked, so a crash at any point leaves a step done or not done, and of two who try
/// the second finds nothing to do. A distribution is computed once; when the block leaves the chain and comes back, the
/// reversal is reversed.
///
/// Money that was released is not taken back: a reorganisation deeper than maturity is booked as the operator's loss.
final class BlockSettlement {
    private final Schemes schemes;
    private final InstantSource clock;

    /// What was done to the books of a block.
    enum Step {
        CREDITED,
        RELEASED,
        REVERSED,
        LOST,
        RESTORED
    }

    /// What came of an attempt: the steps taken, and whether the books are now where the block is.
    record Outcome(List<Step> steps, int creditedAccounts, boolean isSettled) {
        static final Outcome NOT_YET = new Outcome(List.of(), 0, false);
        static final Outcome NOTHING_TO_DO = new Outcome(List.of(), 0, true);
    }

    /// How often the block left the chain and came back after it was credited, as the books have it.
    private record Departures(int left, int returned) {
        boolean isAway() {
            return left > returned;
        }
    }

    BlockSettlement(Schemes schemes, InstantSource clock) {
        this.schemes = schemes;
        this.clock = clock;
    }

    /// Whether the scheme of the block's finder is one this version knows.
    boolean knows(FoundBlock block) {
        return schemes.named(block.scheme()).isPresent();
    }

    Outcome settle(Connection connection, FoundBlock seen) throws SQLException {
        return switch (seen.state()) {
            case FOUND -> Outcome.NOT_YET;
            case ACTIVE, MATURE, ORPHANED ->
                    Transaction.run(connection, inside -> book(inside, seen));
        };
    }

    private Outcome book(Connection connection, FoundBlock block) throws SQLException {
        var scheme = schemes.named(block.scheme()).orElseThrow();
        var keys = BlockKeys.of(block, scheme);
        if (isWhereItBelongs(connection, block, keys)) {
            return Outcome.NOTHING_TO_DO;
        }
        // Writes nothing new, but holds the row until the end: the block stays in the state that is
        // being booked.
        if (!Blocks.confirm(connection, block, block.confirmations())) {
            return Outcome.NOT_YET;
        }
        // Another settler may have been quicker while this one waited for the row.
        if (isWhereItBelongs(connection, block, keys)) {
            return Outcome.NOTHING_TO_DO;
        }
        return block.state().isInChain()
                ? credit(connection, block, scheme, keys)
                : reverse(connection, keys);
    }

    private static boolean isWhereItBelongs(Connection connection, FoundBlock block, BlockKeys keys)
            throws SQLException {
        boolean isCredited = isBooked(connection, keys.credit());
        boolean isAway = isCredited && departures(connection, keys).isAway();
        return switch (block.state()) {
            case ACTIVE -> isCredited && !isAway;
            case MATURE -> isCredited && !isAway && isBooked(connection, keys.mature());
            case ORPHANED -> !isCredited || isAway;
            case FOUND -> true;
        };
    }

    private Outcome credit(Connection connection, FoundBlock block, Scheme scheme, BlockKeys keys)
            throws SQLException {
        var steps = new ArrayList<Step>();
        var frozen = Distributions.find(connection, keys.credit());
        if (frozen.isEmpty()) {
            if (!isReady(connection, block, scheme)) {
                return Outcome.NOT_YET;
            }
            var computed = RewardShares.of(connection, block, scheme, keys.credit());
            // Somebody else may freeze it in this moment; what is frozen is what counts.
            Distributions.freeze(connection, computed);
            frozen = Distributions.find(connection, keys.credit());
        }
        var distribution = frozen.orElseThrow();
        if (distribution.rewardMsat() == 0) {
            return new Outcome(steps, 0, true);
        }
        if (post(Books.post(connection, Postings.credit(distribution, blockTime(block))))) {
            steps.add(Step.CREDITED);
        }
        var departures = departures(connection, keys);
        if (departures.isAway()) {
            int n = departures.left;
            post(Books.reverse(connection, keys.unorphan(n), keys.orphan(n), clock.instant()));
            steps.add(Step.RESTORED);
        }
        if (block.state() == BlockState.MATURE
                && post(
                        Books.post(
                                connection,
                                Postings.release(keys.mature(), distribution, clock.instant())))) {
            steps.add(Step.RELEASED);
        }
        return new Outcome(steps, distribution.creditsMsat().size(), true);
    }

    /// Whether everything that decides who earns the block is known.
    private static boolean isReady(Connection connection, FoundBlock block, Scheme scheme)
            throws SQLException {
        return JournalCursors.havePassed(connection, block.position())
                && (!(scheme instanceof Proportional) || isRoundDecided(connection, block));
    }

    /// A round begins where the one before ended, so whether that block counts has to be known first.
    private static boolean isRoundDecided(Connection connection, FoundBlock block)
            throws SQLException {
        return Blocks.in(connection, BlockState.FOUND).stream()
                .filter(other -> other.scheme().equals(block.scheme()))
                .noneMatch(other -> other.position().compareTo(block.position()) < 0);
    }

    private Outcome reverse(Connection connection, BlockKeys keys) throws SQLException {
        int n = departures(connection, keys).left + 1;
        if (isBooked(connection, keys.mature())) {
            var distribution = Distributions.find(connection, keys.credit()).orElseThrow();
            post(
                    Books.post(
                            connection,
                            Postings.loss(keys.orphan(n), distribution, clock.instant())));
            return new Outcome(List.of(Step.LOST), distribution.creditsMsat().size(), true);
        }
        var booked = n == 1 ? keys.credit() : keys.unorphan(n - 1);
        post(Books.reverse(connection, keys.orphan(n), booked, clock.instant()));
        return new Outcome(List.of(Step.REVERSED), 0, true);
    }

    private static Departures departures(Connection connection, BlockKeys keys)
            throws SQLException {
        int left = 0;
        while (isBooked(connection, keys.orphan(left + 1))) {
            left++;
        }
        boolean isBack = left == 0 || isBooked(connection, keys.unorphan(left));
        return new Departures(left, isBack ? left : left - 1);
    }

    private static boolean isBooked(Connection connection, String key) throws SQLException {
        return Books.find(connection, key).isPresent();
    }

    /// Whether this call booked it; false if it was booked before.
    private static boolean post(PostResult result) {
        Check.that(result.isBooked(), "a block's own event can always be booked");
        return result instanceof PostResult.Created;
    }

    private static Instant blockTime(FoundBlock block) {
        return Times.ofMicros(block.position().timeMicros());
    }
}
