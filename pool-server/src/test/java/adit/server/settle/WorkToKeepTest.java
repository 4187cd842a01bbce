package adit.server.settle;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Work is done on days 0, 10 and 20 of a pool; it is looked at on day 40. A share is worth 1/8 of a block.
final class WorkToKeepTest {
    private static final Instant NOW = SettledPool.NOON.plus(Duration.ofDays(40));

    private final SettledPool pool = new SettledPool("4");

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void keepsWhatTheOperatorWantsToKeep() throws SQLException {
        work("SOLO", 1, 1, 1);

        forget("4", 30);

        assertThat(firstKept()).isEqualTo(day(10));
    }

    @Test
    void forgetsAllThatIsOldWhereNoWindowReaches() throws SQLException {
        work("SOLO", 1, 1, 1);

        forget("4", 5);

        assertThat(firstKept()).isAfterOrEqualTo(day(21));
    }

    @Test
    void keepsTheDayAWindowEndsIn() throws SQLException {
        work("PPLNS", 8, 8, 8);

        forget("2", 5);

        assertThat(firstKept()).isEqualTo(day(10));
    }

    @Test
    void keepsAllWorkOfAWindowThatIsNotFull() throws SQLException {
        work("PPLNS", 1, 1, 1);

        forget("2", 5);

        assertThat(firstKept()).isEqualTo(day(0));
    }

    @Test
    void countsTheWindowFromTheOldestBlockNothingIsSharedOutOf() throws SQLException {
        at(0);
        shares("PPLNS", 8);
        at(10);
        shares("PPLNS", 8);
        pool.one.at(SettledPool.NOON.plus(Duration.ofDays(10)).plus(Duration.ofMinutes(5)));
        SettledPool.block(pool.one, 1, "PPLNS");
        at(20);
        shares("PPLNS", 80);
        passUntilNow();

        forget("2", 5);

        assertThat(firstKept()).isEqualTo(day(0));
    }

    @Test
    void keepsTheDayOfTheBlockARoundBeganAt() throws SQLException {
        at(0);
        shares("PROP", 1);
        at(10);
        SettledPool.block(pool.one, 1, "PROP");
        at(20);
        shares("PROP", 1);
        passUntilNow();
        pool.execute("UPDATE pool.block SET state = 'MATURE'");
        pool.execute(
                """
                INSERT INTO pool.distribution (key, block_id, scheme, version, parameters,
                    newest_time, newest_server, newest_epoch, newest_sequence,
                    oldest_time, oldest_server, oldest_epoch, oldest_sequence, boundary,
                    reward_msat, fee_msat, credits_msat, unattributed_msat, operator_msat, lines)
                SELECT 'paid', id, 'PROP', 1, '{}', time, 1, 1, 1, time, 1, 1, 1, 'EXACT', 0, 0, 0, 0, 0, 0
                FROM pool.block
                """);

        forget("2", 5);

        assertThat(firstKept()).isEqualTo(day(10));
    }

    private void work(String scheme, int... sharesOfDay) {
        for (int i = 0; i < sharesOfDay.length; i++) {
            at(10 * i);
            shares(scheme, sharesOfDay[i]);
        }
        passUntilNow();
    }

    /// As running servers do, whether there is work or not.
    private void passUntilNow() {
        pool.one.at(NOW).tip();
        pool.passAndProject();
    }

    private void at(int day) {
        pool.one.at(SettledPool.NOON.plus(Duration.ofDays(day)).plusSeconds(1));
    }

    private void shares(String scheme, int count) {
        for (int i = 0; i < count; i++) {
            SettledPool.share(pool.one, 1, scheme, 1, 8);
        }
    }

    private void forget(String windowBlocks, int days) throws SQLException {
        try (var connection = pool.database.dataSource().getConnection()) {
            int forgotten =
                    new WorkToKeep(new BigDecimal(windowBlocks), days)
                            .forgetOthers(connection, NOW);
            assertThat(
                            new WorkToKeep(new BigDecimal(windowBlocks), days)
                                    .forgetOthers(connection, NOW))
                    .as("a second time after %d days", forgotten)
                    .isZero();
        }
    }

    /// The oldest day whose shares are kept.
    private LocalDate firstKept() throws SQLException {
        return LocalDate.parse(
                pool.ask(
                        """
                        SELECT coalesce(min(to_date(c.relname, '"share_"YYYYMMDD')), date '%s')
                        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                        WHERE i.inhparent = 'pool.share'::regclass
                        """
                                .formatted(day(40))));
    }

    private static LocalDate day(int number) {
        return LocalDate.ofInstant(SettledPool.NOON, ZoneOffset.UTC).plusDays(number);
    }
}
