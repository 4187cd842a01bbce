package adit.server.block;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import adit.ledger.journal.JournalRecord;
import adit.ledger.postgres.BlockState;
import adit.ledger.postgres.Blocks;
import adit.ledger.postgres.FakeShareSource;
import adit.ledger.postgres.ShareProjector;
import adit.ledger.postgres.TestDatabase;
import adit.node.Confirmations;
import adit.pow.Hash;
import adit.server.metrics.EventLog;
import adit.server.metrics.LoggedLines;

import static org.assertj.core.api.Assertions.assertThat;

class BlockFollowerTest {
    private static final Instant FOUND = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration GRACE = Duration.ofMinutes(10);

    private final TestDatabase database = TestDatabase.create();
    private final FakeChain chain = new FakeChain();
    private final FakeShareSource journal = new FakeShareSource(1);
    private final LoggedLines logged = new LoggedLines();
    private Instant now = FOUND.plusSeconds(1);
    private final BlockFollower follower =
            new BlockFollower(chain, GRACE, new EventLog(), () -> now);
    private Connection connection;

    @BeforeEach
    void findTwoBlocks() throws Exception {
        journal.at(FOUND).beginEpoch().account(1, "a1").worker(1, 1, "rig", "SOLO", 100);
        journal.job(1, 0x1c03fffc, 312_500_000);
        journal.block(1, 1, 1, 0x1c03fffc, 312_500_000).later(1);
        journal.block(1, 1, 1, 0x1c03fffc, 312_500_000);
        new ShareProjector(database.dataSource(), journal, 100, _ -> {}).runOnce();
        connection = database.dataSource().getConnection();
    }

    @AfterEach
    void close() throws Exception {
        logged.close();
        connection.close();
        database.close();
    }

    private Hash block(int index) {
        return journal.records(1).stream()
                .filter(JournalRecord.BlockFound.class::isInstance)
                .map(found -> Hash.of(((JournalRecord.BlockFound) found).hash()))
                .toList()
                .get(index);
    }

    private BlockState state(int index) throws Exception {
        return Blocks.find(connection, block(index).bytes()).orElseThrow().state();
    }

    private void follow(int index, Confirmations answer) throws Exception {
        chain.put(block(index), answer);
        follower.follow(connection);
    }

    private List<String> told() {
        return logged.saying("Block ");
    }

    @Test
    void followsABlockUntilItIsMature() throws Exception {
        follow(0, new Confirmations.Active(1));
        assertThat(state(0)).isEqualTo(BlockState.ACTIVE);
        follow(0, new Confirmations.Active(100));
        assertThat(state(0)).isEqualTo(BlockState.ACTIVE);
        assertThat(Blocks.find(connection, block(0).bytes()).orElseThrow().confirmations())
                .isEqualTo(100);
        follow(0, new Confirmations.Active(101));
        follow(0, new Confirmations.Active(102));

        var stored = Blocks.find(connection, block(0).bytes()).orElseThrow();
        assertThat(stored.state()).isEqualTo(BlockState.MATURE);
        assertThat(Blocks.history(connection, stored.id()))
                .extracting(Blocks.Step::state)
                .containsExactly(BlockState.FOUND, BlockState.ACTIVE, BlockState.MATURE);
        assertThat(told()).singleElement().asString().endsWith("is mature");
    }

    @Test
    void orphansABlockThatLostItsPlaceAndBringsItBack() throws Exception {
        follow(0, new Confirmations.Active(1));
        follow(0, new Confirmations.NotActive());
        follow(0, new Confirmations.NotActive());
        assertThat(state(0)).isEqualTo(BlockState.ORPHANED);

        follow(0, new Confirmations.Active(3));
        assertThat(state(0)).isEqualTo(BlockState.ACTIVE);
        assertThat(told())
                .satisfiesExactly(
                        line -> assertThat(line).contains("orphaned"),
                        line -> assertThat(line).endsWith("in the chain again"));
    }

    @Test
    void givesUpABlockNoNodeKnowsOnlyAfterTheGrace() throws Exception {
        follower.follow(connection);
        now = now.plus(GRACE).minusSeconds(1);
        follower.follow(connection);
        assertThat(state(0)).isEqualTo(BlockState.FOUND);

        now = now.plusSeconds(1);
        follower.follow(connection);
        assertThat(state(0)).isEqualTo(BlockState.ORPHANED);
    }

    @Test
    void countsTheGraceFromTheLastTimeTheBlockWasKnown() throws Exception {
        follower.follow(connection);
        now = now.plus(GRACE).minusSeconds(1);
        follow(0, new Confirmations.Active(1));
        follow(1, new Confirmations.Active(2));
        chain.forget(block(0));
        now = now.plusSeconds(2);
        follower.follow(connection);

        assertThat(state(0)).isEqualTo(BlockState.ACTIVE);
    }

    @Test
    void concludesNothingWhenANodeGoesAwayAmidThePass() throws Exception {
        follow(1, new Confirmations.Active(1));
        chain.put(block(1), new Confirmations.NotActive());
        chain.put(block(0), new Confirmations.Active(1));
        chain.afterNextAnswer(() -> chain.reachable(false));

        follower.follow(connection);
        assertThat(state(0)).isEqualTo(BlockState.FOUND);
        assertThat(state(1)).isEqualTo(BlockState.ACTIVE);

        chain.reachable(true);
        follower.follow(connection);
        assertThat(state(0)).isEqualTo(BlockState.ACTIVE);
        assertThat(state(1)).isEqualTo(BlockState.ORPHANED);
    }

    @Test
    void neverShowsTwoBlocksInTheChainThatTookTurns() throws Exception {
        chain.put(block(0), new Confirmations.Active(1));
        chain.put(block(1), new Confirmations.NotActive());
        chain.afterNextAnswer(() -> {
            chain.put(block(0), new Confirmations.NotActive());
            chain.put(block(1), new Confirmations.Active(1));
        });

        follower.follow(connection);
        assertThat(List.of(state(0), state(1))).containsOnly(BlockState.FOUND);

        follower.follow(connection);
        assertThat(state(0)).isEqualTo(BlockState.ORPHANED);
        assertThat(state(1)).isEqualTo(BlockState.ACTIVE);
    }

    @Test
    void watchesAMatureBlockForSomeDaysMore() throws Exception {
        follow(0, new Confirmations.Active(101));
        follow(0, new Confirmations.Active(101));
        assertThat(state(0)).isEqualTo(BlockState.MATURE);

        now = FOUND.plus(BlockFollower.WATCH);
        follow(0, new Confirmations.NotActive());
        assertThat(state(0)).isEqualTo(BlockState.ORPHANED);

        now = now.plusSeconds(1);
        follow(0, new Confirmations.Active(150));
        assertThat(state(0)).isEqualTo(BlockState.ORPHANED);
    }
}
