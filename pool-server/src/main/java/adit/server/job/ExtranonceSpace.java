package adit.server.job;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/// One event loop's share of the extranonce prefixes: no two channels alive, on any loop or server of the
/// pool, ever hold the same one.
///
/// A prefix is 4 bytes: the server's id, then a 24-bit index. Loop k of n owns the indexes ≡ k (mod n), so
/// loops need not ask each other. A prefix given back rests until no job handed out under it can still be
/// credited, because a share of its former holder would otherwise be a share of the next.
///
/// **Owner:** its event loop. **Limits:** 2^24 ÷ loops channels at once; then none is given.
public final class ExtranonceSpace {

    public static final int PREFIX_BYTES = 4;

    /// 4 + 8 on the wire are the sizes every firmware works with.
    public static final int ROLLABLE_BYTES = 8;

    private static final int INDEXES = 1 << 24;

    private record Resting(int slot, long untilMillis) {}

    private final int serverId;
    private final int loop;
    private final int loops;
    private final long restMillis;
    private final LongSupplier clockMillis;
    private final int slots;
    private final BitSet taken = new BitSet();
    private final ArrayDeque<Resting> resting = new ArrayDeque<>();
    private int next;

    /// @param start any number: where to begin, so that a restart does not hand out the same prefixes first
    /// @param restMillis how long jobs outlive the channel that got them
    public ExtranonceSpace(
            int serverId,
            int loop,
            int loops,
            int start,
            long restMillis,
            LongSupplier clockMillis) {
        if (serverId < 0 || serverId > 255) {
            throw new IllegalArgumentException("server id must be 0 to 255: " + serverId);
        }
        this.serverId = serverId;
        this.loop = loop;
        this.loops = loops;
        this.restMillis = restMillis;
        this.clockMillis = clockMillis;
        this.slots = INDEXES / loops;
        this.next = Math.floorMod(start, slots);
    }

    /// Among how many event loops the indexes are divided.
    public int loops() {
        return loops;
    }

    /// A prefix nobody holds, or empty when all are held or resting.
    public Optional<byte[]> take() {
        long now = clockMillis.getAsLong();
        while (!resting.isEmpty() && resting.peek().untilMillis() <= now) {
            taken.clear(resting.remove().slot());
        }
        int slot = taken.nextClearBit(next);
        if (slot >= slots) {
            slot = taken.nextClearBit(0);
        }
        if (slot >= slots) {
            return Optional.empty();
        }
        taken.set(slot);
        next = slot + 1 == slots ? 0 : slot + 1;
        return Optional.of(prefix(slot));
    }

    public void giveBack(byte[] prefix) {
        resting.add(new Resting(index(prefix) / loops, clockMillis.getAsLong() + restMillis));
    }

    /// Takes one certain prefix, for a miner that held it under an earlier process.
    ///
    /// @return false where it is held or resting here, or is none of this loop's
    public boolean reserve(byte[] prefix) {
        int slot = index(prefix) / loops;
        if (loopOf(prefix).orElse(-1) != loop || slot >= slots || taken.get(slot)) {
            return false;
        }
        taken.set(slot);
        return true;
    }

    /// Which loop of this process owns a prefix; empty where another server does.
    public OptionalInt loopOf(byte[] prefix) {
        return (prefix[0] & 0xff) == serverId
                ? OptionalInt.of(index(prefix) % loops)
                : OptionalInt.empty();
    }

    private static int index(byte[] prefix) {
        return (prefix[1] & 0xff) << 16 | (prefix[2] & 0xff) << 8 | (prefix[3] & 0xff);
    }

    private byte[] prefix(int slot) {
        int index = slot * loops + loop;
        return new byte[] {
            (byte) serverId, (byte) (index >>> 16), (byte) (index >>> 8), (byte) index
        };
    }
}
