package adit.server.settle;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import adit.ledger.postgres.Blocks;
import adit.ledger.postgres.Position;
import adit.ledger.postgres.TestSeed;

import static adit.server.settle.SettledPool.SCHEMES;
import static adit.server.settle.SettledPool.block;
import static adit.server.settle.SettledPool.share;
import static org.assertj.core.api.Assertions.assertThat;

/// A pool's life with a database that is cut off at any call, in a chain that reorganises, beside the same life in a
/// model that nothing ever happens to.
class SettlementFaultTest {
    private static final int ROUNDS = 30;

    private final long seed = TestSeed.next();
    private final Random random = new Random(seed);
    private final SettledPool pool = new SettledPool("2.5");
    private final Map<Position, ShareModel.Split> credited = new HashMap<>();
    private final Map<Position, Integer> depth = new HashMap<>();
    private final List<Position> matured = new ArrayList<>();
    private int cuts;
    private int lastCall = 50;

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void neverPaysTwiceOrLosesWhereverItIsCutOff() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            mine();
            moveTheChain();
            settleWithAFault();
            pool.settle();
            pool.settle();
            remember();
            assertThat(pool.balances())
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(expected().balances());
        }
        assertThat(cuts).isGreaterThan(ROUNDS / 3);
    }

    private void mine() {
        for (int i = 0; i < 25; i++) {
            var source = random.nextBoolean() ? pool.one : pool.two;
            source.at(newest()).later(random.nextInt(20) * 1_000_000L);
            share(
                    source,
                    1 + random.nextInt(5),
                    SCHEMES.get(random.nextInt(4)),
                    1 + random.nextInt(2),
                    1 + random.nextInt(9));
        }
        block(pool.one, 1 + random.nextInt(5), SCHEMES.get(random.nextInt(4)));
        depth.put(pool.model().blocks().getLast().position(), 1);
        pool.passAndProject();
        pool.now = newest().plus(Duration.ofMinutes(30));
    }

    /// Blocks are of a chain: what leaves is its newest part, and what comes back is put on top of what stayed.
    private void moveTheChain() {
        var blocks = pool.model().blocks();
        var tips = new ArrayList<>(blocks.subList(Math.max(0, blocks.size() - 3), blocks.size()));
        boolean leaves = random.nextInt(3) == 0;
        for (var block : tips) {
            depth.put(block.position(), leaves ? 0 : 1);
        }
        for (var block : blocks) {
            int now = depth(block.position());
            if (now > 0 && !tips.contains(block)) {
                now = Math.min(now + random.nextInt(60), 150);
                depth.put(block.position(), now);
            }
            if (now > 0) {
                pool.confirm(block, now);
            } else {
                pool.orphan(block);
            }
        }
    }

    /// Anywhere in a pass, whose length in calls is only found out.
    private void settleWithAFault() {
        int call = 1 + random.nextInt(lastCall);
        pool.faulty.failAt(call, random.nextBoolean());
        try {
            pool.settler().runOnce();
            lastCall = call;
        } catch (SQLException e) {
            cuts++;
            lastCall += lastCall / 3;
        }
        pool.faulty.callOff();
    }

    private void remember() {
        var model = pool.model();
        Position roundBegan = Position.START;
        for (var block : model.blocks()) {
            boolean isInChain = depth(block.position()) > 0;
            if (isInChain && !credited.containsKey(block.position())) {
                var split =
                        switch (block.scheme()) {
                            case "PPLNS" -> model.pplns(block, 5, 2);
                            case "PROP" -> model.round(block, roundBegan);
                            case "SOLO" -> model.solo(block);
                            default -> model.operator(block);
                        };
                credited.put(block.position(), split);
            }
            if (depth(block.position()) > 100) {
                matured.add(block.position());
            }
            if (isInChain && block.scheme().equals("PROP")) {
                roundBegan = block.position();
            }
        }
    }

    /// Zero for a block outside the chain.
    private int depth(Position block) {
        return depth.getOrDefault(block, 0);
    }

    private ModelBooks expected() {
        long interval = 600;
        long paidUntil = newest().getEpochSecond() / interval * interval;
        var books =
                new ModelBooks()
                        .shares(
                                pool.model()
                                        .pps(paidUntil * Duration.ofSeconds(1).toMillis() * 1000));
        credited.forEach((position, split) -> {
            if (matured.contains(position)) {
                books.released(split);
            } else if (depth(position) > 0) {
                books.pending(split);
            }
        });
        return books;
    }

    private Instant newest() {
        return Times.ofMicros(
                Math.max(
                        pool.one.lastPosition().timeMicros(),
                        pool.two.lastPosition().timeMicros()));
    }

    @Test
    void booksEverythingOnceWhenTwoSettleAtTheSameTime() throws Exception {
        for (int i = 0; i < 4; i++) {
            for (var scheme : SCHEMES) {
                pool.one.later(1_000_000);
                share(pool.one, 1 + i, scheme, 1, 5);
                block(pool.one, 5 - i, scheme);
                depth.put(pool.model().blocks().getLast().position(), 1);
            }
        }
        pool.one.later(1_200_000_000);
        pool.passAndProject();
        pool.now = newest();
        pool.model().blocks().forEach(block -> pool.confirm(block, 1));
        pool.faulty.failAt(Long.MAX_VALUE, false);
        // The follower of a leader has done its part; then two who both believe they lead settle.
        pool.settler().runOnce();
        pool.settler().close();
        pool.model().blocks().forEach(pool::orphan);
        pool.settler().runOnce();
        pool.settler().close();
        pool.model().blocks().forEach(block -> pool.confirm(block, 101));

        Callable<Void> rival =
                () -> {
                    try (var connection = pool.database.dataSource().getConnection()) {
                        settleAll(connection);
                    }
                    return null;
                };
        try (var threads = Executors.newFixedThreadPool(3)) {
            for (int pass = 0; pass < 2; pass++) {
                pool.settler().runOnce();
                for (var done : threads.invokeAll(List.of(rival, rival, rival))) {
                    done.get();
                }
                for (var block : pool.model().blocks()) {
                    depth.put(block.position(), 101);
                }
            }
        }
        remember();

        assertThat(pool.balances()).isEqualTo(expected().balances());
    }

    private void settleAll(Connection connection) throws SQLException {
        var blocks = new BlockSettlement(new Schemes(pool.scheme), () -> pool.now);
        for (var block : Blocks.recent(connection, 100)) {
            blocks.settle(connection, block);
        }
        var intervals =
                new PpsIntervals(PpsIntervals.Paid.PPS, Duration.ofMinutes(10), () -> pool.now);
        while (intervals.accrueNext(connection).isPresent()) {
            Thread.onSpinWait();
        }
    }
}
