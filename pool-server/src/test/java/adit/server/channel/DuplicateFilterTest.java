package adit.server.channel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import adit.pow.Job;
import adit.server.channel.DuplicateFilter.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/// The filter against a set that cannot be wrong.
final class DuplicateFilterTest {

    private final Map<Long, Job> jobs = new HashMap<>();

    @Test
    void agreesWithASetOverManyJobs() {
        long seed = 11;
        var random = new Random(seed);
        var filter = new DuplicateFilter();
        var model = new HashSet<String>();
        for (int i = 0; i < 200_000; i++) {
            long job = random.nextInt(8);
            // Half of them collide in every bit the table looks at first.
            long low =
                    random.nextBoolean() ? random.nextInt(20_000) : (long) random.nextInt(64) << 20;
            long high = 1L + random.nextInt(3);
            boolean isNew = model.add(job + " " + low + " " + high);

            assertThat(filter.add(job(job), hash(low, high)))
                    .as("seed %d, step %d", seed, i)
                    .isEqualTo(isNew ? Answer.NEW : Answer.SEEN);
        }
    }

    @Test
    void looksAtAll128Bits() {
        var filter = new DuplicateFilter();
        var job = job(1);
        for (int bit = 0; bit < 128; bit++) {
            var hash = new byte[32];
            hash[bit / 8] = (byte) (1 << bit % 8);

            assertThat(filter.add(job, hash)).as("bit %d", bit).isEqualTo(Answer.NEW);
            assertThat(filter.add(job, hash)).as("bit %d", bit).isEqualTo(Answer.SEEN);
        }
    }

    @Test
    void forgetsNothingWhileItGrows() {
        var filter = new DuplicateFilter();
        var job = job(1);
        var random = new Random(3);
        var hashes = new byte[100_000][];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = hash(random.nextLong(), random.nextLong());
            assertThat(filter.add(job, hashes[i])).isEqualTo(Answer.NEW);
        }
        for (var hash : hashes) {
            assertThat(filter.add(job, hash)).isEqualTo(Answer.SEEN);
        }
    }

    @Test
    void takesNoMoreSharesOfAFullJobRatherThanForgetOne() {
        var filter = new DuplicateFilter(1000);
        var job = job(1);
        for (int i = 1; i <= 1000; i++) {
            assertThat(filter.add(job, hash(i, i))).isEqualTo(Answer.NEW);
        }

        assertThat(filter.add(job, hash(1001, 1))).isEqualTo(Answer.FULL);
        assertThat(filter.add(job, hash(7, 7))).isEqualTo(Answer.SEEN);
        assertThat(filter.add(job(2), hash(7, 7))).isEqualTo(Answer.NEW);
    }

    /// Whoever mines finds hashes of any beginning, and need not send the others.
    @Test
    void spendsNoMemoryOnHashesThatWereChosenToBeginAlike() {
        var filter = new DuplicateFilter();
        var job = job(1);
        for (int i = 0; i < HashPages.HASHES; i++) {
            assertThat(filter.add(job, beginningAlike(20, i))).isEqualTo(Answer.NEW);
        }

        assertThat(filter.add(job, beginningAlike(20, HashPages.HASHES))).isEqualTo(Answer.FULL);
        for (int i = 0; i < HashPages.HASHES; i++) {
            assertThat(filter.add(job, beginningAlike(20, i))).isEqualTo(Answer.SEEN);
        }
        var random = new Random(5);
        for (int i = 0; i < 10_000; i++) {
            assertThat(filter.add(job, hash(random.nextLong(), random.nextLong())))
                    .isEqualTo(Answer.NEW);
        }
    }

    @Test
    void dropsTheOldestJobOnlyForTheSixtyFifthAndTakesNothingOnItAgain() {
        var filter = new DuplicateFilter();
        for (int number = 1; number <= DuplicateFilter.MAX_JOBS; number++) {
            filter.add(job(number), hash(5, 5));
        }
        assertThat(filter.add(job(1), hash(5, 5))).isEqualTo(Answer.SEEN);

        filter.add(job(65), hash(5, 5));

        assertThat(filter.add(job(2), hash(5, 5))).isEqualTo(Answer.SEEN);
        assertThat(filter.add(job(1), hash(5, 5))).isEqualTo(Answer.FORGOTTEN);
        assertThat(filter.add(job(1), hash(6, 6))).isEqualTo(Answer.FORGOTTEN);
    }

    @Test
    void takesTheFirstNumbersAgainAfterTheLast() {
        var filter = new DuplicateFilter();
        long last = 0xffff_ffffL;
        for (long number = last - DuplicateFilter.MAX_JOBS; number <= last; number++) {
            filter.add(job(number), hash(5, 5));
        }

        assertThat(filter.add(job(1), hash(5, 5))).isEqualTo(Answer.NEW);
        assertThat(filter.add(job(last - 100), hash(5, 5))).isEqualTo(Answer.FORGOTTEN);
    }

    /// A channel hears of 16 jobs of each of two tips; only those may still be credited.
    @Test
    void outlivesEveryJobAChannelMayStillCredit() {
        assertThat(DuplicateFilter.MAX_JOBS).isGreaterThanOrEqualTo(2 * JobTable.PER_TIP);
    }

    private Job job(long number) {
        return jobs.computeIfAbsent(number, ChannelRig::job);
    }

    /// The `n`-th of the hashes that are the same in so many of the bits by which their pages are found.
    private static byte[] beginningAlike(int bits, int n) {
        long unmixed = JobHashes.mixed(1, 0);
        // Newton's way to the number that undoes the multiplication.
        long undo = unmixed;
        for (int i = 0; i < 6; i++) {
            undo *= 2 - unmixed * undo;
        }
        return hash(((long) n << (Long.SIZE - bits - 8)) * undo, 0);
    }

    private static byte[] hash(long low, long high) {
        return ByteBuffer.allocate(32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(low)
                .putLong(high)
                .array();
    }
}
