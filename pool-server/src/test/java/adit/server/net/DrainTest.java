package adit.server.net;

import java.nio.file.Path;
import java.util.ArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/// How miners are let go.
final class DrainTest {

    private static final String RECONNECT =
            "{\"id\":null,\"method\":\"client.reconnect\",\"params\":[]}";

    @TempDir private Path directory;
    private PoolRig pool;

    @BeforeEach
    void open() {
        pool = new PoolRig(directory);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void asksBeforeItClosesAndServesInBetween() {
        try (var miner = new Wire(pool.listen(PoolRig.ANY))) {
            subscribe(miner);
            pool.onLoop(loop -> loop.drain(1));
            assertThat(miner.line()).hasValue(RECONNECT);

            pool.passMillis(5_000);
            pool.onLoop(loop -> loop.drain(0));
            assertThat(miner.linesBeforeProbe()).as("still served").isEmpty();

            pool.passMillis(1_000);
            pool.onLoop(loop -> loop.drain(0));
            assertThat(miner.line()).as("closed").isEmpty();
        }
    }

    @Test
    void spreadsAFewAsEvenlyAsMany() {
        var address = pool.listen(PoolRig.ANY);
        var miners = new ArrayList<Wire>();
        for (int i = 0; i < 4; i++) {
            var miner = new Wire(address);
            subscribe(miner);
            miners.add(miner);
        }
        int asked = 0;
        for (int step = 20; step > 0; step--) {
            int left = step;
            pool.onLoop(loop -> loop.drain(left));
            for (var miner : miners) {
                asked += miner.linesBeforeProbe().contains(RECONNECT) ? 1 : 0;
            }
            int done = 21 - step;
            assertThat(asked)
                    .as("after %d of 20 steps", done)
                    .isBetween(done / 5 - 1, done / 5 + 1);
        }
        assertThat(asked).isEqualTo(4);
        miners.forEach(Wire::close);
    }

    @Test
    void letsNobodyElseGoWhenItIsCalledOff() {
        try (var miner = new Wire(pool.listen(PoolRig.ANY))) {
            subscribe(miner);
            pool.onLoop(loop -> loop.drain(1));
            assertThat(miner.line()).hasValue(RECONNECT);
            pool.onLoop(loop -> loop.endDrain());

            pool.passMillis(20_000);
            pool.onLoop(_ -> {});
            assertThat(miner.linesBeforeProbe()).isEmpty();
        }
    }

    private static void subscribe(Wire miner) {
        miner.send("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}");
        miner.linesBeforeProbe();
    }
}
