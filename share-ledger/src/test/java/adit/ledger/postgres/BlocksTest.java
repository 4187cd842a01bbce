package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BlocksTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private TestDatabase database;
    private Connection connection;
    private FoundBlock block;

    @BeforeEach
    void findABlock() throws Exception {
        database = TestDatabase.create();
        var source =
                new FakeShareSource(1)
                        .at(NOON)
                        .beginEpoch()
                        .account(1, "bc1qminer")
                        .worker(1, 1, "rig", "PROP", 100)
                        .job(1, 0x1703_4219, 312_500_000)
                        .share(1, 1, 1, 5)
                        .block(1, 1, 1, 0x1703_4219, 312_500_000);
        new ShareProjector(database.dataSource(), source, 100, _ -> {}).runOnce();
        connection = database.dataSource().getConnection();
        connection.setAutoCommit(false);
        block = Blocks.in(connection, BlockState.FOUND).getFirst();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
        database.close();
    }

    @Test
    void knowsAllOfAFoundBlock() throws Exception {
        assertThat(block.accountName()).isEqualTo("bc1qminer");
        assertThat(block.workerName()).isEqualTo("rig");
        assertThat(block.scheme()).isEqualTo("PROP");
        assertThat(block.feeBps()).isEqualTo(100);
        assertThat(block.rewardSats()).isEqualTo(312_500_007);
        assertThat(block.position()).isEqualTo(new Position(Times.micros(NOON), 1, 1, 6));
        assertThat(Blocks.find(connection, block.hash())).map(FoundBlock::id).contains(block.id());
        assertThat(Blocks.find(connection, new byte[32])).isEmpty();
    }

    @Test
    void writesEveryStepDown() throws Exception {
        assertThat(move(BlockState.ACTIVE, 1, "in the chain")).isTrue();
        assertThat(Blocks.confirm(connection, current(), 50)).isTrue();
        assertThat(current().confirmations()).isEqualTo(50);
        assertThat(move(BlockState.ORPHANED, 0, "reorganised")).isTrue();
        assertThat(move(BlockState.ACTIVE, 2, "back again")).isTrue();
        assertThat(move(BlockState.MATURE, 101, "")).isTrue();

        assertThat(Blocks.history(connection, block.id()))
                .extracting(Blocks.Step::state)
                .containsExactly(
                        BlockState.FOUND,
                        BlockState.ACTIVE,
                        BlockState.ORPHANED,
                        BlockState.ACTIVE,
                        BlockState.MATURE);
        assertThat(Blocks.history(connection, block.id()).get(1).note()).isEqualTo("in the chain");
    }

    @Test
    void letsOneOfTwoMoveIt() throws Exception {
        assertThat(Blocks.move(connection, block, BlockState.ACTIVE, 1, NOON, "")).isTrue();
        assertThat(Blocks.move(connection, block, BlockState.ORPHANED, 0, NOON, "")).isFalse();
        assertThat(Blocks.confirm(connection, block, 3)).isFalse();
        assertThat(current().state()).isEqualTo(BlockState.ACTIVE);
    }

    @Test
    void followsItsStates() {
        assertThatThrownBy(() -> Blocks.move(connection, block, BlockState.MATURE, 101, NOON, ""))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void freezesADistributionOnce() throws Exception {
        var distribution = distribution("credit:a", 900);
        assertThat(Distributions.freeze(connection, distribution)).isTrue();
        assertThat(Distributions.freeze(connection, distribution("credit:a", 900))).isFalse();
        connection.commit();

        assertThat(Distributions.find(connection, "credit:a")).contains(distribution);
        assertThat(Distributions.find(connection, "credit:b")).isEmpty();
        assertThat(MinerQueries.credits(connection, block.accountId(), 10))
                .singleElement()
                .satisfies(credit -> {
                    assertThat(credit.creditMsat()).isEqualTo(900);
                    assertThat(credit.directMsat()).isEqualTo(600);
                    assertThat(credit.scheme()).isEqualTo("PROP");
                    assertThat(credit.block().hash()).isEqualTo(block.hash());
                });
    }

    @Test
    void refusesADistributionThatDoesNotAddUp() {
        assertThatThrownBy(() ->
                        new FrozenDistribution(
                                "k",
                                null,
                                "PROP",
                                1,
                                "{}",
                                block.position(),
                                Position.START,
                                FrozenDistribution.Boundary.EXACT,
                                1_000,
                                100,
                                0,
                                0,
                                new TreeMap<>(),
                                new TreeMap<>()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesToPayDirectlyMoreThanIsCredited() {
        var credited = distribution("k", 900);
        assertThatThrownBy(() ->
                        new FrozenDistribution(
                                "k",
                                null,
                                "PROP",
                                1,
                                "{}",
                                block.position(),
                                Position.START,
                                FrozenDistribution.Boundary.EXACT,
                                1_000,
                                100,
                                0,
                                0,
                                credited.creditsMsat(),
                                new TreeMap<>(Map.of(block.accountId(), 901L))))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE pool.distribution SET parameters = ''",
                "DELETE FROM pool.distribution_line",
                "UPDATE pool.distribution_line SET credit_msat = 1",
                "TRUNCATE pool.distribution_line",
                "INSERT INTO pool.distribution_line SELECT id, 99, 1 FROM pool.distribution",
                "UPDATE pool.block SET direct_sats = reward_sats + 1",
                "INSERT INTO pool.distribution_line SELECT id, 99, 1, 2 FROM pool.distribution",
                "DELETE FROM pool.block_history",
                "UPDATE pool.block_history SET note = 'x'",
                "UPDATE pool.block SET state = 'SOMETHING'",
                "INSERT INTO pool.distribution SELECT (jsonb_populate_record(d, '{\"id\": 77, \"key\": \"x\"}')).*"
                        + " FROM pool.distribution d",
            })
    void isDefendedByTheDatabaseItself(String attack) throws Exception {
        Distributions.freeze(connection, distribution("credit:a", 900));
        connection.commit();

        assertThatThrownBy(
                        () -> {
                            try (var statement = connection.createStatement()) {
                                statement.execute(
                                        "INSERT INTO pool.account (id, name) OVERRIDING SYSTEM VALUE VALUES (99, 'x')");
                                statement.execute(
                                        attack.replace(
                                                "INTO pool.distribution SELECT",
                                                "INTO pool.distribution OVERRIDING SYSTEM VALUE SELECT"));
                                connection.commit();
                            }
                        })
                .isInstanceOf(SQLException.class)
                .satisfies(e -> assertThat(((SQLException) e).getSQLState()).startsWith("23"));
    }

    private FrozenDistribution distribution(String key, long creditMsat) {
        var credits = new TreeMap<Long, Long>();
        credits.put(block.accountId(), creditMsat);
        return new FrozenDistribution(
                key,
                block.id(),
                block.scheme(),
                1,
                "{\"feeBps\":1000}",
                block.position(),
                Position.START,
                FrozenDistribution.Boundary.EXACT,
                1_000,
                1_000 - creditMsat,
                0,
                0,
                credits,
                new TreeMap<>(Map.of(block.accountId(), 600L)));
    }

    private boolean move(BlockState next, int confirmations, String note) throws SQLException {
        return Blocks.move(connection, current(), next, confirmations, NOON, note);
    }

    private FoundBlock current() throws SQLException {
        return Blocks.find(connection, block.hash()).orElseThrow();
    }
}
