package adit.server.settle;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import adit.ledger.journal.ShareSource;
import adit.ledger.postgres.ShareProjector;

import static adit.server.settle.SettledPool.NOON;
import static adit.server.settle.SettledPool.block;
import static adit.server.settle.SettledPool.share;
import static org.assertj.core.api.Assertions.assertThat;

/// Server one settles and finds the blocks, while on server two one process follows another, or none runs: no work of
/// either process is left out of what is settled meanwhile.
class FollowedServerTest {
    private final SettledPool pool = new SettledPool("1.5");
    private final ShareProjector one = projector(pool.one);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void creditsABlockOverTheWorkOfBothProcesses() throws Exception {
        var old = projector(pool.two.readBy(1, List.of(2)));
        var next = projector(pool.two.readBy(2, List.of(1)));
        follow(10);
        work(1, 20, 3, "PPLNS");
        work(2, 21, 5, "PPLNS");
        findBlock(30);
        work(1, 40, 3, "PPLNS");
        project(one);
        project(old);

        settleUnpaid("what the new process took is not here");
        project(next);
        settleUnpaid("the new process may have more");
        work(2, 41, 5, "PPLNS");
        project(next);
        pool.settle();

        assertCredited();
    }

    @Test
    void creditsABlockOverTheWorkOfAProcessThatDied() throws Exception {
        var old = projector(pool.two.readBy(1, List.of(2)));
        follow(10);
        work(2, 20, 5, "PPLNS");
        findBlock(30);
        work(1, 40, 3, "PPLNS");
        project(one);
        project(old);
        settleUnpaid("what the new process took is not here");

        project(projector(pool.two.readBy(1, List.of())));
        pool.settle();

        assertCredited();
    }

    @Test
    void creditsABlockOverTheWorkOfAServerThatWasStartedAgain() throws Exception {
        pool.two.at(NOON.plusSeconds(5)).cleanStop();
        project(projector(pool.two));
        findBlock(30);
        project(one);
        settleUnpaid("two may be back already");

        // Its database was away when it was.
        SettledPool.begin(pool.two, NOON.plusSeconds(10));
        work(2, 20, 5, "PPLNS");
        work(2, 40, 5, "PPLNS");
        project(projector(pool.two));
        pool.settle();

        assertCredited();
    }

    @Test
    void paysAnIntervalOverTheWorkOfBothProcesses() throws Exception {
        var old = projector(pool.two.readBy(1, List.of(2)));
        follow(10);
        work(1, 20, 3, "PPS");
        work(2, 21, 5, "PPS");
        var end = NOON.plusSeconds(600);
        pool.one.at(end).tip();
        pool.two.inEpoch(1).at(end).tip();
        project(one);
        project(old);
        pool.settle();
        assertThat(pool.balances()).isEmpty();

        pool.two.inEpoch(2).at(end).tip();
        project(projector(pool.two.readBy(2, List.of(1))));
        pool.settle();

        assertThat(pool.balances())
                .isEqualTo(
                        new ModelBooks()
                                .shares(pool.model().pps(Times.begin(end).timeMicros()))
                                .balances());
        assertThat(pool.balances()).containsKeys("L:MINER_AVAILABLE:a3", "L:MINER_AVAILABLE:a5");
    }

    private void follow(int second) {
        SettledPool.begin(pool.two, NOON.plusSeconds(second));
    }

    private void work(int epoch, int second, int account, String scheme) {
        pool.two.inEpoch(epoch).at(NOON.plusSeconds(second));
        share(pool.two, account, scheme, 1, 8);
    }

    private void findBlock(int second) {
        pool.one.at(NOON.plusSeconds(second));
        block(pool.one, 1, "PPLNS");
        pool.one.at(NOON.plusSeconds(second + 5)).tip();
        pool.confirm(pool.model().blocks().getLast(), 1);
    }

    private void settleUnpaid(String why) throws Exception {
        pool.settle();
        assertThat(pool.balances()).as(why).isEmpty();
    }

    private void assertCredited() throws Exception {
        var model = pool.model();
        var split = model.pplns(model.blocks().getLast(), 3, 2);
        assertThat(pool.balances()).isEqualTo(new ModelBooks().pending(split).balances());
        assertThat(split.credits()).containsKey("a5");
    }

    private ShareProjector projector(ShareSource journal) {
        return new ShareProjector(pool.database.dataSource(), journal, 500, _ -> {});
    }

    private static void project(ShareProjector projector) {
        while (projector.runOnce() > 0) {
            assertThat(projector.status().trouble()).isEmpty();
        }
    }
}
