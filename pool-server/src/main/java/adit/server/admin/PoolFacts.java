package adit.server.admin;

import java.time.Instant;
import java.util.List;

import adit.server.config.PoolConfig;

/// What stays true of this pool process as long as it runs.
public record PoolFacts(
        String name,
        String network,
        String version,
        String scheme,
        int feeBps,
        int serverId,
        Instant startedAt,
        List<PoolConfig.Listener> listeners) {

    public PoolFacts {
        listeners = List.copyOf(listeners);
    }

    /// What the configuration says of a listener.
    PoolConfig.Listener listener(String listenerName) {
        return listeners.stream()
                .filter(listener -> listener.name().equals(listenerName))
                .findFirst()
                .orElseThrow();
    }
}
