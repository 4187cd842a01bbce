package adit.miner;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// How many headers one thread hashes in a second.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class SearchBench {
    private static final int HASHES = 64;

    private final Search search =
            new Search(
                    Work.of(
                            Jobs.job(1, true),
                            FakePool.PREFIX,
                            FakePool.EXTRANONCE_BYTES,
                            V1Session.VERSION_MASK,
                            1L << 62,
                            9),
                    Grinder.NONCE_BITS,
                    new Finds() {
                        @Override
                        public boolean hasRoom() {
                            return true;
                        }

                        @Override
                        public void found(Work work, Submission submission) {
                            throw new IllegalStateException("nothing meets this target");
                        }
                    });

    @Benchmark
    @OperationsPerInvocation(HASHES)
    public int hash() {
        return search.hash(HASHES);
    }
}
