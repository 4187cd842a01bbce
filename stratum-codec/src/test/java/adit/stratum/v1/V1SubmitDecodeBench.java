package adit.stratum.v1;

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

import adit.stratum.MalformedMessage;

import static java.nio.charset.StandardCharsets.UTF_8;

/// How many submit lines a core reads in a second, by the scanner and by the parser behind it.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class V1SubmitDecodeBench {
    private final V1Decoder decoder = new V1Decoder();
    private final byte[] line =
            ("{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4.rig1\","
                            + "\"00000006f1\",\"0000000000000001\",\"68a5c001\",\"12345678\",\"00002000\"]}")
                    .getBytes(UTF_8);

    @Benchmark
    public V1Request scanned() throws MalformedMessage {
        return decoder.decode(line, 0, line.length);
    }

    @Benchmark
    public V1Request parsed() throws MalformedMessage {
        return decoder.decodeAny(line, 0, line.length);
    }
}
