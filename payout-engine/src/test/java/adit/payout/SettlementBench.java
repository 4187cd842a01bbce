package adit.payout;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One block over a window of 100,000 slices of 10,000 accounts, three fees and three network difficulties.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class SettlementBench {
    private static final int[] NBITS = {0x17020f77, 0x1701ddff, 0x17053894};
    private static final int[] FEES_BPS = {0, 100, 200};

    private final Pplns scheme =
            new Pplns(Rational.of(8), Pplns.Cutoff.PARTIAL, Pplns.Underfull.NORMALIZE);
    private final List<WorkSlice> work = work();

    @Benchmark
    public Distribution distribute() {
        return Settlement.distribute(scheme, 312_500_000_000L, work, new Finder(1, 100));
    }

    private static List<WorkSlice> work() {
        var random = new Random(1);
        var work = new ArrayList<WorkSlice>();
        for (int i = 100_000; i > 0; i--) {
            int account = 1 + random.nextInt(10_000);
            work.add(
                    WorkSlice.ofShares(
                            account,
                            FEES_BPS[account % FEES_BPS.length],
                            new OrderRange(i, i),
                            1 + random.nextInt(100),
                            1L << (45 + random.nextInt(8)),
                            NetworkDifficulty.ofNBits(NBITS[i * NBITS.length / 100_001]),
                            312_500_000));
        }
        return work;
    }
}
