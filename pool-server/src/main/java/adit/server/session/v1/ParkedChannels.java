package adit.server.session.v1;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import adit.pow.Job;
import adit.server.channel.ChannelSettings;
import adit.server.channel.MiningChannel;
import adit.server.config.Limits;
import adit.server.job.ExtranonceSpace;

/// The channels of one event loop whose connections have gone, each kept for the miner that comes back for
/// it: with its prefix, its difficulty and the jobs it knows, so that shares on their way still count, and
/// count once.
///
/// A prefix here belongs to nobody else. It is given back when its time is over, or when there are too many.
///
/// **Owner:** its event loop. **Limits:** the loop's part of [Limits#PARKED_CHANNELS], or as many as another process
/// handed over, each for [Limits#PARKED_NANOS].
final class ParkedChannels {

    /// @param port what its port fixes; absent like the channel where another process had it
    /// @param channel with its jobs, which where it is absent are unknown here
    record Parked(
            SessionId id,
            String agent,
            long difficultyUnits,
            @Nullable ChannelSettings port,
            @Nullable MiningChannel channel,
            long untilNanos) {

        private boolean isFor(SessionId claimed, String claimant, ChannelSettings itsPort) {
            return id.isSame(claimed)
                    && agent.equals(claimant)
                    && (port == null || port.equals(itsPort));
        }
    }

    private final ExtranonceSpace extranonces;
    private final int most;
    private final LinkedHashMap<Long, Parked> bySecret = new LinkedHashMap<>();

    ParkedChannels(ExtranonceSpace extranonces) {
        this.extranonces = extranonces;
        this.most = Limits.PARKED_CHANNELS / extranonces.loops();
    }

    void park(
            SessionId id,
            String agent,
            ChannelSettings port,
            MiningChannel channel,
            long nowNanos) {
        add(id, agent, channel.difficultyUnits(), port, channel, nowNanos);
    }

    /// Takes over what another process had, unless somebody holds the prefix here.
    void expect(ParkedChannel other, long nowNanos) {
        SessionId.parse(other.sessionId())
                .filter(id -> extranonces.reserve(id.prefix()))
                .ifPresent(id ->
                        add(id, other.agent(), other.difficultyUnits(), null, null, nowNanos));
    }

    /// The channel of that session, which is no longer here then; empty for a stranger.
    Optional<Parked> claim(SessionId id, String agent, ChannelSettings port) {
        var parked = bySecret.get(id.secret());
        if (parked == null || !parked.isFor(id, agent, port)) {
            return Optional.empty();
        }
        bySecret.remove(id.secret());
        return Optional.of(parked);
    }

    /// A job takes the place of one that its node refused: what is brought of that one later is late from now on, as it
    /// is for those who are here. A tip that turns meanwhile a channel finds out by itself.
    void takeBack(Job successor) {
        for (var parked : bySecret.values()) {
            if (parked.channel() != null) {
                var _ = parked.channel().send(successor, true);
            }
        }
    }

    void expire(long nowNanos) {
        // All are kept equally long, so they end in the order they came.
        while (!bySecret.isEmpty()
                && bySecret.firstEntry().getValue().untilNanos() - nowNanos <= 0) {
            forgetFirst();
        }
    }

    void exportTo(List<ParkedChannel> list) {
        for (var parked : bySecret.values()) {
            list.add(
                    new ParkedChannel(
                            parked.id().text(), parked.difficultyUnits(), parked.agent()));
        }
    }

    private void add(
            SessionId id,
            String agent,
            long units,
            @Nullable ChannelSettings port,
            @Nullable MiningChannel channel,
            long nowNanos) {
        var parked = new Parked(id, agent, units, port, channel, nowNanos + Limits.PARKED_NANOS);
        var before = bySecret.put(id.secret(), parked);
        if (before != null) {
            extranonces.giveBack(before.id().prefix());
        }
        if (channel != null && bySecret.size() > most) {
            forgetFirst();
        }
    }

    private void forgetFirst() {
        extranonces.giveBack(bySecret.pollFirstEntry().getValue().id().prefix());
    }
}
