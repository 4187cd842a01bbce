package adit.miner;

import java.net.URI;
import java.util.Set;

/// What a miner is told before it starts: where to mine, for whom, how fast and how honestly.
///
/// @param pool `stratum+tcp://host:port`
/// @param hashesPerSecond how fast to hash; 0 means as fast as one thread can
/// @param rollVersion whether to ask for version rolling and to use it
/// @param misbehaviours empty for an honest miner
public record MinerSettings(
        URI pool,
        String username,
        String password,
        String agent,
        long hashesPerSecond,
        boolean rollVersion,
        Set<Misbehaviour> misbehaviours) {
    public static final long MAX_HASHES_PER_SECOND = 1_000_000_000;

    private static final String SCHEME = "stratum+tcp";

    public MinerSettings {
        if (!SCHEME.equals(pool.getScheme()) || pool.getHost() == null || pool.getPort() < 1) {
            throw new IllegalArgumentException("not of the form stratum+tcp://host:port: " + pool);
        }
        if (hashesPerSecond < 0 || hashesPerSecond > MAX_HASHES_PER_SECOND) {
            throw new IllegalArgumentException(
                    "hashes per second out of range: " + hashesPerSecond);
        }
        misbehaviours = Set.copyOf(misbehaviours);
    }

    /// An honest miner that rolls the version.
    public static MinerSettings honest(URI pool, String username, long hashesPerSecond) {
        return new MinerSettings(
                pool, username, "x", "adit-miner/0.1", hashesPerSecond, true, Set.of());
    }

    /// Whether this miner breaks the rules in that way.
    public boolean does(Misbehaviour misbehaviour) {
        return misbehaviours.contains(misbehaviour);
    }
}
