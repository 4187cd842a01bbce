package adit.server.settle;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import adit.ledger.journal.ShareClass;
import adit.ledger.postgres.Books;
import adit.ledger.postgres.Distributions;
import adit.ledger.postgres.FrozenDistribution;
import adit.ledger.postgres.JournalCursors;
import adit.ledger.postgres.LedgerCode;
import adit.ledger.postgres.PostResult;
import adit.ledger.postgres.Transaction;
import adit.ledger.postgres.WorkWindow;
import adit.payout.NetworkDifficulty;
import adit.payout.OrderRange;
import adit.payout.Pps;
import adit.payout.PpsAccrual;
import adit.payout.Rational;
import adit.payout.WorkSlice;
import adit.server.config.PoolConfig;

/// Work at a fixed price: that of each closed interval priced and credited at once, interval after interval. By pay
/// per share, or bought by the operator because it is late through the pool's own fault ([Paid]).
///
/// An interval is closed when the journals of all servers are projected past its end. All accounts of an interval are
/// frozen in one distribution and credited in the same transaction, each under its own key. The fraction of a
/// millisatoshi that an account is left with stands in that distribution and is where its next interval begins, so
/// what is credited never drifts from the exact value of the work.
///
/// Intervals without such work leave no trace. Their length may be changed: the next begins where the last one ended.
///
/// **Owner:** the settler's thread. **Limits:** one interval's accounts in memory.
final class PpsIntervals {
    private static final String CARRIES = "carries";
    private static final String UNTIL = "until";

    /// What is paid so, and where it is booked.
    enum Paid {
        PPS(PoolConfig.Scheme.Kind.PPS.name(), "accrue:", LedgerCode.SHARE_COST),
        OURS(ShareClass.OURS_SCHEME, "ours:", LedgerCode.OUR_LATENESS);

        private final String scheme;
        private final String key;
        private final LedgerCode expense;

        Paid(String scheme, String key, LedgerCode expense) {
            this.scheme = scheme;
            this.key = key;
            this.expense = expense;
        }
    }

    private final Paid paid;
    private final long intervalSeconds;
    private final InstantSource clock;
    private @Nullable Instant accruedUntil;
    private Set<Integer> waitedFor = Set.of();

    /// What an interval gave to how many accounts; nobody where it had no such work.
    record Closed(Instant from, Instant to, int accounts) {}

    PpsIntervals(Paid paid, Duration interval, InstantSource clock) {
        Check.that(
                interval.toSeconds() > 0 && interval.toSeconds() % 60 == 0,
                "an interval is whole minutes");
        this.paid = paid;
        this.intervalSeconds = interval.toSeconds();
        this.clock = clock;
    }

    /// The oldest minute of such work before `now` that is not in a closed interval.
    static Optional<Instant> firstUnpaid(Connection connection, Paid paid, Instant now)
            throws SQLException {
        return WorkWindow.firstMinute(connection, paid.scheme, lastEnd(connection, paid), now);
    }

    /// After trouble with the database: what is accrued is what it says.
    void forget() {
        accruedUntil = null;
    }

    /// Accrues the oldest closed interval with work in it; nothing where there is none.
    ///
    /// Each question sees what was stored until it is asked. So work is looked for again once all servers have passed:
    /// what came between the two questions may be older than what the first one found.
    Optional<Closed> accrueNext(Connection connection) throws SQLException {
        return Transaction.run(connection, this::closeNext);
    }

    private Optional<Closed> closeNext(Connection connection) throws SQLException {
        var servers =
                JournalCursors.servers(connection).stream()
                        .filter(server -> !server.isLost())
                        .map(JournalCursors.Server::id)
                        .collect(Collectors.toSet());
        if (!servers.equals(waitedFor)) {
            // Of what one that was not waited for brings, whatever is in no closed interval is
            // paid.
            waitedFor = servers;
            forget();
        }
        var begin = accruedUntil == null ? lastEnd(connection, paid) : accruedUntil;
        // Minutes that are not over yet can't be in a closed interval.
        var now = floor(clock.instant());
        var first = WorkWindow.firstMinute(connection, paid.scheme, begin, now);
        if (first.isEmpty()) {
            accruedUntil = closedUntil(connection, begin, now);
            return Optional.empty();
        }
        var from = later(begin, floor(first.get()));
        var to = floor(first.get()).plusSeconds(intervalSeconds);
        if (!JournalCursors.havePassed(connection, Times.before(to))
                || !first.equals(WorkWindow.firstMinute(connection, paid.scheme, begin, now))) {
            return Optional.empty();
        }
        int accounts = close(connection, from, to);
        // Read again next time: somebody else may have closed it, with another end.
        accruedUntil = null;
        return Optional.of(new Closed(from, to, accounts));
    }

    /// An empty stretch need not be searched again once nothing can come into it.
    private @Nullable Instant closedUntil(Connection connection, Instant begin, Instant now)
            throws SQLException {
        boolean isEmpty =
                now.isAfter(begin)
                        && JournalCursors.havePassed(connection, Times.before(now))
                        && WorkWindow.firstMinute(connection, paid.scheme, begin, now).isEmpty();
        return isEmpty ? now : accruedUntil;
    }

    private int close(Connection connection, Instant from, Instant to) throws SQLException {
        var work = new TreeMap<Long, ArrayList<WorkSlice>>();
        for (var sum : WorkWindow.interval(connection, paid.scheme, from, to)) {
            work.computeIfAbsent(sum.accountId(), _ -> new ArrayList<>()).add(slice(sum));
        }
        var carries = carries(connection, work.keySet());
        var accrued = new TreeMap<Long, PpsAccrual.Accrued>();
        work.forEach((account, slices) ->
                accrued.put(
                        account, carries.getOrDefault(account, PpsAccrual.NOTHING).accrue(slices)));
        if (!Distributions.freeze(connection, distribution(from, to, accrued))) {
            return 0;
        }
        for (var entry : accrued.entrySet()) {
            post(connection, from, to, entry.getKey(), entry.getValue());
        }
        return accrued.size();
    }

    private void post(
            Connection connection, Instant from, Instant to, long account, PpsAccrual.Accrued sum)
            throws SQLException {
        if (sum.creditMsat() == 0 && sum.feeMsat() == 0) {
            return;
        }
        var key = paid.key + account + ":" + from;
        var posting =
                Postings.accrual(key, paid.expense, account, sum.creditMsat(), sum.feeMsat(), to);
        Check.that(
                Books.post(connection, posting) instanceof PostResult.Created,
                "an interval that was not frozen was not booked");
    }

    private static WorkSlice slice(WorkWindow.IntervalWork sum) {
        return WorkSlice.ofShares(
                sum.accountId(),
                sum.feeBps(),
                new OrderRange(0, 0),
                sum.shares().longValueExact(),
                sum.difficultyUnits(),
                NetworkDifficulty.ofNBits(sum.nBits()),
                sum.subsidySats());
    }

    private FrozenDistribution distribution(
            Instant from, Instant to, SortedMap<Long, PpsAccrual.Accrued> accrued) {
        long feeMsat = 0;
        long creditsMsat = 0;
        var credits = new TreeMap<Long, Long>();
        var carries = new TreeMap<String, String[]>();
        for (var entry : accrued.entrySet()) {
            var sum = entry.getValue();
            feeMsat = Math.addExact(feeMsat, sum.feeMsat());
            creditsMsat = Math.addExact(creditsMsat, sum.creditMsat());
            // An account that earned less than a unit is there too, for the sake of its carry.
            credits.put(entry.getKey(), sum.creditMsat());
            carries.put(
                    Long.toString(entry.getKey()),
                    new String[] {sum.next().carry().toString(), sum.next().feeCarry().toString()});
        }
        var parameters = new TreeMap<String, Object>(Schemes.parameters(new Pps()));
        parameters.put(UNTIL, to.toString());
        parameters.put(CARRIES, carries);
        return new FrozenDistribution(
                key(from),
                null,
                paid.scheme,
                Schemes.VERSION,
                Json.write(parameters),
                Times.begin(to),
                Times.begin(from),
                FrozenDistribution.Boundary.EXACT,
                Math.addExact(creditsMsat, feeMsat),
                feeMsat,
                0,
                0,
                credits,
                Collections.emptySortedMap());
    }

    private String key(Instant from) {
        return paid.key + from;
    }

    /// Where the last closed interval ended.
    private static Instant lastEnd(Connection connection, Paid paid) throws SQLException {
        return Distributions.lastInterval(connection, paid.scheme)
                .map(last -> Instant.parse(Json.read(last.parametersJson()).get(UNTIL).asString()))
                .orElse(Instant.EPOCH);
    }

    /// What each account was left with after its last interval.
    private Map<Long, PpsAccrual> carries(Connection connection, Set<Long> accounts)
            throws SQLException {
        var lastKeys = Distributions.lastIntervalKeys(connection, paid.scheme, accounts);
        var carries = new TreeMap<Long, PpsAccrual>();
        for (var key : new TreeSet<>(lastKeys.values())) {
            var last = Distributions.find(connection, key).orElseThrow();
            var left = Json.read(last.parametersJson()).get(CARRIES);
            lastKeys.forEach((account, lastKey) -> {
                if (lastKey.equals(key)) {
                    carries.put(account, carry(left.get(Long.toString(account))));
                }
            });
        }
        return carries;
    }

    private static PpsAccrual carry(JsonNode pair) {
        return new PpsAccrual(
                Rational.parse(pair.get(0).asString()), Rational.parse(pair.get(1).asString()));
    }

    private Instant floor(Instant instant) {
        return Instant.ofEpochSecond(
                Math.floorDiv(instant.getEpochSecond(), intervalSeconds) * intervalSeconds);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
