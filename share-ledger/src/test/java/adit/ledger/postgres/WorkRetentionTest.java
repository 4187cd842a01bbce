package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

/// What is forgotten of jobs: each job is 1, 2, …; a coinbase of it for account `a` has the reference (a, job).
class WorkRetentionTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final LocalDate DAY = LocalDate.parse("2026-11-21");
    private static final int NBITS = 0x1703_4219;
    private static final long SUBSIDY = 312_500_000;
    private static final int ALL = 1_000;

    private final FakeShareSource source = new FakeShareSource(1);
    private TestDatabase database;
    private Connection connection;

    @BeforeEach
    void open() throws Exception {
        database = TestDatabase.create();
        connection = database.dataSource().getConnection();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
        database.close();
    }

    @Test
    void forgetsJobsAndTheirCoinbasesWithTheShares() throws Exception {
        begin(2).job(1, NBITS, SUBSIDY);
        mine(1, 1);
        mine(2, 1);
        source.job(2, NBITS, SUBSIDY).share(1, 1, 2, 5);
        source.at(NOON.plusSeconds(3 * 86_400)).job(3, NBITS, SUBSIDY);
        mine(1, 3);
        project();
        assertThat(jobs()).isEqualTo("1 2 3 a1:1 a1:3 a2:1");

        assertThat(dropJobs(DAY.plusDays(2), ALL)).as("two days between are kept").isZero();
        assertThat(dropJobs(DAY.plusDays(3), ALL)).isEqualTo(3 + 1);
        assertThat(jobs()).isEqualTo("3 a1:3");
    }

    @Test
    void keepsAJobThatWasMinedOnForMoreThanADay() throws Exception {
        begin(2).at(NOON.plusSeconds(11 * 3_600)).job(1, NBITS, SUBSIDY);
        mine(1, 1);
        source.at(NOON.plusSeconds(37 * 3_600)).share(1, 1, ref(1, 1), 5);
        project();

        connection.setAutoCommit(false);
        assertThat(WorkRetention.dropSharesBefore(connection, DAY.plusDays(2))).isEqualTo(2);
        dropJobs(DAY.plusDays(2), ALL);

        assertThat(jobs()).isEqualTo("1 a1:1");
        assertThat(LedgerAudit.slices(connection)).isEmpty();
    }

    @Test
    void keepsTheBaseOfAJobThatIsKept() throws Exception {
        begin(2).job(1, NBITS, SUBSIDY);
        mine(1, 1);
        source.at(NOON.plusSeconds(3 * 86_400));
        mine(2, 1);
        project();

        dropJobs(DAY.plusDays(3), ALL);

        assertThat(jobs()).isEqualTo("1 a2:1");
        assertThat(ask("SELECT count(*) FROM pool.whole_job WHERE height > 0")).isEqualTo("2");
    }

    @Test
    void keepsTheJobOfABlockAndItsBaseForEver() throws Exception {
        begin(2).job(1, NBITS, SUBSIDY).job(2, NBITS, SUBSIDY);
        mine(1, 1);
        mine(2, 1);
        source.block(2, 2, ref(2, 1), NBITS, SUBSIDY, 7).share(1, 1, 2, 5);
        project();

        dropJobs(DAY.plusDays(300), ALL);

        assertThat(jobs()).isEqualTo("1 a2:1");
    }

    @Test
    void forgetsNoMoreAtOnceThanItIsTold() throws Exception {
        begin(3).job(1, NBITS, SUBSIDY);
        for (int account = 1; account <= 3; account++) {
            source.later(1);
            mine(account, 1);
        }
        project();

        assertThat(WorkRetention.dropJobsBefore(connection, DAY.plusDays(3), 2)).isEqualTo(2);
        assertThat(jobs()).isEqualTo("1 a3:1");
        assertThat(dropJobs(DAY.plusDays(3), 2)).isEqualTo(2);
    }

    /// 5,000 accounts with a share on each of some templates, which come in any order.
    @Test
    void keepsACoinbaseInLessThanHalfOfTheRoomOfAJob() throws Exception {
        int accounts = 5_000;
        int templates = 4;
        begin(accounts);
        var order = IntStream.rangeClosed(1, accounts).boxed().collect(toList());
        for (int job = 1; job <= templates; job++) {
            source.job(job, NBITS, SUBSIDY);
            Collections.shuffle(order, new Random(job));
            for (int account : order) {
                source.later(6_000);
                mine(account, job);
            }
        }
        project();

        int bytes =
                Integer.parseInt(
                        ask(
                                "SELECT pg_total_relation_size('pool.job') / (SELECT count(*) FROM pool.job)"));
        System.out.println("bytes a job: " + bytes);
        assertThat(bytes).isLessThan(400);
    }

    private FakeShareSource begin(int accounts) {
        source.at(NOON).beginEpoch();
        for (int account = 1; account <= accounts; account++) {
            source.account(account, "a" + account).worker(account, account, "w", "SOLO", 100);
        }
        return source;
    }

    /// The first share of an account on a job whose coinbase pays it.
    private void mine(int account, int job) {
        source.coinbase(ref(account, job), job).share(account, account, ref(account, job), 5);
    }

    private static long ref(int account, int job) {
        return (long) account << 32 | job;
    }

    private void project() {
        var projector = new ShareProjector(database.dataSource(), source, 10_000, _ -> {});
        while (projector.runOnce() > 0) {
            assertThat(projector.status().trouble()).isEmpty();
        }
    }

    private int dropJobs(LocalDate firstKept, int most) throws SQLException {
        int dropped = 0;
        int now;
        do {
            now = WorkRetention.dropJobsBefore(connection, firstKept, most);
            assertThat(now).isLessThanOrEqualTo(most);
            dropped += now;
        } while (now > 0);
        return dropped;
    }

    private String jobs() throws SQLException {
        return ask(
                """
                SELECT string_agg(CASE WHEN ref >> 32 > 0 THEN 'a' || (ref >> 32) || ':' ELSE '' END
                                  || (ref & 4294967295), ' ' ORDER BY ref >> 32, ref)
                FROM pool.job
                """);
    }

    private String ask(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
