package adit.ledger.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import adit.ledger.journal.ShareClass;
import adit.ledger.journal.ShareSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ShareProjectorTest {
    private static final Instant EVENING = Instant.parse("2026-11-21T23:58:30Z");
    private static final Pause NO_PAUSE = _ -> {};

    private final long seed = TestSeed.next();
    private TestDatabase database;

    @BeforeEach
    void createDatabase() {
        database = TestDatabase.create();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    @Test
    void projectsEveryEpochInOrderAcrossMidnight() throws Exception {
        var source =
                new SeededShares(1, seed)
                        .epoch(EVENING, 300)
                        .epoch(EVENING.plusSeconds(600), 200)
                        .source();

        projectAll(projector(source, 37));

        new ProjectionModel(source).assertProjected(database.dataSource());
        assertThat(
                        ask(
                                "SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_inherits i"
                                        + " JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'pool.share'::regclass"))
                .isEqualTo("share_20261121 share_20261122 share_20261123");
        assertThat(
                        ask(
                                "SELECT count(*) FROM pool.share_20261121 WHERE time >= '2026-11-22 00:00:00+00'"))
                .isEqualTo("0");
        assertThat(ask("SELECT count(*) > 0 FROM pool.share_20261122")).isEqualTo("t");
    }

    @Test
    void givesTheSameWhateverTheBatchSize() throws Exception {
        for (int batch : new int[] {1, 7, 10_000}) {
            var source = new SeededShares(batch % 100 + 1, seed).epoch(EVENING, 60).source();

            projectAll(projector(source, batch));

            new ProjectionModel(source).assertProjected(database.dataSource());
        }
    }

    @Test
    void keepsAStaleShareButCreditsItNowhere() throws Exception {
        var source = small(1).share(1, 1, 1, 1L << 32, ShareClass.STALE);

        projectAll(projector(source, 100));

        assertThat(ask("SELECT class || ' ' || lateness_millis FROM pool.share"))
                .isEqualTo("1 750");
        assertThat(ask("SELECT count(*) FROM pool.slice")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void storesEachRecordOnceWhicheverCallFails(boolean afterwards) throws Exception {
        var faulty = new FaultyDataSource(database.dataSource());
        int call = 0;
        boolean failed = true;
        while (failed) {
            call++;
            // Every attempt is another server, so that all of them fit into one database.
            var source = new SeededShares(call, seed).epoch(EVENING, 25).source();
            var projector = new ShareProjector(faulty, source, 20, NO_PAUSE);
            projector.runOnce();
            faulty.failAt(call, afterwards);
            try {
                projector.runOnce();
            } catch (LedgerUnavailable e) {
                assertThat(e).hasMessageContaining("the connection was cut");
            }
            failed = !faulty.callOff();

            projectAll(projector);

            new ProjectionModel(source).assertProjected(database.dataSource());
        }
        System.out.println("calls in a batch: " + (call - 1));
        assertThat(call).isGreaterThan(10);
    }

    @Test
    void storesNothingWhenAnotherProjectorWasQuicker() throws Exception {
        var source = new SeededShares(1, seed).epoch(EVENING, 100).source();
        var quicker = projector(source, 30);
        var slower = projector(source, 50);
        source.beforeRead(() -> {
            source.beforeRead(() -> {});
            assertThat(quicker.runOnce()).isEqualTo(30);
        });

        assertThat(slower.runOnce()).isZero();
        assertThat(slower.runOnce()).isEqualTo(50);

        projectAll(slower);
        new ProjectionModel(source).assertProjected(database.dataSource());
    }

    @Test
    void staysExactUnderTwoProjectorsAtOnce() throws Exception {
        var source = new SeededShares(1, seed).epoch(EVENING, 2_000).source();
        try (var executor = Executors.newFixedThreadPool(2)) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < 2; i++) {
                var projector = projector(source, 50);
                running.add(
                        executor.submit(() -> {
                            do {
                                projector.runOnce();
                            } while (projector.status().waitingRecords() > 0);
                        }));
            }
            for (Future<?> one : running) {
                one.get(40, TimeUnit.SECONDS);
            }
        }

        new ProjectionModel(source).assertProjected(database.dataSource());
    }

    @Test
    void internsNamesOnceForServersThatMeetThemTogether() throws Exception {
        var sources =
                List.of(
                        new SeededShares(1, seed).epoch(EVENING, 400).source(),
                        new SeededShares(2, seed + 1).epoch(EVENING, 400).source());
        try (var executor = Executors.newFixedThreadPool(2)) {
            var running = new ArrayList<Future<?>>();
            for (FakeShareSource source : sources) {
                running.add(executor.submit(() -> projectAll(projector(source, 20))));
            }
            for (Future<?> one : running) {
                one.get(40, TimeUnit.SECONDS);
            }
        }

        for (FakeShareSource source : sources) {
            new ProjectionModel(source).assertProjected(database.dataSource());
        }
        assertThat(ask("SELECT count(*) FROM pool.account")).isEqualTo("5");
    }

    @Test
    void takesInAgainWhatARestoredDatabaseLacks() throws Exception {
        var shares = new SeededShares(1, seed).epoch(EVENING, 100);
        var projector = projector(shares.source(), 40);
        projectAll(projector);
        database.backUp();
        shares.more(100);
        projectAll(projector);

        database.restore();
        projectAll(projector);
        new ProjectionModel(shares.source()).assertProjected(database.dataSource());

        shares.more(50).epoch(EVENING.plusSeconds(900), 50);
        database.restore();
        projectAll(projector);
        new ProjectionModel(shares.source()).assertProjected(database.dataSource());
    }

    @Test
    void saysOnceThatPostgresIsAwayAndOnceThatItIsBack() throws Exception {
        var source = new SeededShares(1, seed).epoch(EVENING, 50).source();
        var faulty = new FaultyDataSource(database.dataSource());
        var pauses = new ArrayList<Long>();
        var projector =
                new ShareProjector(
                        faulty,
                        source,
                        20,
                        millis -> {
                            pauses.add(millis);
                            faulty.failAt(pauses.size() < 12 ? 1 : Long.MAX_VALUE, false);
                            if (pauses.size() == 13) {
                                throw new InterruptedException("enough");
                            }
                        });
        var said = new ListAppender<ILoggingEvent>();
        var logger = (Logger) LoggerFactory.getLogger(ShareProjector.class);
        said.start();
        logger.addAppender(said);
        logger.setLevel(ch.qos.logback.classic.Level.INFO);
        faulty.failAt(1, false);
        try {
            projector.run();
        } finally {
            logger.detachAppender(said);
            logger.setLevel(null);
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        away -> assertThat(away).contains("PostgreSQL is away"),
                        back -> assertThat(back).contains("PostgreSQL is back"));
        assertThat(pauses).startsWith(100L, 200L, 400L).endsWith(10_000L, 10_000L, 100L);
        new ProjectionModel(source).assertProjected(database.dataSource());
    }

    @Test
    void stopsAtAGapUntilAnOperatorGivesItUp() throws Exception {
        var source = small(1).share(1, 1, 1, 5).share(1, 1, 1, 5);
        projectAll(projector(source, 100));
        source.beginEpoch()
                .tip()
                .tip()
                .account(1, "a")
                .worker(1, 1, "w", "PPS", 0)
                .job(1, 0x1703_4219, 5);
        source.share(1, 1, 1, 5).keepFrom(2, 4);
        var projector = projector(source, 100);

        assertThatThrownBy(projector::runOnce)
                .isInstanceOf(ProjectionBroken.class)
                .hasMessageContaining("records 1 to 3 of epoch 2");

        try (var connection = database.dataSource().getConnection()) {
            assertThat(JournalCursors.skipTo(connection, 1, 2, 4)).isTrue();
        }
        projectAll(projector);
        assertThat(ask("SELECT sum(shares) FROM pool.slice")).isEqualTo("3");
    }

    @Test
    void refusesAReferenceNobodyDeclared() {
        var source = small(1).share(1, 9, 1, 5);

        assertThatThrownBy(() -> projector(source, 100).runOnce())
                .isInstanceOf(ProjectionBroken.class)
                .hasMessageContaining("worker 9");
    }

    @Test
    void refusesARecordThatComesTwiceEvenPastTheCursor() throws Exception {
        var source = small(1).share(1, 1, 1, 5);
        projectAll(projector(source, 100));
        execute("UPDATE pool.journal_cursor SET next_sequence = 5");

        assertThatThrownBy(() -> projector(source, 100).runOnce())
                .isInstanceOf(LedgerUnavailable.class)
                .hasMessageContaining("duplicate key");
    }

    @Test
    void carriesOnAfterRetentionAndSumming() throws Exception {
        var shares = new SeededShares(1, seed).epoch(EVENING, 200);
        var projector = projector(shares.source(), 50);
        projectAll(projector);
        String before = ask("SELECT sum(shares * difficulty_units::numeric) FROM pool.slice");

        assertThat(ask("SELECT pool.drop_shares_before('2026-11-22')")).isEqualTo("1");
        execute("SELECT pool.sum_slices_before('2026-11-22')");
        assertThat(ask("SELECT count(*) FROM pool.slice WHERE minute < '2026-11-22 00:00:00+00'"))
                .isEqualTo("0");
        assertThat(
                        ask(
                                "SELECT (SELECT sum(shares * difficulty_units::numeric) FROM pool.slice)"
                                        + " + (SELECT sum(shares * difficulty_units::numeric) FROM pool.slice_day)"))
                .isEqualTo(before);

        // A server that was away brings a day back that retention had dropped.
        var late = new SeededShares(2, seed).epoch(EVENING.minus(Duration.ofDays(1)), 50).source();
        projectAll(projector(late, 50));
        new ProjectionModel(late).assertProjected(database.dataSource());
    }

    @Test
    void knowsWhenEveryServerHasPassedABlock() throws Exception {
        var one = small(1).share(1, 1, 1, 5).block(1, 1, 1, 0x1703_4219, 5);
        Position block = one.lastPosition();
        var two = small(2).share(1, 1, 1, 5);
        projectAll(projector(two, 100));
        assertThat(havePassed(block)).as("one has stored nothing of its own").isFalse();
        projectAll(projector(one, 100));
        assertThat(havePassed(block)).as("two may still have shares at that time").isFalse();

        two.later(0).tip();
        projectAll(projector(two, 100));
        assertThat(havePassed(block)).as("two is at that very microsecond").isFalse();
        two.later(1).tip();
        projectAll(projector(two, 100));
        assertThat(havePassed(block)).isTrue();
    }

    @Test
    void waitsForAServerThatStoppedUntilItIsBackOrDeclaredLost() throws Exception {
        var stopped = small(2).cleanStop();
        projectAll(projector(stopped, 100));
        assertThat(havePassed(stopped.lastPosition())).isTrue();
        var one = small(1).later(1).share(1, 1, 1, 5).block(1, 1, 1, 0x1703_4219, 5);
        projectAll(projector(one, 100));

        assertThat(havePassed(one.lastPosition())).as("it may take shares again").isFalse();
        declareLost(2, true);
        assertThat(havePassed(one.lastPosition())).isTrue();
        declareLost(2, false);
        assertThat(havePassed(one.lastPosition())).isFalse();
        stopped.beginEpoch().later(5).tip();
        projectAll(projector(stopped, 100));
        assertThat(havePassed(one.lastPosition())).isTrue();
    }

    @Test
    void waitsAgainForALostServerThatIsBack() throws Exception {
        var two = small(2);
        projectAll(projector(two, 100));
        var one = small(1).later(1).share(1, 1, 1, 5).block(1, 1, 1, 0x1703_4219, 5);
        projectAll(projector(one, 100));
        declareLost(2, true);
        assertThat(havePassed(one.lastPosition())).isTrue();

        two.share(1, 1, 1, 5);
        projectAll(projector(two, 100));

        assertThat(havePassed(one.lastPosition())).isFalse();
        assertThat(ask("SELECT count(*) FROM pool.server WHERE lost_at IS NOT NULL"))
                .isEqualTo("0");
    }

    @Test
    void waitsForAServerThatHasStoredNothingYet() throws Exception {
        var one = small(1).share(1, 1, 1, 5).block(1, 1, 1, 0x1703_4219, 5);
        projectAll(projector(one, 100));
        assertThat(havePassed(one.lastPosition())).isTrue();
        try (var connection = database.dataSource().getConnection()) {
            JournalCursors.read(connection, small(2));
        }
        assertThat(havePassed(one.lastPosition())).isFalse();
    }

    @Test
    void waitsForBothProcessesOfAServerWhileOneFollowsTheOther() throws Exception {
        var two = small(2);
        var old = projector(two.readBy(1, List.of(2)), 100);
        projectAll(old);
        var one = small(1).later(10).block(1, 1, 1, 0x1703_4219, 5);
        projectAll(projector(one, 100));
        var block = one.lastPosition();

        two.later(5).beginEpoch();
        two.inEpoch(1).later(10).tip();
        projectAll(old);
        assertThat(havePassed(block)).as("the new process has stored nothing").isFalse();

        var next = projector(two.readBy(2, List.of(1)), 100);
        projectAll(next);
        assertThat(havePassed(block)).as("the new process is not as far").isFalse();
        two.inEpoch(2).later(10).tip();
        projectAll(next);
        assertThat(havePassed(block)).isTrue();

        var later = small(3).at(EVENING.plusSeconds(1)).block(1, 1, 1, 0x1703_4219, 5);
        projectAll(projector(later, 100));
        two.inEpoch(2).at(EVENING.plusSeconds(2)).tip();
        one.at(EVENING.plusSeconds(2)).tip();
        projectAll(next);
        projectAll(projector(one, 100));
        assertThat(havePassed(later.lastPosition())).as("the old process is not as far").isFalse();
        two.inEpoch(1).at(EVENING.plusSeconds(1)).cleanStop();
        projectAll(old);
        assertThat(havePassed(later.lastPosition())).as("the old process has ended").isTrue();
    }

    @Test
    void storesWhatAProcessThatDiedHadTakenBesideItsOwn() throws Exception {
        var two = small(2);
        var old = projector(two.readBy(1, List.of()), 100);
        projectAll(old);
        two.beginEpoch().account(1, "b").worker(1, 1, "w", "PPS", 0).job(1, 0x1703_4219, 5);
        two.share(1, 1, 1, 5);
        two.inEpoch(1).share(1, 1, 1, 7).later(10).tip();
        var one = small(1).later(5).block(1, 1, 1, 0x1703_4219, 5).later(20).tip();
        projectAll(projector(one, 100));

        projectAll(old);
        old.runOnce();

        assertThat(ask("SELECT count(*) FROM pool.share WHERE server_id = 2")).isEqualTo("2");
        assertThat(ask("SELECT ended FROM pool.journal_cursor WHERE server_id = 2 AND epoch = 2"))
                .isEqualTo("t");
        assertThat(ask("SELECT ended FROM pool.journal_cursor WHERE server_id = 2 AND epoch = 1"))
                .isEqualTo("f");
        assertThat(old.status().epoch()).as("its own epoch is what it tells of").isEqualTo(1);
        new ProjectionModel(two).assertProjected(database.dataSource());
    }

    private void declareLost(int serverId, boolean isLost) throws SQLException {
        try (var connection = database.dataSource().getConnection()) {
            JournalCursors.declareLost(connection, serverId, isLost, EVENING);
        }
    }

    private static FakeShareSource small(int serverId) {
        return new FakeShareSource(serverId)
                .at(EVENING)
                .beginEpoch()
                .account(1, "a")
                .worker(1, 1, "w", "PPS", 0)
                .job(1, 0x1703_4219, 5);
    }

    private ShareProjector projector(ShareSource source, int batchRecords) {
        DataSource dataSource = database.dataSource();
        return new ShareProjector(dataSource, source, batchRecords, NO_PAUSE);
    }

    private static void projectAll(ShareProjector projector) {
        while (projector.runOnce() > 0) {
            assertThat(projector.status().trouble()).isEmpty();
        }
        assertThat(projector.status().waitingRecords()).isZero();
    }

    private boolean havePassed(Position position) throws SQLException {
        try (var connection = database.dataSource().getConnection()) {
            return JournalCursors.havePassed(connection, position);
        }
    }

    private String ask(String sql) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
