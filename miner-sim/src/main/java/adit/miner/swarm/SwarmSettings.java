package adit.miner.swarm;

import java.net.InetSocketAddress;

/// Whom a swarm loads, and as whom.
///
/// @param user the name to log in with; each connection adds a number of its own
/// @param password sent with every login
/// @param sources from how many addresses of 127.0.0.0/8 to connect; 1 leaves the choice to the system
public record SwarmSettings(InetSocketAddress pool, String user, String password, int sources) {

    public SwarmSettings {
        if (sources < 1 || sources > 200) {
            throw new IllegalArgumentException("a swarm connects from 1 to 200 addresses");
        }
    }
}
