package adit.node.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import adit.pow.Coinbase;
import adit.pow.CoinbaseOutput;
import adit.pow.Hash;
import adit.pow.Job;
import adit.pow.ShareCheck;
import adit.pow.Template;
import adit.pow.TemplateTransaction;

import static org.assertj.core.api.Assertions.assertThat;

/// The way of a pool: template, job, share, block.
class MinesForAPoolTest {
    private static final byte[] EXTRANONCE = {1, 2, 3, 4, 5, 6, 7, 8};
    private static final int VERSION_MASK = 0x1fffe000;

    @TempDir Path directory;

    private final TestClock clock = new TestClock();

    @Test
    void acceptsABlockBuiltFromItsTemplate() {
        try (var chain = start()) {
            var rpc = RpcClient.of(chain);
            var address = rpc.text("getnewaddress");
            rpc.call("generatetoaddress", 103, address);
            var parent = rpc.text("sendtoaddress", address, "1.5");
            var child = rpc.text("sendtoaddress", address, "119");
            var template = rpc.call("getblocktemplate", Map.of("rules", List.of("segwit")));

            var block = mine(template, address);
            var word = rpc.call("submitblock", HexFormat.of().formatHex(block));

            assertThat(word.isNull()).as("%s", word).isTrue();
            var found = rpc.call("getblock", rpc.text("getbestblockhash"));
            assertThat(found.path("tx").size()).isEqualTo(3);
            assertThat(found.path("tx").toString()).contains(parent, child);
            assertThat(found.path("height").intValue()).isEqualTo(104);
        }
    }

    @Test
    void proposesWithoutProofOfWork() {
        try (var chain = start()) {
            var rpc = RpcClient.of(chain);
            var address = rpc.text("getnewaddress");
            rpc.call("generatetoaddress", 2, address);
            var template = rpc.call("getblocktemplate", Map.of("rules", List.of("segwit")));
            var block = mine(template, address);
            block[76] ^= 0x55;
            block[79] ^= 0x55;

            var good = rpc.call("getblocktemplate", proposal(block));
            block[40] ^= 1;
            var bad = rpc.text("getblocktemplate", proposal(block));
            block[40] ^= 1;
            block[4] ^= 1;
            var elsewhere = rpc.text("getblocktemplate", proposal(block));

            assertThat(good.isNull()).as("%s", good).isTrue();
            assertThat(bad).isEqualTo("bad-txnmrklroot");
            assertThat(elsewhere).isEqualTo("inconclusive-not-best-prevblk");
            assertThat(rpc.number("getblockcount")).isEqualTo(2);
        }
    }

    private EmbeddedChain start() {
        return EmbeddedChain.start(
                directory, EmbeddedChainSettings.regtest(), clock, new Random(1));
    }

    private static Map<String, String> proposal(byte[] block) {
        return Map.of("mode", "proposal", "data", HexFormat.of().formatHex(block));
    }

    private static byte[] mine(JsonNode json, String address) {
        var template = template(json);
        var output =
                new CoinbaseOutput(
                        Wallet.scriptOf(address).orElseThrow(), template.coinbaseValueSats());
        var coinbase =
                Coinbase.of(
                        template.height(),
                        9,
                        EXTRANONCE.length,
                        new byte[] {'a', 'd', 'i', 't'},
                        List.of(output),
                        template.witnessCommitment());
        assertThat(json.path("default_witness_commitment").stringValue())
                .isEqualTo("6a24aa21a9ed" + hex(template.witnessCommitment().bytes()));
        var job = new Job(1, template, coinbase, VERSION_MASK);
        var check = new ShareCheck();
        for (int nonce = 0; ; nonce++) {
            check.hash(job, EXTRANONCE, 0, job.headerVersion(0x2000), job.ntime(), nonce);
            if (check.meets(job.networkTarget())) {
                return job.block(EXTRANONCE, 0x2000, job.ntime(), nonce);
            }
        }
    }

    private static Template template(JsonNode json) {
        var transactions = new ArrayList<TemplateTransaction>();
        for (var one : json.path("transactions")) {
            transactions.add(
                    new TemplateTransaction(
                            HexFormat.of().parseHex(one.path("data").stringValue()),
                            Hash.fromDisplayHex(one.path("txid").stringValue()),
                            Hash.fromDisplayHex(one.path("hash").stringValue()),
                            one.path("fee").longValue(),
                            one.path("weight").longValue(),
                            one.path("sigops").longValue()));
        }
        long valueSats = json.path("coinbasevalue").longValue();
        long feesSats = transactions.stream().mapToLong(TemplateTransaction::feeSats).sum();
        return new Template(
                1,
                json.path("version").intValue(),
                Hash.fromDisplayHex(json.path("previousblockhash").stringValue()),
                json.path("height").intValue(),
                Integer.parseUnsignedInt(json.path("bits").stringValue(), 16),
                json.path("mintime").intValue(),
                json.path("curtime").intValue(),
                valueSats - feesSats,
                valueSats,
                transactions,
                "embedded");
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
