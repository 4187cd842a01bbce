package adit.server.channel;

import java.util.Arrays;

/// Pages of up to [#HASHES] hashes, which are 128 bits each, numbered as they are added.
///
/// They lie in few large arrays. With an object for each, every collection had to copy the ten thousands of
/// pages that a busy job had filled since the last one, while the loop stood still.
///
/// **Owner:** the event loop.
final class HashPages {

    static final int HASHES = 32;

    private static final int LONGS = 2 * HASHES;
    private static final int FIRST_PAGES = 4;

    /// With the header of the array a little less than a mebibyte, which is the region the launcher asks the collector
    /// for: an array of more than half of one is never moved.
    private static final int PAGES_IN_SLAB = 2047;

    private long[][] slabs = {new long[FIRST_PAGES * LONGS]};
    private byte[] sizes = new byte[FIRST_PAGES];
    private byte[] depths = new byte[FIRST_PAGES];
    private int pages;

    /// A new, empty page; answers its number.
    int add(int depth) {
        if (pages == sizes.length) {
            grow();
        }
        depths[pages] = (byte) depth;
        return pages++;
    }

    /// By how many leading bits its hashes are the same.
    int depth(int page) {
        return depths[page];
    }

    boolean isFull(int page) {
        return sizes[page] == HASHES;
    }

    boolean holds(int page, long low, long high) {
        var slab = slabs[page / PAGES_IN_SLAB];
        int from = firstLong(page);
        int end = from + 2 * sizes[page];
        for (int i = from; i < end; i += 2) {
            if (slab[i] == low && slab[i + 1] == high) {
                return true;
            }
        }
        return false;
    }

    /// Puts one more into a page that is not full.
    void put(int page, long low, long high) {
        var slab = slabs[page / PAGES_IN_SLAB];
        int at = firstLong(page) + 2 * sizes[page]++;
        slab[at] = low;
        slab[at + 1] = high;
    }

    /// Looks at one more bit, and answers a new page of those that have it.
    int split(int page) {
        int depth = ++depths[page];
        int second = add(depth);
        var slab = slabs[page / PAGES_IN_SLAB];
        int from = firstLong(page);
        int end = from + 2 * sizes[page];
        sizes[page] = 0;
        for (int i = from; i < end; i += 2) {
            long low = slab[i];
            long high = slab[i + 1];
            boolean hasBit = (JobHashes.leading(JobHashes.mixed(low, high), depth) & 1) == 1;
            put(hasBit ? second : page, low, high);
        }
        return second;
    }

    /// The first slab doubles, so that a job with few shares costs little; the others are made whole.
    private void grow() {
        int room;
        if (pages < PAGES_IN_SLAB) {
            room = Math.min(2 * pages, PAGES_IN_SLAB);
            slabs[0] = Arrays.copyOf(slabs[0], room * LONGS);
        } else {
            room = pages + PAGES_IN_SLAB;
            slabs = Arrays.copyOf(slabs, slabs.length + 1);
            slabs[slabs.length - 1] = new long[PAGES_IN_SLAB * LONGS];
        }
        sizes = Arrays.copyOf(sizes, room);
        depths = Arrays.copyOf(depths, room);
    }

    private static int firstLong(int page) {
        return page % PAGES_IN_SLAB * LONGS;
    }
}
