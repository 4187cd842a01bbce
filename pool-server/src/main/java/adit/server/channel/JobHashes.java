package adit.server.channel;

import java.util.Arrays;

import adit.server.channel.DuplicateFilter.Answer;

/// The header hashes accepted of one job, by extendible hashing: pages that are split in two when full, found
/// through a directory of their leading bits.
///
/// To take one more never moves more than a page, where one large table would hold up every share of the
/// loop for tens of milliseconds each time it grows; and a share costs about the bytes it needs.
///
/// **Owner:** the event loop. **Limits:** as many hashes as its maker says, and [#ENTRIES_PER_HASH]; a full one forgets
/// none.
final class JobHashes {

    /// More leading bits than hashes are told apart by, or a quarter of a gigabyte of directory.
    private static final int MAX_DEPTH = 26;

    /// How large the directory may be, beside [#SMALL_DIRECTORY]. Random hashes need a hundredth of it. Who sends only
    /// those of his hashes that begin alike would have 33 of them fill the memory of the pool.
    private static final int ENTRIES_PER_HASH = 32;

    private static final int SMALL_DIRECTORY = 1 << 16;

    final long jobNumber;
    private final int maxHashes;
    private final HashPages pages = new HashPages();
    private int[] directory = {pages.add(0)};
    private int depth;
    private int size;

    JobHashes(long jobNumber, int maxHashes) {
        this.jobNumber = jobNumber;
        this.maxHashes = maxHashes;
    }

    Answer add(long low, long high) {
        long mixed = mixed(low, high);
        int page = directory[leading(mixed, depth)];
        if (pages.holds(page, low, high)) {
            return Answer.SEEN;
        }
        if (size == maxHashes) {
            return Answer.FULL;
        }
        while (pages.isFull(page)) {
            if (!maySplit(page)) {
                return Answer.FULL;
            }
            split(page, mixed);
            page = directory[leading(mixed, depth)];
        }
        pages.put(page, low, high);
        size++;
        return Answer.NEW;
    }

    private boolean maySplit(int page) {
        int pageDepth = pages.depth(page);
        boolean mayDouble =
                2L * directory.length <= Math.max(SMALL_DIRECTORY, (long) ENTRIES_PER_HASH * size);
        return pageDepth < depth || (pageDepth < MAX_DEPTH && mayDouble);
    }

    /// @param mixed of any hash that belongs in the page
    private void split(int page, long mixed) {
        if (pages.depth(page) == depth) {
            var twice = new int[2 * directory.length];
            for (int i = 0; i < twice.length; i++) {
                twice[i] = directory[i / 2];
            }
            directory = twice;
            depth++;
        }
        int second = pages.split(page);
        int secondDepth = pages.depth(second);
        int bitsBehind = depth - secondDepth;
        int first = (leading(mixed, secondDepth) | 1) << bitsBehind;
        Arrays.fill(directory, first, first + (1 << bitsBehind), second);
    }

    /// Hashes are random already, but in which of their bits is their maker's choice to some extent.
    static long mixed(long low, long high) {
        return (low ^ high * 0x9e37_79b9_7f4a_7c15L) * 0xbf58_476d_1ce4_e5b9L;
    }

    static int leading(long mixed, int bits) {
        return bits == 0 ? 0 : (int) (mixed >>> (Long.SIZE - bits));
    }
}
