package adit.server.admin;

import java.time.Instant;

/// What stays true of this pool process as long as it runs.
public record PoolFacts(
        String name,
        String network,
        String version,
        String scheme,
        int feeBps,
        int serverId,
        Instant startedAt) {}
