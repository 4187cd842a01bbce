package adit.server.session.v1;

import org.jspecify.annotations.Nullable;

import adit.server.channel.MiningChannel;

/// What a miner has wished for its difficulty so far, by password, name, suggestion or `mining.configure`.
///
/// Wishes may come before there is a channel, so they are kept. The same wish again changes nothing: a
/// proxy says it with each of its names, and some firmware every half minute, and neither may throw away
/// what vardiff has found since.
///
/// **Owner:** the session.
final class Wishes {

    // 0 where nothing is wished.
    private long startUnits;
    private long floorUnits;
    private long fixedUnits;
    private boolean started;

    /// Brings a new channel to what was wished before it came to be.
    void applyTo(MiningChannel channel) {
        if (fixedUnits > 0) {
            var _ = channel.fix(fixedUnits);
        } else if (startUnits > 0) {
            var _ = channel.wish(startUnits, floorUnits);
        } else if (floorUnits > 0) {
            var _ = channel.floor(floorUnits);
        }
    }

    /// Goes on with a channel that has been brought to its difficulty before: the floor holds, and where to
    /// start is behind it.
    void goOnWith(MiningChannel channel) {
        started = true;
        var _ = fixedUnits > 0 ? channel.fix(fixedUnits) : channel.floor(floorUnits);
    }

    /// Where to start, and the floor.
    ///
    /// @return whether the channel asks another difficulty now, so that a job must be sent
    boolean start(@Nullable MiningChannel channel, long units, long leastUnits) {
        if (units == startUnits && leastUnits == floorUnits) {
            return false;
        }
        startUnits = units;
        floorUnits = leastUnits;
        if (started) {
            // Said again by a miner that came back; a wish after that is a new one.
            started = false;
            return channel != null && channel.floor(leastUnits);
        }
        return channel != null && channel.wish(units, leastUnits);
    }

    /// Begins where this miner was found to belong before, unless it says otherwise itself.
    boolean recall(MiningChannel channel, long foundUnits) {
        return startUnits == 0 && !started && channel.goOnAt(foundUnits);
    }

    /// The floor alone.
    boolean floor(@Nullable MiningChannel channel, long leastUnits) {
        if (leastUnits == floorUnits) {
            return false;
        }
        floorUnits = leastUnits;
        startUnits = startUnits == 0 ? 0 : Math.max(startUnits, leastUnits);
        return channel != null && channel.floor(leastUnits);
    }

    /// One difficulty for good.
    boolean fix(@Nullable MiningChannel channel, long units) {
        if (units == fixedUnits) {
            return false;
        }
        fixedUnits = units;
        return channel != null && channel.fix(units);
    }
}
