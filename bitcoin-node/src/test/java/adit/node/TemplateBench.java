package adit.node;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

import adit.pow.Hash;
import adit.pow.Template;

/// From the bytes of a full `getblocktemplate` result to a template: 4,000 transactions of 400 bytes.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class TemplateBench {
    private static final int TRANSACTIONS = 4000;
    private static final int TRANSACTION_BYTES = 400;

    private final byte[] json = json();
    private final TemplateRules rules = new TemplateRules(ChainParameters.regtest());

    @Benchmark
    public Template parse() {
        var parser = JsonRpc.parserOf(new ByteArrayInputStream(json));
        parser.nextToken();
        return rules.check(TemplateAnswer.read(parser, _ -> {}), 1, "one");
    }

    private static byte[] json() {
        var random = RandomGenerator.of("L64X128MixRandom");
        var transactions = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < TRANSACTIONS; i++) {
            var data = new byte[TRANSACTION_BYTES];
            random.nextBytes(data);
            var id = Hash.ofContent(data).displayHex();
            transactions.add(
                    Map.of(
                            "data",
                            HexFormat.of().formatHex(data),
                            "txid",
                            id,
                            "hash",
                            id,
                            "depends",
                            List.of(),
                            "fee",
                            1000,
                            "sigops",
                            4,
                            "weight",
                            900));
        }
        var template = new LinkedHashMap<String, Object>();
        template.put("version", 0x20000000);
        template.put("rules", List.of("csv", "!segwit", "taproot"));
        template.put("previousblockhash", Hash.ofContent(new byte[1]).displayHex());
        template.put("transactions", transactions);
        template.put("coinbasevalue", 50 * ChainParameters.COIN_SATS + 1000L * TRANSACTIONS);
        template.put("longpollid", "1");
        template.put("mintime", 1_790_000_001);
        template.put("curtime", 1_790_000_010);
        template.put("bits", "207fffff");
        template.put("height", 101);
        return new JsonMapper().writeValueAsBytes(template);
    }
}
