package adit.server.source;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import io.micrometer.core.instrument.Counter;
import org.jspecify.annotations.Nullable;

import adit.server.config.Limits;
import adit.server.keep.SnapshotFile;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;

/// Who may connect: counts the connections of the pool and of each source, remembers who has delivered work,
/// and keeps out for a while who only cost it.
///
/// Work buys *credit*: each time the accepted shares of a source reach [Limits#CREDIT_UNITS], or the work of one
/// block where that is less, it has credit for seven days from then. Below the pool's own limit it is
/// never refused, because a farm behind one address comes back all at once. The others may have so many
/// connections, and new ones so often. Credit and penalties outlive a restart.
///
/// **Owner:** any thread. Each [Source] is immutable and replaced within one step of the map; a connection
/// comes here with its shares until its source has credit, and every few seconds from then on.
/// **Limits:** the pool's connections, and [Bounds#remembered] sources beside those connected; who is
/// not connected is forgotten first, then who is not being punished, then who has no credit.
public final class Sources {

    /// What one kept source takes at most in its file, and the version of its lines.
    public static final int MAX_LINE_BYTES = SourceLine.MAX_BYTES;

    public static final int LINE_VERSION = SourceLine.VERSION;

    /// How many there may be.
    ///
    /// @param connections of the whole pool
    /// @param remembered sources beside those that are connected
    /// @param limitsLoopback whether this machine's own addresses are sources like others
    public record Bounds(int connections, int remembered, boolean limitsLoopback) {
        public static Bounds of(int connections, boolean limitsLoopback) {
            return new Bounds(connections, Limits.REMEMBERED_SOURCES, limitsLoopback);
        }
    }

    private static final int PERCENT = 100;
    private static final int FORGOTTEN_AT_ONCE = 8;
    private static final Allowance PENALTY_LINES = Allowance.perSecond(1, 20);

    private final Bounds bounds;
    private final int mostWaiting;
    private final BooleanSupplier isOverloaded;
    private final LongSupplier blockUnits;
    private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);
    private final Map<CloseReason, Counter> closings = new EnumMap<>(CloseReason.class);
    private final Map<CloseReason, Counter> penalties = new EnumMap<>(CloseReason.class);
    private final EventLog events;
    private final LongSupplier nanoClock;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong visits = new AtomicLong();
    private final AtomicLong linesSpent;
    private final RefusedLogins refusedLogins;
    private final ConcurrentHashMap<SourceAddress, Source> sources = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Long, Visit> waiting = new ConcurrentSkipListMap<>();
    private final AtomicBoolean hasNews = new AtomicBoolean();

    /// @param isOverloaded whether nobody new may come in
    /// @param blockUnits what a block costs by now, in difficulty units
    public Sources(
            Bounds bounds,
            BooleanSupplier isOverloaded,
            LongSupplier blockUnits,
            PoolMetrics metrics,
            EventLog events,
            LongSupplier nanoClock) {
        this.bounds = bounds;
        this.mostWaiting =
                Math.max(1, bounds.connections() * Limits.SETUP_PERCENT_WITHOUT_WORK / PERCENT);
        this.isOverloaded = isOverloaded;
        this.blockUnits = blockUnits;
        this.events = events;
        this.nanoClock = nanoClock;
        this.linesSpent = new AtomicLong(nanoClock.getAsLong());
        this.refusedLogins = new RefusedLogins(events, nanoClock);
        for (var refusal : Refusal.values()) {
            refusals.put(refusal, metrics.connectionsRefused(refusal.label()));
        }
        for (var reason : CloseReason.values()) {
            closings.put(reason, metrics.connectionsClosed(reason.label()));
            if (reason.isOffence()) {
                penalties.put(reason, metrics.penalties(reason.label()));
            }
        }
    }

    /// Decides on a new connection, before anything is made for it.
    ///
    /// @param close closes it, from any thread
    /// @return null where it is refused; then nothing is to be given back
    public @Nullable Visit enter(InetAddress client, Runnable close) {
        if (!takesPlace()) {
            return null;
        }
        var from = limited(client);
        if (from != null && !enters(from)) {
            open.decrementAndGet();
            return null;
        }
        var visit = new Visit(this, visits.incrementAndGet(), from, close);
        awaitsLogin(visit);
        return visit;
    }

    /// Decides on a connection from a trusted proxy, which will say for whom it comes.
    public @Nullable Visit enterFromProxy(Runnable close) {
        return takesPlace() ? new Visit(this, visits.incrementAndGet(), null, close) : null;
    }

    /// Connections there are.
    public int open() {
        return open.get();
    }

    /// Who is kept out at this moment.
    ///
    /// @param wallClock what the times of the answer are told by
    public List<Penalty> penalties(InstantSource wallClock) {
        long now = nanoClock.getAsLong();
        var wallNow = wallClock.instant();
        return sources.entrySet().stream()
                .filter(e -> e.getValue().isPunished(now))
                .map(e -> shown(e.getKey(), e.getValue().sentence(), now, wallNow))
                .sorted(Comparator.comparing(Penalty::since).thenComparing(Penalty::source))
                .toList();
    }

    /// Lets a source in again and forgets its penalties; false where it had none.
    public boolean lift(SourceAddress source) {
        var lifted = new boolean[1];
        sources.computeIfPresent(
                source,
                (_, s) -> {
                    lifted[0] = s.sentence() != null;
                    return s.forgiven();
                });
        if (lifted[0]) {
            hasNews.set(true);
            events.penaltyLifted(source.toString());
        }
        return lifted[0];
    }

    /// Recalls who had credit or a penalty before the process began.
    public void recall(SnapshotFile file, InstantSource wallClock) {
        long now = nanoClock.getAsLong();
        var wallNow = wallClock.instant();
        for (var text : file.read()) {
            SourceLine.parse(text, now, wallNow)
                    .ifPresent(line -> sources.put(line.address(), line.source()));
        }
    }

    /// Whether somebody has earned credit, been kept out or been let in again since the file was written.
    public boolean hasNews() {
        return hasNews.get();
    }

    /// Writes down who has credit or a penalty, the latest credit first where they are too many, and forgets
    /// what is not worth remembering. For one thread at a time, which may wait for the disk.
    public void keep(SnapshotFile file, InstantSource wallClock) {
        hasNews.set(false);
        long now = nanoClock.getAsLong();
        var wallNow = wallClock.instant();
        for (var source : sources.keySet()) {
            sources.computeIfPresent(
                    source, (_, s) -> s.open() == 0 && s.worth(now) == 0 ? null : s);
        }
        file.write(
                sources.entrySet().stream()
                        .filter(e -> SourceLine.isDue(e.getValue(), now))
                        .sorted(latestCreditFirst(now))
                        .limit(Limits.REMEMBERED_SOURCES)
                        .map(e -> new SourceLine(e.getKey(), e.getValue()).text(now, wallNow))
                        .toList());
    }

    /// Sources that are remembered at this moment.
    public int known() {
        return sources.size();
    }

    @Nullable SourceAddress limited(InetAddress client) {
        return !bounds.limitsLoopback() && client.isLoopbackAddress()
                ? null
                : SourceAddress.of(client);
    }

    boolean enters(SourceAddress from) {
        long now = nanoClock.getAsLong();
        if (sources.size() >= bounds.connections() + bounds.remembered()
                && !sources.containsKey(from)) {
            forgetSome(now);
        }
        @Nullable Refusal[] refusal = new Refusal[1];
        sources.compute(
                from,
                (_, known) -> {
                    var source = known == null ? Source.unknown(now) : known;
                    var refuses = source.refusal(now);
                    refusal[0] = refuses;
                    return refuses == null ? source.entered(now) : source;
                });
        var why = refusal[0];
        return why == null || refused(why);
    }

    void awaitsLogin(Visit visit) {
        if (visit.source() == null || hasCredit(visit.source())) {
            return;
        }
        waiting.put(visit.number(), visit);
        while (waiting.size() > mostWaiting) {
            var oldest = waiting.pollFirstEntry();
            if (oldest == null) {
                return;
            }
            var source = oldest.getValue().source();
            if (source != null && !hasCredit(source)) {
                closed(source, CloseReason.SETUP_FULL);
                oldest.getValue().close();
            }
        }
    }

    void awaitsNothing(Visit visit) {
        waiting.remove(visit.number());
    }

    /// Accepted work has come from a source.
    ///
    /// @return whether it has credit now
    boolean delivered(SourceAddress source, long units) {
        long now = nanoClock.getAsLong();
        long price = Math.min(Limits.CREDIT_UNITS, blockUnits.getAsLong());
        var had = new boolean[1];
        var after =
                sources.computeIfPresent(
                        source,
                        (_, s) -> {
                            had[0] = s.hasCredit(now);
                            return s.delivered(units, price, now);
                        });
        boolean has = after != null && after.hasCredit(now);
        if (has && !had[0]) {
            hasNews.set(true);
        }
        return has;
    }

    void loginRefused(InetAddress client, String name, String reason) {
        refusedLogins.tell(client, name, reason);
    }

    void leaves(@Nullable SourceAddress source) {
        open.decrementAndGet();
        if (source != null) {
            sources.computeIfPresent(source, (_, s) -> s.left());
        }
    }

    void closed(@Nullable SourceAddress source, CloseReason reason) {
        count(closings, reason);
        if (source != null && reason.isOffence()) {
            punish(source, reason);
        }
    }

    private void punish(SourceAddress source, CloseReason reason) {
        long now = nanoClock.getAsLong();
        Source.@Nullable Sentence[] begun = new Source.Sentence[1];
        sources.computeIfPresent(
                source,
                (_, s) -> {
                    var next = s.punished(reason, now);
                    begun[0] = next.equals(s) ? null : next.sentence();
                    return next;
                });
        var sentence = begun[0];
        if (sentence != null) {
            hasNews.set(true);
            count(penalties, reason);
            long spent = linesSpent.get();
            long next = PENALTY_LINES.spend(spent, now);
            if (!PENALTY_LINES.isOverdrawn(next, now) && linesSpent.compareAndSet(spent, next)) {
                events.penalty(
                        source.toString(),
                        reason.label(),
                        Duration.ofNanos(sentence.untilNanos() - now).toSeconds(),
                        sentence.count());
            }
        }
    }

    private boolean hasCredit(SourceAddress address) {
        var source = sources.get(address);
        return source != null && source.hasCredit(nanoClock.getAsLong());
    }

    private boolean takesPlace() {
        if (isOverloaded.getAsBoolean()) {
            return refused(Refusal.LOAD);
        }
        if (open.incrementAndGet() > bounds.connections()) {
            open.decrementAndGet();
            return refused(Refusal.FULL);
        }
        return true;
    }

    private boolean refused(Refusal why) {
        count(refusals, why);
        return false;
    }

    /// Makes room for those who come, a good part at once so that it is rarely done.
    private void forgetSome(long now) {
        sources.entrySet().stream()
                .filter(e -> e.getValue().open() == 0)
                .sorted(
                        Comparator.<Map.Entry<SourceAddress, Source>>comparingInt(
                                        e -> e.getValue().worth(now))
                                .thenComparing(latestCreditFirst(now).reversed()))
                .limit(Math.max(1, bounds.remembered() / FORGOTTEN_AT_ONCE))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(source ->
                        sources.computeIfPresent(source, (_, s) -> s.open() == 0 ? null : s));
    }

    private static <R> void count(Map<R, Counter> counters, R reason) {
        Objects.requireNonNull(counters.get(reason)).increment();
    }

    private static Penalty shown(
            SourceAddress source, Source.@Nullable Sentence sentence, long now, Instant wallNow) {
        var shown = Objects.requireNonNull(sentence);
        return new Penalty(
                source.toString(),
                shown.reason(),
                wallNow.plusNanos(shown.sinceNanos() - now),
                wallNow.plusNanos(shown.untilNanos() - now),
                shown.count());
    }

    /// Those who never earned any come last.
    private static Comparator<Map.Entry<SourceAddress, Source>> latestCreditFirst(long now) {
        return Comparator.comparingLong(
                e -> e.getValue().hasEarned() ? now - e.getValue().earnedNanos() : Long.MAX_VALUE);
    }
}
