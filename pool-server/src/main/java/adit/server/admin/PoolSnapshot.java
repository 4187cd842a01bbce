package adit.server.admin;

import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SortedMap;

import org.jspecify.annotations.Nullable;

import adit.node.NodeStatus;
import adit.server.source.LoadLevel;

/// The running pool at one moment. Counters run from the start of the process; `mining` is absent while no node
/// has a valid template, while miners may keep their last job for some time; `projectionTrouble` is empty while nothing stops the projector.
public record PoolSnapshot(
        int connections,
        List<Listener> listeners,
        SortedMap<String, Long> submissionsByVerdict,
        BigInteger creditedUnits,
        @Nullable Mining mining,
        boolean keepsLastJob,
        List<NodeStatus> nodes,
        Journal journal,
        String projectionTrouble,
        boolean isDraining,
        LoadLevel load) {

    public PoolSnapshot {
        listeners = List.copyOf(listeners);
        nodes = List.copyOf(nodes);
    }

    /// A port for miners, as it is bound.
    public record Listener(String name, InetSocketAddress address, boolean isOpen) {}

    /// What miners work on now.
    public record Mining(int height, int nBits, long rewardSats, String node) {}

    /// The share journal; `failure` is empty while it can be written.
    public record Journal(int epoch, long durableSequence, int recordsInFlight, String failure) {
        boolean isWritable() {
            return failure.isEmpty();
        }
    }
}
