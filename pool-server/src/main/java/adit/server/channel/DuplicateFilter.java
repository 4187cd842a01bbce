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
    private final ArrayDeque<JobHashes> jobs = new ArrayDeque<>();
    private boolean anyForgotten;
    private int newestForgotten;
    private @Nullable JobHashes last;

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

    private @Nullable JobHashes of(Job job) {
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
        last = new JobHashes(job.number(), maxHashesPerJob);
        jobs.addLast(last);
        return last;
    }
}
