package adit.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import adit.pow.Difficulty;
import adit.server.account.Usernames;
import adit.server.channel.ChannelSettings;
import adit.server.config.PoolConfig;
import adit.server.net.Certificates;
import adit.server.net.Entrance;
import adit.server.session.v1.V1Connection;
import adit.server.session.v1.V1Loop;
import adit.server.session.v1.V1Settings;

/// What each listener does with those who come, from the configuration.
///
/// Connections are numbered over all listeners.
final class Entrances {

    private final PoolConfig config;
    private final Usernames usernames;
    private final boolean boundsByNetwork;
    private final @Nullable Certificates certificates;
    private final AtomicLong connections = new AtomicLong();

    /// @param boundsByNetwork whether nobody is asked for more than the network's difficulty
    Entrances(
            PoolConfig config,
            Usernames usernames,
            boolean boundsByNetwork,
            @Nullable Certificates certificates) {
        this.config = config;
        this.usernames = usernames;
        this.boundsByNetwork = boundsByNetwork;
        this.certificates = certificates;
    }

    /// How many there have been.
    long connections() {
        return connections.get();
    }

    Entrance<V1Loop> of(PoolConfig.Listener listener) {
        var settings = settings(listener);
        return new Entrance<>(
                listener.name(),
                config.pool().name(),
                listener.entry(),
                certificates,
                (loop, arrival) ->
                        new V1Connection(
                                loop,
                                settings,
                                connections.incrementAndGet(),
                                arrival.acceptedNanos(),
                                arrival.visit()));
    }

    V1Settings settings(PoolConfig.Listener listener) {
        boolean paysFinder = listener.payoutMode() == PoolConfig.PayoutMode.COINBASE_DIRECT;
        var scheme = paysFinder ? PoolConfig.Scheme.Kind.SOLO : config.scheme().kind();
        return new V1Settings(
                channelSettings(listener.difficulties(), config.shares().graceMillis(scheme)),
                usernames,
                scheme.name(),
                config.scheme().feeBps(),
                config.limits().workersPerConnection(),
                paysFinder,
                TimeUnit.SECONDS.toNanos(config.limits().idleTimeoutSeconds()));
    }

    private ChannelSettings channelSettings(
            PoolConfig.Difficulties difficulties, int staleGraceMillis) {
        var fixed = difficulties.fixed();
        return new ChannelSettings(
                Difficulty.units(fixed != null ? fixed : difficulties.first()),
                Difficulty.units(difficulties.minimum()),
                Difficulty.units(difficulties.maximum()),
                fixed != null,
                difficulties.targetSharesPerMinute(),
                boundsByNetwork,
                staleGraceMillis);
    }
}
