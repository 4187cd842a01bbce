package adit.server.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import adit.pow.Job;

/// The header hashes already accepted by one event loop, job by job.
///
/// The key is 128 bits of the hash of the header itself, so no spelling of a submission, and no other
/// worker's name on it, makes the same work count twice. Prefixes differ between channels, hence a set
/// per loop is enough. Channels that find nothing cost nothing. The hashes of the job that was first used
/// longest ago are dropped for a new one; from then on no job up to that one is taken any more, though a
/// channel may remember it.
///
/// **Owner:** the event loop. **Limits:** [#MAX_JOBS] jobs and [#MAX_HASHES_PER_JOB] hashes in each; a
/// full job takes no more shares rather than forget one.
final class DuplicateFilter {

    static final int MAX_JOBS = 64;
    static final int MAX_HASHES_PER_JOB = 1 << 22;

    enum Answer {
        NEW,
        SEEN,
        FULL,
        /// The hashes of this job may have been forgotten.
        FORGOTTEN
    }

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final int maxHashesPerJob;
    private final ArrayDeque<Hashes> jobs = new ArrayDeque<>();
    private boolean anyForgotten;
    private int newestForgotten;
    private @Nullable Hashes last;

    DuplicateFilter() {
        this(MAX_HASHES_PER_JOB);
    }

    DuplicateFilter(int maxHashesPerJob) {
        this.maxHashesPerJob = maxHashesPerJob;
    }

    Answer add(Job job, byte[] headerHash) {
        var hashes = of(job);
        return hashes == null
                ? Answer.FORGOTTEN
                : hashes.add((long) LONGS.get(headerHash, 0), (long) LONGS.get(headerHash, 8));
    }

    private @Nullable Hashes of(Job job) {
        if (last != null && last.jobNumber == job.number()) {
            return last;
        }
        for (var hashes : jobs) {
            if (hashes.jobNumber == job.number()) {
                last = hashes;
                return hashes;
            }
        }
        // Numbers are 32 bits and begin again after the last one.
        if (anyForgotten && (int) job.number() - newestForgotten <= 0) {
            return null;
        }
        if (jobs.size() == MAX_JOBS) {
            int forgotten = (int) jobs.removeFirst().jobNumber;
            if (!anyForgotten || forgotten - newestForgotten > 0) {
                newestForgotten = forgotten;
            }
            anyForgotten = true;
        }
        last = new Hashes(job.number(), maxHashesPerJob);
        jobs.addLast(last);
        return last;
    }

    /// The hashes of one job, by extendible hashing: pages that are split in two when full, found through a
    /// directory of their leading bits.
    ///
    /// To take one more never moves more than a page, where one large table would hold up every share of the
    /// loop for tens of milliseconds each time it grows; and a share costs about the bytes it needs.
    private static final class Hashes {
        /// More leading bits than hashes are told apart by, or half a gigabyte of directory.
        private static final int MAX_DEPTH = 26;

        final long jobNumber;
        private final int maxHashes;
        private Page[] directory = {new Page(0)};
        private int depth;
        private int size;

        Hashes(long jobNumber, int maxHashes) {
            this.jobNumber = jobNumber;
            this.maxHashes = maxHashes;
        }

        Answer add(long low, long high) {
            long mixed = mixed(low, high);
            var page = directory[leading(mixed, depth)];
            if (page.holds(low, high)) {
                return Answer.SEEN;
            }
            if (size == maxHashes) {
                return Answer.FULL;
            }
            while (page.isFull()) {
                if (page.depth == MAX_DEPTH) {
                    return Answer.FULL;
                }
                split(page, mixed);
                page = directory[leading(mixed, depth)];
            }
            page.put(low, high);
            size++;
            return Answer.NEW;
        }

        /// @param mixed of any hash that belongs in the page
        private void split(Page page, long mixed) {
            if (page.depth == depth) {
                var twice = new Page[2 * directory.length];
                for (int i = 0; i < twice.length; i++) {
                    twice[i] = directory[i / 2];
                }
                directory = twice;
                depth++;
            }
            var second = page.split();
            int bitsBehind = depth - second.depth;
            int first = (leading(mixed, second.depth) | 1) << bitsBehind;
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

    /// Hashes whose leading bits are the same.
    private static final class Page {
        private static final int HASHES = 32;

        private final long[] halves = new long[2 * HASHES];
        private int depth;
        private int end;

        Page(int depth) {
            this.depth = depth;
        }

        boolean isFull() {
            return end == halves.length;
        }

        boolean holds(long low, long high) {
            for (int i = 0; i < end; i += 2) {
                if (halves[i] == low && halves[i + 1] == high) {
                    return true;
                }
            }
            return false;
        }

        void put(long low, long high) {
            halves[end++] = low;
            halves[end++] = high;
        }

        /// Looks at one more bit, and answers a new page of those that have it.
        Page split() {
            depth++;
            var second = new Page(depth);
            int kept = 0;
            for (int i = 0; i < end; i += 2) {
                long low = halves[i];
                long high = halves[i + 1];
                if ((Hashes.leading(Hashes.mixed(low, high), depth) & 1) == 1) {
                    second.put(low, high);
                } else {
                    halves[kept++] = low;
                    halves[kept++] = high;
                }
            }
            end = kept;
            return second;
        }
    }
}
