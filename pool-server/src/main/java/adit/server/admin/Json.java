package adit.server.admin;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

import org.jspecify.annotations.Nullable;

/// The shapes of all answers; `docs/admin/api.md` explains each field.
///
/// Sats are whole numbers. Millisatoshi are decimal strings, because a reader in JavaScript loses digits above 2^53.
/// Difficulties are decimal strings. Hashrates are numbers, for display. Hashes are in display order.
final class Json {
    private Json() {}

    record Problem(String error) {}

    record Pool(
            Instant at,
            String name,
            String network,
            String version,
            long uptimeSeconds,
            String scheme,
            int feeBps,
            List<Listener> listeners,
            int connections,
            int loadLevel,
            Rates hashrate,
            SortedMap<String, Long> submissions,
            @Nullable Mining mining,
            List<Node> nodes,
            Journal journal,
            Database database,
            @Nullable Blocks blocks) {}

    record Listener(String name, String url, String scheme, String payoutMode, boolean open) {}

    /// `scope` is `pool`, or `server` while only this process's own shares are known.
    record Rates(String scope, List<Hashrate> windows, List<BigInteger> lastHourByMinute) {}

    record Mining(int height, String networkDifficulty, long rewardSats, String node) {}

    record Node(
            String name, String health, String reason, @Nullable Integer height, boolean inUse) {}

    record Journal(
            boolean writable,
            String failure,
            int serverId,
            int epoch,
            long durableSequence,
            int recordsInFlight) {}

    record Database(
            boolean reachable,
            Instant since,
            String trouble,
            @Nullable Long waitingRecords,
            @Nullable Instant knownAt) {}

    record Blocks(SortedMap<String, Long> counts, List<Block> latest) {}

    record Block(
            String hash,
            int height,
            Instant time,
            String finder,
            String worker,
            String scheme,
            int feeBps,
            long rewardSats,
            long directSats,
            String state,
            int confirmations,
            int confirmationsNeeded,
            @Nullable Credited credited) {}

    record Credited(int miners, String creditsMsat, String feeMsat) {}

    record BlockPage(List<Block> blocks, @Nullable String next) {}

    record Miner(
            Instant at,
            String account,
            @Nullable String payoutAddress,
            Balances balances,
            @Nullable Instant lastShareAt,
            List<Hashrate> hashrate,
            int workersLastDay,
            List<Worker> workers,
            List<Credit> credits) {}

    record Balances(String immatureMsat, String availableMsat) {}

    record Worker(
            String name, Instant lastShareAt, List<Hashrate> hashrate, @Nullable Screen screen) {}

    /// What the owner of a firmware that looks at coinbases sees, and why.
    record Screen(String firmware, String text) {}

    record Credit(
            Instant at,
            String scheme,
            String creditMsat,
            String directMsat,
            @Nullable CreditedBlock block) {}

    record CreditedBlock(
            String hash,
            int height,
            Instant time,
            String state,
            int confirmations,
            int confirmationsNeeded) {}

    record Health(Condition state, List<Part> parts) {}

    record Part(String name, Condition state, String line) {}

    /// How a part is, from best to worst: miners are served until one is down.
    enum Condition {
        OK,
        DEGRADED,
        DOWN
    }
}
