package adit.pow;

import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Shares judged in a second by one core: a 300-byte coinbase, 12 merkle levels, all of it new for
/// each share.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
public class ShareCheckBench {
    private static final int COINBASE_BYTES = 300;
    private static final int LEVELS = 12;

    private final ShareCheck check = new ShareCheck();
    private final byte[] extranonce = new byte[Samples.EXTRANONCE_BYTES];
    private final Target target = Target.ofDifficultyUnits(1L << 42);
    private Job job = Samples.job(Samples.template(0));
    private int count;

    @Setup
    public void fillTheCoinbase() {
        var template = Samples.template((1 << LEVELS) - 1);
        int spareBytes =
                COINBASE_BYTES - Samples.coinbase(template).stripped(extranonce).length - 9;
        var filler = new byte[spareBytes];
        filler[0] = 0x6a;
        var outputs = new ArrayList<>(Samples.outputs(template.coinbaseValueSats()));
        outputs.add(new CoinbaseOutput(filler, 0));
        var coinbase =
                Coinbase.of(
                        template.height(),
                        1,
                        extranonce.length,
                        Vectors.bytes("2f616469742f"),
                        outputs,
                        template.witnessCommitment());
        job = new Job(1, template, coinbase, Samples.MASK);
        Check.that(
                coinbase.stripped(extranonce).length == COINBASE_BYTES
                        && template.branch().levels() == LEVELS,
                "the benchmark must measure what it says");
    }

    @Benchmark
    public boolean judge() {
        int i = ++count;
        LittleEndian.putInt32(extranonce, 4, i);
        check.hash(job, extranonce, 0, job.headerVersion(i << 13), job.ntime(), i);
        boolean block = check.meets(job.networkTarget());
        boolean share = check.meets(target);
        return share || block;
    }
}
