package adit.server.admin;

import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import adit.node.NodeHealth;
import adit.node.NodeStatus;
import adit.server.source.LoadLevel;

/// A running pool of which a test says how it is.
final class FakePool implements PoolView {
    /// As a socket says it that takes both IPv4 and IPv6.
    private static final InetSocketAddress EVERYWHERE = new InetSocketAddress("::", 3333);

    static final PoolSnapshot WELL =
            new PoolSnapshot(
                    12,
                    List.of(new PoolSnapshot.Listener("miners", EVERYWHERE, true)),
                    new TreeMap<>(Map.of("accepted", 900L, "stale", 3L)),
                    BigInteger.ZERO,
                    new PoolSnapshot.Mining(840_003, 0x17034219, 312_512_345, "first"),
                    false,
                    List.of(new NodeStatus("first", NodeHealth.READY, "", 840_002, true)),
                    new PoolSnapshot.Journal(7, 903, 0, ""),
                    "",
                    false,
                    LoadLevel.NORMAL);

    private volatile PoolSnapshot now = WELL;

    private volatile boolean isBroken;

    @Override
    public PoolSnapshot snapshot() {
        if (isBroken) {
            throw new IllegalStateException("a detail for nobody");
        }
        return now;
    }

    void breaks() {
        isBroken = true;
    }

    void becomes(PoolSnapshot next) {
        now = next;
    }

    void credits(BigInteger units) {
        becomes(
                new PoolSnapshot(
                        now.connections(),
                        now.listeners(),
                        now.submissionsByVerdict(),
                        units,
                        now.mining(),
                        false,
                        now.nodes(),
                        now.journal(),
                        now.projectionTrouble(),
                        false,
                        now.load()));
    }

    void listens(PoolSnapshot.Listener... listeners) {
        becomes(
                new PoolSnapshot(
                        now.connections(),
                        List.of(listeners),
                        now.submissionsByVerdict(),
                        now.creditedUnits(),
                        now.mining(),
                        now.keepsLastJob(),
                        now.nodes(),
                        now.journal(),
                        now.projectionTrouble(),
                        now.isDraining(),
                        now.load()));
    }

    void losesTheNodes(boolean keepsLastJob) {
        becomes(
                new PoolSnapshot(
                        now.connections(),
                        now.listeners(),
                        now.submissionsByVerdict(),
                        now.creditedUnits(),
                        null,
                        keepsLastJob,
                        List.of(
                                new NodeStatus(
                                        "first",
                                        NodeHealth.UNREACHABLE,
                                        "connection refused",
                                        -1,
                                        false)),
                        now.journal(),
                        now.projectionTrouble(),
                        false,
                        now.load()));
    }

    void losesTheJournal() {
        becomes(
                new PoolSnapshot(
                        0,
                        List.of(new PoolSnapshot.Listener("miners", EVERYWHERE, false)),
                        now.submissionsByVerdict(),
                        now.creditedUnits(),
                        now.mining(),
                        false,
                        now.nodes(),
                        new PoolSnapshot.Journal(7, 903, 0, "the disk is full"),
                        now.projectionTrouble(),
                        false,
                        now.load()));
    }

    void drains() {
        becomes(
                new PoolSnapshot(
                        now.connections(),
                        List.of(new PoolSnapshot.Listener("miners", EVERYWHERE, false)),
                        now.submissionsByVerdict(),
                        now.creditedUnits(),
                        now.mining(),
                        now.keepsLastJob(),
                        now.nodes(),
                        now.journal(),
                        now.projectionTrouble(),
                        true,
                        now.load()));
    }

    void labours(LoadLevel load) {
        becomes(
                new PoolSnapshot(
                        now.connections(),
                        now.listeners(),
                        now.submissionsByVerdict(),
                        now.creditedUnits(),
                        now.mining(),
                        now.keepsLastJob(),
                        now.nodes(),
                        now.journal(),
                        now.projectionTrouble(),
                        now.isDraining(),
                        load));
    }
}
