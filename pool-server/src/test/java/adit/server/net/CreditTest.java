package adit.server.net;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.channel.ChannelSettings;
import adit.server.config.Limits;
import adit.server.job.SampleJobs;

import static org.assertj.core.api.Assertions.assertThat;

/// What a source buys with its shares, over real sockets: nothing with one that costs nothing.
final class CreditTest {

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private static final String PING = "{\"id\":9,\"method\":\"mining.ping\",\"params\":[]}";
    private static final String PONG = "{\"id\":9,\"result\":\"pong\",\"error\":null}";

    /// Nearly every hash is a share, worth one unit.
    private static final ChannelSettings FREE = new ChannelSettings(1, 1, 1, true, 15, false, 0);

    private static final int PRICE = 40;

    private PoolRig rig;
    private InetSocketAddress pool;
    private final List<Wire> wires = new ArrayList<>();
    private int nonce;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new PoolRig(directory, true);
        rig.blockUnits.set(PRICE);
        rig.publish(SampleJobs.job(0x6f1, SampleJobs.TIP_A, SampleJobs.HARD));
        pool = rig.listen(FREE);
    }

    @AfterEach
    void close() {
        wires.forEach(Wire::close);
        rig.close();
    }

    @Test
    void givesNoCreditForASharePickedUpFromTheGround() {
        var miner = loggedIn();
        deliver(miner, PRICE - 1);
        takeAllPlaces();
        assertThat(isServed()).isFalse();

        deliver(miner, 1);

        assertThat(isServed()).isTrue();
    }

    @Test
    void addsUpWhatSeveralMachinesOfOneSourceDeliver() {
        for (int i = 0; i < 4; i++) {
            deliver(loggedIn(), PRICE / 4);
        }
        takeAllPlaces();

        assertThat(isServed()).isTrue();
    }

    @Test
    void countsNoRefusedShare() {
        var miner = loggedIn();
        for (int i = 0; i < 2 * PRICE; i++) {
            miner.send(submit("000006ff00", i));
            assertThat(miner.line().orElseThrow()).contains("Job not found");
        }
        takeAllPlaces();

        assertThat(isServed()).isFalse();
    }

    private Wire loggedIn() {
        var wire = connect();
        wire.send(
                "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}",
                "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"%s.rig\",\"x\"]}"
                        .formatted(ADDRESS));
        assertThat(wire.linesBeforeProbe()).contains("{\"id\":2,\"result\":true,\"error\":null}");
        return wire;
    }

    private void deliver(Wire miner, int shares) {
        for (int accepted = 0; accepted < shares; ) {
            miner.send(submit("000006f100", nonce++));
            if (miner.line().orElseThrow().contains("true")) {
                accepted++;
            }
        }
    }

    /// As many connections as a source without credit may have.
    private void takeAllPlaces() {
        while (wires.size() < Limits.CONNECTIONS_WITHOUT_WORK) {
            connect();
        }
        rig.awaitConnections(Limits.CONNECTIONS_WITHOUT_WORK);
    }

    private boolean isServed() {
        var wire = connect();
        wire.send(PING);
        return wire.line().equals(Optional.of(PONG));
    }

    private Wire connect() {
        var wire = new Wire(pool);
        wires.add(wire);
        return wire;
    }

    private static String submit(String job, int nonce) {
        return "{\"id\":5,\"method\":\"mining.submit\",\"params\":[\"%s.rig\",\"%s\",\"0000000000000000\",\"68a5c000\",\"%08x\"]}"
                .formatted(ADDRESS, job, nonce);
    }
}
