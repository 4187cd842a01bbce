package adit.server.channel;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/// The difficulty last found for each worker, so that a machine that comes back, even after a restart of
/// the pool, begins where it was.
///
/// A table of longs, shared by all event loops without a lock: a look-up is four reads, and two loops that
/// write one place at once lose one of two things that can be done without.
///
/// ```text
/// place = hash of worker and agent family: which set of 4, and 40 bits to know it by
/// entry = tag (40 bits) · exponent of the difficulty in units (6 bits) · day (18 bits); 0 where empty
/// ```
/// **Owner:** none; every entry stands for itself. **Limits:** [#PLACES] workers, the one seen longest ago in
/// a set makes room; [#DAYS] days.
public final class DifficultyMemory {

    static final int PLACES = 1 << 17;
    static final int DAYS = 7;

    /// What [#lines] come to at most, with room.
    public static final int MAX_BYTES = 4 << 20;

    private static final int SET = 4;
    private static final int DAY_BITS = 18;
    private static final long DAY_MASK = (1L << DAY_BITS) - 1;
    private static final int EXPONENT_BITS = 6;
    private static final int TAG_SHIFT = DAY_BITS + EXPONENT_BITS;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final int PLACE_DIGITS = 5;
    private static final int ENTRY_DIGITS = 16;
    private static final HexFormat HEX = HexFormat.of();

    private final AtomicLongArray entries = new AtomicLongArray(PLACES);
    private final LongSupplier epochDay;

    public DifficultyMemory(LongSupplier epochDay) {
        this.epochDay = epochDay;
    }

    /// Notes what was found, as the power of two at or below it.
    ///
    /// @param agent what the miner calls itself; its version does not matter
    public void remember(String worker, String agent, long units) {
        long hash = hash(worker, agent);
        int first = set(hash);
        int place = first;
        for (int i = first; i < first + SET; i++) {
            if (tag(entries.get(i)) == hash >>> TAG_SHIFT) {
                place = i;
                break;
            }
            if (day(entries.get(i)) < day(entries.get(place))) {
                place = i;
            }
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(units);
        entries.set(
                place,
                hash >>> TAG_SHIFT << TAG_SHIFT
                        | (long) exponent << DAY_BITS
                        | (epochDay.getAsLong() & DAY_MASK));
    }

    /// What was found for this worker on this kind of machine in the last days; 0 where nothing was.
    public long recall(String worker, String agent) {
        long hash = hash(worker, agent);
        int first = set(hash);
        for (int i = first; i < first + SET; i++) {
            long entry = entries.get(i);
            if (entry != 0 && tag(entry) == hash >>> TAG_SHIFT && isFresh(entry)) {
                return 1L << (entry >>> DAY_BITS & (1L << EXPONENT_BITS) - 1);
            }
        }
        return 0;
    }

    /// What [#read] takes up again, one line a worker.
    public List<String> lines() {
        var lines = new ArrayList<String>();
        for (int i = 0; i < PLACES; i++) {
            long entry = entries.get(i);
            if (entry != 0 && isFresh(entry)) {
                lines.add(HEX.toHexDigits(i, PLACE_DIGITS) + HEX.toHexDigits(entry));
            }
        }
        return lines;
    }

    /// Takes up what was written before; a line that says nothing sensible is left out.
    public void read(List<String> lines) {
        for (var line : lines) {
            if (line.length() == PLACE_DIGITS + ENTRY_DIGITS && isHex(line)) {
                int place = HexFormat.fromHexDigits(line, 0, PLACE_DIGITS);
                if (place < PLACES) {
                    entries.set(
                            place,
                            HexFormat.fromHexDigitsToLong(line, PLACE_DIGITS, line.length()));
                }
            }
        }
    }

    private boolean isFresh(long entry) {
        return epochDay.getAsLong() - day(entry) <= DAYS;
    }

    private static boolean isHex(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (!HexFormat.isHexDigit(line.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static long tag(long entry) {
        return entry >>> TAG_SHIFT;
    }

    private static long day(long entry) {
        return entry & DAY_MASK;
    }

    private static int set(long hash) {
        return (int) (hash & PLACES / SET - 1) * SET;
    }

    /// The same in every run, so that what was written is found again: FNV-1a, its bits mixed once more.
    private static long hash(String worker, String agent) {
        long hash = mixed(FNV_OFFSET, worker, worker.length());
        int version = agent.indexOf('/');
        hash = (hash ^ '/') * FNV_PRIME;
        hash = mixed(hash, agent, version < 0 ? agent.length() : version);
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        return hash ^ hash >>> 33;
    }

    private static long mixed(long hash, String text, int length) {
        long mixed = hash;
        for (int i = 0; i < length; i++) {
            mixed = (mixed ^ text.charAt(i)) * FNV_PRIME;
        }
        return mixed;
    }
}
