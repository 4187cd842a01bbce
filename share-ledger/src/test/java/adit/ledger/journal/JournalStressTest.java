package adit.ledger.journal;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/// Many threads hand over groups at once; real files, real threads.
class JournalStressTest {
    private static final int PRODUCERS = 6;
    private static final int GROUPS = 200;
    private static final int IN_FLIGHT = 3;
    private static final int NONCES_PER_PRODUCER = 1 << 20;

    @TempDir Path directory;

    @Test
    void keepsEveryProducersOrderAndAnswersEachGroupOnce() throws Exception {
        var storage = DirectoryStorage.at(directory);
        var answers = new ArrayList<AtomicInteger>();
        try (var journal =
                        ShareJournal.open(
                                Samples.settings(1 << 17), storage, InstantSource.system());
                var threads = Executors.newFixedThreadPool(PRODUCERS)) {
            var tasks = new ArrayList<Callable<List<AtomicInteger>>>();
            for (int producer = 0; producer < PRODUCERS; producer++) {
                int number = producer;
                tasks.add(() -> produce(journal, number));
            }
            for (var done : threads.invokeAll(tasks)) {
                answers.addAll(done.get());
            }
            assertThat(journal.recordsInFlight()).isZero();
        }

        assertThat(answers).hasSize(PRODUCERS * GROUPS).allMatch(count -> count.get() == 1);
        try (var reader = JournalReader.offline(storage, 7)) {
            var records = Journals.readAll(reader);
            for (int i = 0; i < records.size(); i++) {
                assertThat(records.get(i).sequence()).isEqualTo(i + 1L);
            }
            assertThat(perProducer(Journals.nonces(records))).hasSize(PRODUCERS);
        }
        var report = new JournalTool(storage).verify(ShareRehash.NONE);
        assertThat(report.damage()).isEmpty();
        assertThat(report.segments()).isGreaterThan(3);
    }

    /// The answers each group got.
    private static List<AtomicInteger> produce(ShareJournal journal, int producer)
            throws InterruptedException {
        var random = new Random(producer);
        var free = new Semaphore(IN_FLIGHT);
        var answers = new ArrayList<AtomicInteger>();
        int nonce = producer * NONCES_PER_PRODUCER;
        for (int i = 0; i < GROUPS; i++) {
            free.acquire();
            int count = 1 + random.nextInt(40);
            var answer = new AtomicInteger();
            answers.add(answer);
            // Names are shared by all producers, so that they race for the same references.
            journal.append(
                    Samples.shares(journal, "miner" + random.nextInt(50), nonce, count, producer),
                    new GroupOutcome() {
                        @Override
                        public void durable(RecordGroup group) {
                            answer.incrementAndGet();
                            free.release();
                        }

                        @Override
                        public void refused(RecordGroup group, JournalUnavailable why) {
                            answer.addAndGet(1000);
                            free.release();
                        }
                    });
            nonce += count;
        }
        assertThat(free.tryAcquire(IN_FLIGHT, 20, TimeUnit.SECONDS)).isTrue();
        return answers;
    }

    /// Checks that each producer's nonces come without gap and in order.
    private static Map<Integer, Integer> perProducer(List<Integer> nonces) {
        var next = new HashMap<Integer, Integer>();
        for (int nonce : nonces) {
            int producer = nonce / NONCES_PER_PRODUCER;
            int due = next.getOrDefault(producer, producer * NONCES_PER_PRODUCER);
            assertThat(nonce).isEqualTo(due);
            next.put(producer, due + 1);
        }
        return next;
    }
}
