package adit.server.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayDeque;

import org.jspecify.annotations.Nullable;

import adit.pow.Job;

/// The header hashes already accepted by one event loop, job by job.
///
/// The key is 128 bits of the hash of the header itself, so no spelling of a submission, and no other
/// worker's name on it, makes the same work count twice. Prefixes differ between channels, hence a set
/// per loop is enough. A job's hashes are dropped with the job; channels that find nothing cost nothing.
///
/// **Owner:** the event loop. **Limits:** [#MAX_JOBS] jobs and [#MAX_HASHES_PER_JOB] hashes in each; a
/// full job takes no more shares rather than forget one.
final class DuplicateFilter {

    static final int MAX_JOBS = 64;
    static final int MAX_HASHES_PER_JOB = 1 << 22;

    enum Answer {
        NEW,
        SEEN,
        FULL
    }

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final int maxHashesPerJob;
    private final ArrayDeque<Hashes> jobs = new ArrayDeque<>();
    private @Nullable Hashes last;

    DuplicateFilter() {
        this(MAX_HASHES_PER_JOB);
    }

    DuplicateFilter(int maxHashesPerJob) {
        this.maxHashesPerJob = maxHashesPerJob;
    }

    Answer add(Job job, byte[] headerHash) {
        return of(job).add((long) LONGS.get(headerHash, 0), (long) LONGS.get(headerHash, 8));
    }

    private Hashes of(Job job) {
        if (last != null && last.jobNumber == job.number()) {
            return last;
        }
        for (var hashes : jobs) {
            if (hashes.jobNumber == job.number()) {
                last = hashes;
                return hashes;
            }
        }
        if (jobs.size() == MAX_JOBS) {
            jobs.removeFirst();
        }
        last = new Hashes(job.number(), maxHashesPerJob);
        jobs.addLast(last);
        return last;
    }

    /// Open addressing on two longs a hash; the pair of zeros marks an empty place.
    private static final class Hashes {
        final long jobNumber;
        private final int maxHashes;
        private long[] places = new long[2 << 8];
        private int size;

        Hashes(long jobNumber, int maxHashes) {
            this.jobNumber = jobNumber;
            this.maxHashes = maxHashes;
        }

        Answer add(long low, long high) {
            int place = find(places, low, high);
            if (places[place] != 0 || places[place + 1] != 0) {
                return Answer.SEEN;
            }
            if (size == maxHashes) {
                return Answer.FULL;
            }
            places[place] = low;
            places[place + 1] = high;
            size++;
            if (size > places.length / 4) {
                grow();
            }
            return Answer.NEW;
        }

        private void grow() {
            var old = places;
            places = new long[old.length * 2];
            for (int i = 0; i < old.length; i += 2) {
                if (old[i] != 0 || old[i + 1] != 0) {
                    int place = find(places, old[i], old[i + 1]);
                    places[place] = old[i];
                    places[place + 1] = old[i + 1];
                }
            }
        }

        private static int find(long[] places, long low, long high) {
            int mask = places.length / 2 - 1;
            int place = (int) (low ^ low >>> 32) & mask;
            while (true) {
                long there = places[2 * place];
                long thereHigh = places[2 * place + 1];
                if ((there == low && thereHigh == high) || (there == 0 && thereHigh == 0)) {
                    return 2 * place;
                }
                place = place + 1 & mask;
            }
        }
    }
}
