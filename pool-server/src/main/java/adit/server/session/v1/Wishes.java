package adit.server.session.v1;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import adit.server.channel.MiningChannel;

/// What a miner has wished for its difficulty so far, by password, name, suggestion or `mining.configure`.
///
/// Wishes may come before there is a channel, so they are kept, and each [Source] by itself: what one of them says
/// takes the place of what it said before, and the floor is the highest of all, because work below any of them was
/// promised not to come. The same wish of the same source again changes nothing: a proxy says it with each of its
/// names, and some firmware every half minute, and neither may throw away what vardiff has found since.
///
/// **Owner:** the session.
final class Wishes {

    /// Where a wish comes from.
    enum Source {
        CONFIGURED,
        /// The first name that logged in, and the password beside it.
        LOGIN,
        SUGGESTED
    }

    /// 0 where nothing is wished.
    private record Wish(long startUnits, long floorUnits) {
        static final Wish NONE = new Wish(0, 0);
    }

    private final Map<Source, Wish> wishes = new EnumMap<>(Source.class);

    /// Whose next wish where to start is a floor alone, because the difficulty was found before.
    private final Set<Source> goingOn = EnumSet.noneOf(Source.class);

    // 0 where nothing is wished.
    private long startUnits;
    private long othersFloorUnits;
    private long fixedUnits;

    /// Brings a new channel to what was wished before it came to be.
    void applyTo(MiningChannel channel) {
        if (fixedUnits > 0) {
            var _ = channel.fix(fixedUnits);
        } else if (startUnits > 0) {
            var _ = channel.wish(startUnits, floorUnits());
        } else if (floorUnits() > 0) {
            var _ = channel.floor(floorUnits());
        }
    }

    /// Goes on with a channel that has been brought to its difficulty before: the floor holds, and where to
    /// start is behind it. A miner that came back says its wishes again; what it says after that is new.
    void goOnWith(MiningChannel channel) {
        goingOn.addAll(EnumSet.allOf(Source.class));
        var _ = fixedUnits > 0 ? channel.fix(fixedUnits) : channel.floor(floorUnits());
    }

    /// Where to start, and the floor.
    ///
    /// @return whether the channel asks another difficulty now, so that a job must be sent
    boolean start(@Nullable MiningChannel channel, Source source, long units, long leastUnits) {
        if (!note(source, new Wish(units, leastUnits))) {
            return false;
        }
        startUnits = units;
        boolean goesOn = goingOn.remove(source);
        if (channel == null) {
            return false;
        }
        return goesOn ? channel.floor(floorUnits()) : channel.wish(units, floorUnits());
    }

    /// Begins where this miner was found to belong before, unless it says otherwise itself. Its next suggestion is
    /// what it says each time it comes, not knowing what was found.
    boolean recall(MiningChannel channel, long foundUnits) {
        if (startUnits > 0 || !goingOn.isEmpty()) {
            return false;
        }
        goingOn.add(Source.SUGGESTED);
        return channel.goOnAt(foundUnits);
    }

    /// The floor alone.
    boolean floor(@Nullable MiningChannel channel, Source source, long leastUnits) {
        long start = wishOf(source).startUnits;
        return note(source, new Wish(start, leastUnits))
                && channel != null
                && channel.floor(floorUnits());
    }

    /// What another name on the connection wishes, or fixes: it may only raise, because the difficulty is one for
    /// all. It holds until the first name wishes something new.
    boolean raise(@Nullable MiningChannel channel, long leastUnits) {
        if (leastUnits <= othersFloorUnits) {
            return false;
        }
        othersFloorUnits = leastUnits;
        return channel != null && channel.floor(floorUnits());
    }

    /// One difficulty for good.
    boolean fix(@Nullable MiningChannel channel, long units) {
        if (units == fixedUnits) {
            return false;
        }
        fixedUnits = units;
        return channel != null && channel.fix(units);
    }

    /// Whether this is another wish than the last of its source.
    private boolean note(Source source, Wish wish) {
        if (wish.equals(wishOf(source))) {
            return false;
        }
        wishes.put(source, wish);
        if (source == Source.LOGIN) {
            othersFloorUnits = 0;
        }
        return true;
    }

    private Wish wishOf(Source source) {
        return wishes.getOrDefault(source, Wish.NONE);
    }

    private long floorUnits() {
        long most = othersFloorUnits;
        for (var wish : wishes.values()) {
            most = Math.max(most, wish.floorUnits);
        }
        return most;
    }
}
