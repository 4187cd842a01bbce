package adit.server.settle;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;

import adit.ledger.postgres.LedgerAudit;
import adit.ledger.postgres.Position;

import static org.assertj.core.api.Assertions.assertThat;

/// A pool of some weeks that forgets all it may after a day, judged by an auditor who has the journals.
///
/// Blocks are found every few days, and some days no node can be asked, so windows and rounds reach back over what
/// would be forgotten if nobody needed it.
final class SummedMinutesTest {
    private static final int DAYS = 40;
    private static final List<String> WORK = List.of("PPLNS", "PROP", "SOLO", "PPS");
    private static final List<String> BLOCKS = List.of("PPLNS", "PROP", "SOLO");

    private final SettledPool pool = new SettledPool("1.5");
    private final WorkToKeep work = new WorkToKeep(new BigDecimal("1.5"), 1);
    private final Set<Position> lost = new HashSet<>();

    @AfterEach
    void close() {
        pool.close();
    }

    @RepeatedTest(3)
    void paysToTheMillisatoshiThoughOldMinutesAreSummed() throws SQLException {
        long seed = System.nanoTime();
        System.out.println("SummedMinutesTest: seed " + seed);
        var random = new Random(seed);
        for (int day = 0; day < DAYS; day++) {
            mine(random, day);
            pool.chain.reachable(random.nextInt(3) > 0);
            if (random.nextInt(4) == 0) {
                ripen();
            }
            settle(day);
        }
        pool.chain.reachable(true);
        ripen();
        // Once into the chain, once to maturity.
        settle(DAYS);
        settle(DAYS + 1);

        assertThat(pool.balances()).as("seed %d", seed).isEqualTo(expected());
        assertThat(Integer.parseInt(pool.ask("SELECT count(DISTINCT day) FROM pool.slice_day")))
                .as("days summed, seed %d", seed)
                .isGreaterThan(DAYS / 4);
        assertThat(
                        pool.ask(
                                """
                                SELECT (SELECT sum(shares) FROM pool.slice_day)
                                    + (SELECT coalesce(sum(shares), 0) FROM pool.slice)
                                """))
                .isEqualTo(Integer.toString(pool.model().shares().size()));
        try (var connection = pool.database.dataSource().getConnection()) {
            assertThat(LedgerAudit.slices(connection)).isEmpty();
            assertThat(LedgerAudit.books(connection)).isEmpty();
        }
    }

    private void mine(Random random, int day) {
        var time = SettledPool.NOON.plus(Duration.ofDays(day));
        // No job is worked on for a day.
        SettledPool.begin(pool.one, time);
        SettledPool.begin(pool.two, time);
        int shares = 5 + random.nextInt(30);
        for (int i = 0; i < shares; i++) {
            time = time.plusSeconds(1 + random.nextInt(60));
            var source = (random.nextBoolean() ? pool.one : pool.two).at(time);
            SettledPool.share(
                    source,
                    1 + random.nextInt(SettledPool.ACCOUNTS),
                    WORK.get(random.nextInt(WORK.size())),
                    1 + random.nextInt(2),
                    1 + random.nextInt(8));
        }
        // These PROP blocks are found whatever the seed, and stay: there is something to sum.
        boolean isSure = day % (DAYS / 2) == 0;
        if (!isSure && random.nextInt(3) > 0) {
            return;
        }
        var source = (random.nextBoolean() ? pool.one : pool.two).at(time.plusSeconds(1));
        SettledPool.block(
                source,
                1 + random.nextInt(SettledPool.ACCOUNTS),
                isSure ? "PROP" : BLOCKS.get(random.nextInt(BLOCKS.size())));
        var block = pool.model().blocks().getLast();
        if (!isSure && random.nextInt(4) == 0) {
            pool.orphan(block);
            lost.add(block.position());
        } else {
            pool.confirm(block, 1);
        }
    }

    /// All blocks that are in the chain are mature.
    private void ripen() {
        pool.model().blocks().stream()
                .filter(block -> !lost.contains(block.position()))
                .forEach(block -> pool.confirm(block, 101));
    }

    /// In the evening, when every server has passed the day's work.
    private void settle(int day) throws SQLException {
        pool.now = SettledPool.NOON.plus(Duration.ofDays(day)).plus(Duration.ofHours(6));
        pool.one.at(pool.now).tip();
        pool.passAndProject();
        pool.settle();
        try (var connection = pool.database.dataSource().getConnection()) {
            work.forgetOthers(connection, pool.now);
        }
    }

    private Map<String, Long> expected() {
        var model = pool.model();
        var books = new ModelBooks();
        var roundBegins = Position.START;
        for (var block : model.blocks()) {
            if (lost.contains(block.position())) {
                continue;
            }
            switch (block.scheme()) {
                case "PPLNS" -> books.released(model.pplns(block, 3, 2));
                case "PROP" -> {
                    books.released(model.round(block, roundBegins));
                    roundBegins = block.position();
                }
                default -> books.released(model.solo(block));
            }
        }
        return books.shares(model.pps(Long.MAX_VALUE)).balances();
    }
}
