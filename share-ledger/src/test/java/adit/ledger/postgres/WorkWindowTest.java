package adit.ledger.postgres;

import java.math.BigInteger;
import java.sql.Connection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import adit.ledger.journal.JournalRecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WorkWindowTest {
    private static final Instant EVENING = Instant.parse("2026-11-21T23:50:00Z");
    private static final List<String> SCHEMES = List.of("PPLNS", "PPS", "SOLO");

    private final long seed = TestSeed.next();
    private final List<Share> model = new ArrayList<>();
    private final List<Position> blocks = new ArrayList<>();
    private TestDatabase database;
    private Connection connection;

    /// A credited share, with names instead of ids.
    private record Share(
            Position position,
            String account,
            String worker,
            String scheme,
            int feeBps,
            int nBits,
            long subsidySats,
            long difficultyUnits) {
        String group() {
            return String.join(
                    "|",
                    account,
                    worker,
                    "" + feeBps,
                    "" + nBits,
                    "" + subsidySats,
                    "" + difficultyUnits);
        }

        Instant minute() {
            return Times.ofMicros(position.timeMicros()).truncatedTo(ChronoUnit.MINUTES);
        }
    }

    @BeforeEach
    void projectTwoServersAtTheSameTime() throws Exception {
        database = TestDatabase.create();
        for (int serverId = 1; serverId <= 2; serverId++) {
            var source =
                    new SeededShares(serverId, seed + serverId)
                            .epoch(EVENING, 400)
                            .epoch(EVENING.plusSeconds(700), 300)
                            .source();
            var projector = new ShareProjector(database.dataSource(), source, 200, _ -> {});
            while (projector.runOnce() > 0) {
                assertThat(projector.status().trouble()).isEmpty();
            }
            source.epochs()
                    .forEach(epoch ->
                            remember(
                                    source.serverId(),
                                    epoch.epoch(),
                                    source.records(epoch.epoch())));
        }
        model.sort(Comparator.comparing(Share::position).reversed());
        connection = database.dataSource().getConnection();
        connection.setAutoCommit(false);
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
        database.close();
    }

    @Test
    void sumsTheSameWorkAsANaiveModelBetweenAnyTwoPositions() throws Exception {
        var random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            Position newest = anyPosition(random);
            Position other = random.nextInt(5) == 0 ? Position.START : anyPosition(random);
            Position after = other.compareTo(newest) < 0 ? other : Position.START;
            for (String scheme : SCHEMES) {
                assertWindow(scheme, newest, after);
            }
        }
    }

    @Test
    void expandsAMinuteToItsSharesInExactOrder() throws Exception {
        var random = new Random(seed);
        for (int i = 0; i < 10; i++) {
            Position newest = anyPosition(random);
            var window = new WorkWindow("PPLNS", newest, Position.START);
            var seen = new ArrayList<Position>();
            var minutes = new ArrayList<Instant>();
            window.minutes(connection, minute -> minutes.add(minute.minute()));
            for (Instant minute : minutes) {
                assertThat(
                                window.shares(
                                        connection,
                                        minute,
                                        share -> {
                                            assertThat(share.shares()).isEqualTo(1);
                                            assertThat(share.oldest()).isEqualTo(share.newest());
                                            return seen.add(share.newest());
                                        }))
                        .isTrue();
            }

            assertThat(seen)
                    .as("seed %d newest %s", seed, newest)
                    .isEqualTo(
                            within("PPLNS", newest, Position.START).stream()
                                    .map(Share::position)
                                    .toList());
        }
    }

    @Test
    void stopsWhenTheVisitorHasEnough() throws Exception {
        var window = new WorkWindow("PPLNS", model.getFirst().position(), Position.START);
        var minutes = new ArrayList<Instant>();
        window.minutes(connection, minute -> minutes.add(minute.minute()) && minutes.size() < 3);
        assertThat(minutes).hasSize(3).isSortedAccordingTo(Comparator.reverseOrder());

        var shares = new ArrayList<Work>();
        window.shares(
                connection, minutes.getLast(), share -> shares.add(share) && shares.size() < 2);
        assertThat(shares).hasSize(2);
    }

    @Test
    void takesTheEndsWholeAndSaysSoWhereSharesAreGone() throws Exception {
        Position newest = model.getFirst().position();
        Position after = model.get(model.size() / 2).position();
        try (var statement = connection.createStatement()) {
            statement.execute("SELECT pool.drop_shares_before('2026-11-30')");
        }
        var window = new WorkWindow("PPLNS", newest, after);
        var inexact = new ArrayList<Instant>();
        window.minutes(
                connection,
                minute -> {
                    if (!minute.isExact()) {
                        inexact.add(minute.minute());
                    }
                    return true;
                });

        assertThat(inexact)
                .isNotEmpty()
                .isSubsetOf(
                        Times.ofMicros(Times.minuteOf(newest.timeMicros())),
                        Times.ofMicros(Times.minuteOf(after.timeMicros())));
        assertThat(window.shares(connection, inexact.getFirst(), _ -> true)).isFalse();
    }

    @Test
    void beginsARoundAtThePreviousBlockOfTheSchemeThatIsInTheChain() throws Exception {
        var byScheme = new TreeMap<String, List<FoundBlock>>();
        Blocks.in(connection, BlockState.FOUND)
                .forEach(block ->
                        byScheme.computeIfAbsent(block.scheme(), _ -> new ArrayList<>())
                                .add(block));
        var found = Collections.max(byScheme.values(), Comparator.comparingInt(List::size));
        assertThat(found).as("seed %d", seed).hasSizeGreaterThanOrEqualTo(3);
        Blocks.move(connection, found.get(0), BlockState.ACTIVE, 1, EVENING, "");
        Blocks.move(connection, found.get(1), BlockState.ORPHANED, 0, EVENING, "");
        var block = found.get(2);
        var begin = found.getFirst().position();

        assertRound(block, begin);
        assertRound(found.getFirst(), Position.START);
    }

    @Test
    void sumsAnIntervalPerPriceLikeANaiveModel() throws Exception {
        Instant from = EVENING.plusSeconds(120);
        Instant to = EVENING.plusSeconds(1_200);
        var expected = new TreeMap<String, Long>();
        model.stream()
                .filter(share -> share.scheme.equals("PPS"))
                .filter(share -> !share.minute().isBefore(from) && share.minute().isBefore(to))
                .forEach(share ->
                        expected.merge(
                                String.join(
                                        "|",
                                        share.account,
                                        "" + share.feeBps,
                                        "" + share.nBits,
                                        "" + share.subsidySats,
                                        "" + share.difficultyUnits),
                                1L,
                                Long::sum));

        var actual = new TreeMap<String, Long>();
        for (var sum : WorkWindow.interval(connection, "PPS", from, to)) {
            actual.put(
                    String.join(
                            "|",
                            name("account", sum.accountId()),
                            "" + sum.feeBps(),
                            "" + sum.nBits(),
                            "" + sum.subsidySats(),
                            "" + sum.difficultyUnits()),
                    sum.shares().longValueExact());
        }

        assertThat(actual).as("seed %d", seed).isEqualTo(expected).isNotEmpty();
        assertThatThrownBy(() -> WorkWindow.interval(connection, "PPS", from.plusMillis(1), to))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void answersMinersAndThePoolLikeANaiveModel() throws Exception {
        Instant from = EVENING;
        Instant to = EVENING.plusSeconds(36_000);
        String account = model.getFirst().account;
        long id = MinerQueries.account(connection, account).orElseThrow();
        var own = model.stream().filter(share -> share.account.equals(account)).toList();

        assertThat(MinerQueries.account(connection, "nobody")).isEmpty();
        var workers = MinerQueries.workers(connection, id, to, from.plusSeconds(600), from);
        assertThat(workers).allMatch(worker -> worker.recentUnits().signum() == 0);
        assertThat(sum(workers, MinerQueries.WorkerWork::dayUnits)).isEqualTo(work(own));
        assertThat(sum(workers, MinerQueries.WorkerWork::hourUnits))
                .isEqualTo(
                        work(
                                own.stream()
                                        .filter(share ->
                                                !share.minute().isBefore(from.plusSeconds(600)))
                                        .toList()));
        assertThat(
                        workers.stream()
                                .map(MinerQueries.WorkerWork::firstMinute)
                                .min(Comparator.naturalOrder()))
                .isEqualTo(
                        own.stream().map(share -> share.minute()).min(Comparator.naturalOrder()));
        assertThat(workers.getFirst().lastShareAt())
                .isEqualTo(Times.ofMicros(own.getFirst().position.timeMicros()));
        assertThat(MinerQueries.balance(connection, id))
                .isEqualTo(new MinerQueries.Balance(0, 0, 0, 0));

        var points = PoolQueries.series(connection, from, to, 5);
        assertThat(
                        points.stream()
                                .map(PoolQueries.Point::workUnits)
                                .reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(work(model));
        assertThat(points)
                .allSatisfy(point ->
                        assertThat(ChronoUnit.MINUTES.between(from, point.begin()) % 5).isZero());
        assertThat(Blocks.recent(connection, 5).getFirst().position())
                .isEqualTo(blocks.stream().max(Comparator.naturalOrder()).orElseThrow());
    }

    private static BigInteger sum(
            List<MinerQueries.WorkerWork> workers,
            Function<MinerQueries.WorkerWork, BigInteger> window) {
        return workers.stream().map(window).reduce(BigInteger.ZERO, BigInteger::add);
    }

    private void assertRound(FoundBlock block, Position after) throws Exception {
        var shares = new ArrayList<Position>();
        var round = WorkWindow.round(connection, block);
        var minutes = new ArrayList<Instant>();
        round.minutes(connection, minute -> minutes.add(minute.minute()));
        for (Instant minute : minutes) {
            round.shares(connection, minute, share -> shares.add(share.newest()));
        }
        assertThat(shares)
                .as("seed %d", seed)
                .isEqualTo(
                        within(block.scheme(), block.position(), after).stream()
                                .map(Share::position)
                                .toList());
    }

    private void assertWindow(String scheme, Position newest, Position after) throws Exception {
        var actual = new TreeMap<String, Long>();
        var minutes = new ArrayList<Instant>();
        var accounts = new HashMap<Long, String>();
        var workers = new HashMap<Long, String>();
        var all = new ArrayList<Work>();
        new WorkWindow(scheme, newest, after)
                .minutes(
                        connection,
                        minute -> {
                            assertThat(minute.isExact()).isTrue();
                            assertThat(minute.work())
                                    .isSortedAccordingTo(
                                            Comparator.comparing(Work::newest).reversed());
                            minutes.add(minute.minute());
                            return all.addAll(minute.work());
                        });
        for (Work work : all) {
            accounts.put(work.accountId(), name("account", work.accountId()));
            workers.put(work.workerId(), name("worker_terms", work.workerId()));
            assertThat(work.oldest()).isGreaterThan(after).isLessThanOrEqualTo(work.newest());
            assertThat(work.newest()).isLessThanOrEqualTo(newest);
            actual.merge(
                    String.join(
                            "|",
                            accounts.get(work.accountId()),
                            workers.get(work.workerId()),
                            "" + work.feeBps(),
                            "" + work.nBits(),
                            "" + work.subsidySats(),
                            "" + work.difficultyUnits()),
                    work.shares(),
                    Long::sum);
        }

        Map<String, Long> expected = new TreeMap<>();
        within(scheme, newest, after)
                .forEach(share -> expected.merge(share.group(), 1L, Long::sum));
        assertThat(actual)
                .as("seed %d scheme %s newest %s after %s", seed, scheme, newest, after)
                .isEqualTo(expected);
        assertThat(minutes).isSortedAccordingTo(Comparator.reverseOrder()).doesNotHaveDuplicates();
    }

    private List<Share> within(String scheme, Position newest, Position after) {
        return model.stream()
                .filter(share -> share.scheme.equals(scheme))
                .filter(share ->
                        share.position.compareTo(newest) <= 0
                                && share.position.compareTo(after) > 0)
                .toList();
    }

    private Position anyPosition(Random random) {
        return random.nextBoolean()
                ? blocks.get(random.nextInt(blocks.size()))
                : model.get(random.nextInt(model.size())).position();
    }

    private static BigInteger work(List<Share> shares) {
        return shares.stream()
                .map(share -> BigInteger.valueOf(share.difficultyUnits))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    private void remember(int serverId, int epoch, List<JournalRecord> records) {
        var accounts = new HashMap<Integer, String>();
        var workers = new HashMap<Integer, JournalRecord.Worker>();
        var jobs = new HashMap<Long, JournalRecord.Job>();
        for (JournalRecord record : records) {
            var position = new Position(record.timeMicros(), serverId, epoch, record.sequence());
            switch (record) {
                case JournalRecord.Account account ->
                        accounts.put(account.accountRef(), account.name());
                case JournalRecord.Worker worker -> workers.put(worker.workerRef(), worker);
                case JournalRecord.Job job -> jobs.put(job.jobRef(), job);
                case JournalRecord.Coinbase coinbase ->
                        jobs.put(coinbase.jobRef(), coinbase.on(jobs.get(coinbase.ofJobRef())));
                case JournalRecord.BlockFound _ -> blocks.add(position);
                case JournalRecord.Share share -> {
                    if (share.shareClass().isCredited()) {
                        var worker = workers.get(share.workerRef());
                        var job = jobs.get(share.jobRef());
                        model.add(
                                new Share(
                                        position,
                                        accounts.get(share.accountRef()),
                                        worker.name(),
                                        worker.scheme(),
                                        worker.feeBps(),
                                        job.nBits(),
                                        job.subsidySats(),
                                        share.difficultyUnits()));
                    }
                }
                case JournalRecord.Tip _,
                        JournalRecord.Epoch _,
                        JournalRecord.Seal _,
                        JournalRecord.CleanStop _ -> {}
            }
        }
    }

    private String name(String table, long id) throws Exception {
        try (var statement =
                connection.prepareStatement("SELECT name FROM pool." + table + " WHERE id = ?")) {
            statement.setLong(1, id);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }
}
