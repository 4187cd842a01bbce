package adit.node;

import java.time.InstantSource;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import adit.pow.Hash;

/// The questions a node must answer well before the pool mines on it.
///
/// **Owner:** the health thread of one node.
final class NodeChecks {
    /// A doubt that makes a node unusable, in one sentence for the operator.
    record Doubt(NodeHealth health, String why) {}

    /// The tip a node named, and the doubt about it if there is one.
    record Findings(Hash tip, @Nullable Doubt doubt) {}

    /// Headers may run this far ahead of validated blocks, as they do for a moment with every block.
    private static final int HEADERS_AHEAD = 3;

    private final NodeRpc rpc;
    private final ChainParameters chain;
    private final NodeTimings timings;
    private final InstantSource clock;
    private boolean identified;
    private Hash datedTip = Hash.ZERO;
    private long tipSeconds;

    NodeChecks(NodeRpc rpc, ChainParameters chain, NodeTimings timings, InstantSource clock) {
        this.rpc = rpc;
        this.chain = chain;
        this.timings = timings;
        this.clock = clock;
    }

    /// Another node may answer at this address next time.
    void forget() {
        identified = false;
    }

    Findings look() {
        var info = rpc.chainInfo();
        var doubt = identity(info).or(() -> upToDate(info));
        return new Findings(info.tip(), doubt.orElse(null));
    }

    private Optional<Doubt> identity(NodeRpc.ChainInfo info) {
        if (!chain.rpcNames().contains(info.chain())) {
            return Optional.of(
                    new Doubt(
                            NodeHealth.WRONG_NETWORK,
                            "is on '" + info.chain() + "', the pool is on " + chain.name()));
        }
        if (!identified) {
            var genesis = rpc.genesisHash();
            if (!genesis.equals(chain.genesisHash())) {
                return Optional.of(
                        new Doubt(
                                NodeHealth.WRONG_NETWORK,
                                "has another first block (" + genesis + ") than " + chain.name()));
            }
            identified = true;
        }
        return Optional.empty();
    }

    private Optional<Doubt> upToDate(NodeRpc.ChainInfo info) {
        if (chain.isolated()) {
            return Optional.empty();
        }
        if (info.initialDownload() || info.headers() - info.height() > HEADERS_AHEAD) {
            return Optional.of(
                    new Doubt(
                            NodeHealth.SYNCING,
                            "is downloading the chain: block "
                                    + info.height()
                                    + " of "
                                    + Math.max(info.height(), info.headers())));
        }
        if (rpc.connections() == 0) {
            return Optional.of(
                    new Doubt(NodeHealth.NO_PEERS, "has no peers to hear of new blocks from"));
        }
        long age = clock.instant().getEpochSecond() - secondsOf(info.tip());
        if (age > timings.staleTip().toSeconds()) {
            return Optional.of(
                    new Doubt(
                            NodeHealth.STALE_TIP,
                            "has heard of no block for " + age / 60 + " minutes: is it cut off?"));
        }
        return Optional.empty();
    }

    private long secondsOf(Hash tip) {
        if (!tip.equals(datedTip)) {
            var header = rpc.header(tip);
            if (header.isEmpty()) {
                throw new NodeUnavailable(
                        NodeUnavailable.Kind.GARBLED, "does not know the tip it names itself");
            }
            tipSeconds = Integer.toUnsignedLong(header.get().time());
            datedTip = tip;
        }
        return tipSeconds;
    }
}
