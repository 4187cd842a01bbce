package adit.node.embedded;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import adit.node.ChainParameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// The chain as its callers see it: over HTTP and ZeroMQ.
class EmbeddedChainTest {
    private static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
    private static final long DEADLINE_SECONDS = 10;

    @TempDir Path directory;

    private final TestClock clock = new TestClock();
    private EmbeddedChain chain;
    private RpcClient rpc;

    @AfterEach
    void stops() {
        if (chain != null) {
            chain.close();
        }
    }

    @Test
    void beginsAtTheGenesisOfRegtest() {
        start(EmbeddedChainSettings.regtest());

        var info = rpc.call("getblockchaininfo");

        assertThat(info.path("chain").stringValue()).isEqualTo("regtest");
        assertThat(info.path("blocks").intValue()).isZero();
        assertThat(info.path("initialblockdownload").booleanValue()).isFalse();
        assertThat(rpc.text("getblockhash", 0))
                .isEqualTo(ChainParameters.regtest().genesisHash())
                .isEqualTo(rpc.text("getbestblockhash"));
        assertThat(
                        rpc.call("getblock", rpc.text("getblockhash", 0))
                                .path("tx")
                                .get(0)
                                .stringValue())
                .isEqualTo("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b");
    }

    @Test
    void tellsOfBlocks() {
        start(EmbeddedChainSettings.regtest());
        var hashes = rpc.call("generatetoaddress", 3, ADDRESS);
        var second = hashes.get(1).stringValue();

        var header = rpc.call("getblockheader", second);

        assertThat(header.path("hash").stringValue()).isEqualTo(second);
        assertThat(header.path("confirmations").intValue()).isEqualTo(2);
        assertThat(header.path("height").intValue()).isEqualTo(2);
        assertThat(header.path("versionHex").stringValue()).isEqualTo("20000000");
        assertThat(header.path("bits").stringValue()).isEqualTo("207fffff");
        assertThat(header.path("previousblockhash")).isEqualTo(hashes.get(0));
        assertThat(header.path("nextblockhash")).isEqualTo(hashes.get(2));
        assertThat(header.path("chainwork").stringValue()).hasSize(64).endsWith("06");
        assertThat(header.path("nTx").intValue()).isEqualTo(1);
        assertThat(header.path("difficulty").decimalValue().toPlainString())
                .startsWith("0.0000000004656542373906");
        assertThat(rpc.text("getblockheader", second, false)).hasSize(160);
        var hex = rpc.text("getblock", second, 0);
        assertThat(hex).startsWith(rpc.text("getblockheader", second, false));
        assertThat(rpc.call("getblock", second).path("size").intValue())
                .isEqualTo(hex.length() / 2);
        assertThat(rpc.call("getblock", second, 2).path("tx").get(0).path("vout").get(0).toString())
                .contains("\"value\":50.00000000", "0014751e76e8199196d454941c45d1b3a323f1433bd6");
    }

    @Test
    void tellsWhatBlocksPaid() {
        start(EmbeddedChainSettings.regtest());
        var own = rpc.text("getnewaddress");
        rpc.call("generatetoaddress", 101, own);
        rpc.text("sendtoaddress", ADDRESS, "0.5");
        var template = rpc.call("getblocktemplate", Map.of("rules", List.of("segwit")));
        var hash = rpc.call("generatetoaddress", 1, own).get(0).stringValue();

        var stats = rpc.call("getblockstats", hash);

        long feesSats = template.path("transactions").get(0).path("fee").longValue();
        assertThat(feesSats).isPositive();
        assertThat(stats.path("totalfee").longValue()).isEqualTo(feesSats);
        assertThat(stats.path("subsidy").longValue()).isEqualTo(50_0000_0000L);
        assertThat(stats.path("subsidy").longValue() + feesSats)
                .isEqualTo(template.path("coinbasevalue").longValue());
        assertThat(stats.path("txs").intValue()).isEqualTo(2);
        assertThat(rpc.call("getblockstats", 102, List.of("height", "totalfee")).toString())
                .isEqualTo("{\"height\":102,\"totalfee\":" + feesSats + "}");
        assertThat(rpc.ask("getblockstats", 103).errorCode()).isEqualTo(-8);
    }

    @Test
    void halvesItsSubsidy() {
        start(EmbeddedChainSettings.regtest());

        rpc.call("generatetoaddress", 150, ADDRESS);

        assertThat(rpc.call("getblockstats", 149).path("subsidy").longValue())
                .isEqualTo(50_0000_0000L);
        assertThat(rpc.call("getblockstats", 150).path("subsidy").longValue())
                .isEqualTo(25_0000_0000L);
    }

    @Test
    void keepsAmountsExact() {
        start(EmbeddedChainSettings.regtest());
        var own = rpc.text("getnewaddress");
        rpc.call("generatetoaddress", 101, own);

        assertThat(rpc.amount("getbalance").toPlainString()).isEqualTo("50.00000000");
        rpc.text("sendtoaddress", ADDRESS, new java.math.BigDecimal("1.00000001"));
        rpc.text("sendtoaddress", ADDRESS, "0.00000294");
        var hash = rpc.call("generatetoaddress", 1, own).get(0).stringValue();
        var block = rpc.call("getblock", hash, 2).toString();

        assertThat(block).contains("\"value\":1.00000001,").contains("\"value\":0.00000294,");
    }

    @Test
    void answersErrorsAsBitcoinCoreDoes() {
        start(EmbeddedChainSettings.regtest());
        var unknown = "00".repeat(32);

        failed(500, -8, "Block height out of range", rpc.ask("getblockhash", 1));
        failed(500, -8, "Block height out of range", rpc.ask("getblockhash", -1));
        failed(500, -3, "not of expected type number", rpc.ask("getblockhash", "1"));
        failed(500, -5, "Block not found", rpc.ask("getblockheader", unknown));
        failed(500, -5, "Block not found", rpc.ask("getblock", unknown));
        failed(500, -5, "Block not found", rpc.ask("invalidateblock", unknown));
        failed(500, -5, "Block not found", rpc.ask("reconsiderblock", unknown));
        failed(500, -8, "must be of length 64 (not 2, for 'ab')", rpc.ask("getblock", "ab"));
        failed(500, -8, "must be hexadecimal", rpc.ask("getblock", "zz".repeat(32)));
        failed(500, -22, "Block decode failed", rpc.ask("submitblock", "00"));
        failed(500, -22, "Block decode failed", rpc.ask("submitblock", "nothex"));
        failed(500, -22, "Block decode failed", rpc.ask("submitblock", "ff".repeat(200)));
        failed(500, -1, "missing parameter", rpc.ask("submitblock"));
        failed(500, -8, "segwit rule set", rpc.ask("getblocktemplate"));
        failed(500, -8, "Invalid mode", rpc.ask("getblocktemplate", Map.of("mode", "x")));
        failed(500, -3, "Missing data", rpc.ask("getblocktemplate", Map.of("mode", "proposal")));
        failed(500, -5, "Invalid address", rpc.ask("generatetoaddress", 1, "x"));
        failed(500, -5, "Invalid Bitcoin address: x", rpc.ask("sendtoaddress", "x", "1"));
        failed(500, -3, "Invalid amount", rpc.ask("sendtoaddress", ADDRESS, "0.000000001"));
        failed(500, -3, "Amount out of range", rpc.ask("sendtoaddress", ADDRESS, "-1"));
        failed(500, -6, "Insufficient funds", rpc.ask("sendtoaddress", ADDRESS, "1"));
        failed(404, -32601, "Method not found", rpc.ask("nosuchmethod"));
        failed(500, -32700, "Parse error", rpc.post("{"));
        failed(400, -32600, "Invalid Request object", rpc.post("7"));
    }

    @Test
    void speaksBothVersionsAndBatches() {
        start(EmbeddedChainSettings.regtest());

        assertThat(rpc.post("{\"method\":\"getblockcount\",\"id\":\"a\"}").text())
                .isEqualTo("{\"result\":0,\"error\":null,\"id\":\"a\"}");
        assertThat(rpc.post("{\"jsonrpc\":\"2.0\",\"method\":\"getblockcount\",\"id\":1}").text())
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"result\":0,\"id\":1}");
        var failed = rpc.post("{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"id\":1}");
        assertThat(failed.status()).isEqualTo(200);
        assertThat(failed.errorCode()).isEqualTo(-32601);
        var batch =
                rpc.post(
                        "[{\"method\":\"getblockcount\",\"id\":1},{\"method\":\"x\",\"id\":2},"
                                + "{\"method\":\"getblockhash\",\"params\":{\"height\":0},\"id\":3}]");
        assertThat(batch.status()).isEqualTo(200);
        assertThat(batch.body()).hasSize(3);
        assertThat(batch.body().get(1).path("error").path("code").intValue()).isEqualTo(-32601);
        assertThat(batch.body().get(2).path("result").stringValue())
                .isEqualTo(ChainParameters.regtest().genesisHash());
    }

    @Test
    void letsNobodyInWithoutTheCookie() throws Exception {
        start(EmbeddedChainSettings.regtest());

        assertThat(rpc.post("{\"method\":\"getblockcount\"}", "Basic eDp5").status())
                .isEqualTo(401);
        var request = HttpRequest.newBuilder(chain.rpc());
        try (var http = HttpClient.newHttpClient()) {
            var post = request.POST(HttpRequest.BodyPublishers.ofString("{}")).build();
            var refused = http.send(post, HttpResponse.BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate"))
                    .contains("Basic realm=\"jsonrpc\"");
            var get = http.send(request.GET().build(), HttpResponse.BodyHandlers.ofString());
            assertThat(get.statusCode()).isEqualTo(405);
        }
        assertThat(chain.rpc().getHost()).isEqualTo("127.0.0.1");
        for (var secret : List.of(chain.cookieFile(), directory.resolve("wallet.seed"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                    .isEqualTo("rw-------");
        }
        assertThat(Files.readString(chain.cookieFile())).startsWith("__cookie__:");
    }

    @Test
    void answersALongPollWhenTheTipChanges() throws Exception {
        start(EmbeddedChainSettings.regtest());
        var first = template();

        var second = poll(first);
        assertThat(second).isNotDone();
        var hash = rpc.call("generatetoaddress", 1, ADDRESS).get(0);

        var next = second.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(next.path("previousblockhash")).isEqualTo(hash);
        assertThat(poll(first).get(DEADLINE_SECONDS, TimeUnit.SECONDS).path("longpollid"))
                .isEqualTo(next.path("longpollid"));
        var third = poll(next);
        rpc.call("invalidateblock", hash.stringValue());
        assertThat(third.get(DEADLINE_SECONDS, TimeUnit.SECONDS).path("previousblockhash"))
                .isEqualTo(first.path("previousblockhash"));
    }

    @Test
    void answersALongPollWhenATransactionComes() throws Exception {
        start(withMempoolWait(Duration.ofMillis(1)));
        var own = rpc.text("getnewaddress");
        rpc.call("generatetoaddress", 101, own);
        var before = template();

        var waiting = poll(before);
        assertThat(waiting).isNotDone();
        var txid = rpc.call("sendtoaddress", ADDRESS, 1);

        var after = waiting.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(after.path("transactions").get(0).path("txid")).isEqualTo(txid);
    }

    @Test
    void turnsCallersAwayWhenTooManyWait() throws Exception {
        start(EmbeddedChainSettings.regtest());
        var template = template();
        var waiting = new ArrayList<CompletableFuture<JsonNode>>();
        for (int i = 0; i < RpcServer.MAX_REQUESTS; i++) {
            waiting.add(poll(template));
        }
        RpcClient.Answer answer;
        do {
            // A poll may itself have been turned away, in favour of the question before.
            for (int i = 0; i < waiting.size(); i++) {
                if (waiting.get(i).isCompletedExceptionally()) {
                    waiting.set(i, poll(template));
                }
            }
            answer = rpc.ask("getblockcount");
        } while (answer.status() == 200);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).isEqualTo("Work queue depth exceeded");
        chain.close();
        for (var one : waiting) {
            one.handle((_, failure) -> failure != null).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void endsLongPollsWhenItStops() throws Exception {
        start(EmbeddedChainSettings.regtest());
        var waiting = poll(template());

        chain.close();

        assertThat(
                        waiting.handle((_, failure) -> failure != null)
                                .get(DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void announcesNewTips() throws IOException {
        start(EmbeddedChainSettings.regtest());
        try (var subscriber = new RawSubscriber(chain.zmqHashBlock(), "hashblock")) {
            int heard = awaitSubscription(subscriber);

            var one = rpc.call("generatetoaddress", 1, ADDRESS).get(0).stringValue();
            announced(subscriber, one, heard + 1);
            var two = rpc.call("generatetoaddress", 1, ADDRESS).get(0).stringValue();
            announced(subscriber, two, heard + 2);
            rpc.call("invalidateblock", two);
            announced(subscriber, one, heard + 3);
        }
    }

    @Test
    void goesOnAfterARestart() {
        start(EmbeddedChainSettings.regtest());
        var own = rpc.text("getnewaddress");
        rpc.call("generatetoaddress", 101, own);
        var best = rpc.text("getbestblockhash");
        var cookie = read(chain.cookieFile());
        int rpcPort = chain.rpc().getPort();
        int zmqPort = chain.zmqHashBlock().getPort();
        chain.close();
        chain.close();

        var regtest = EmbeddedChainSettings.regtest();
        start(
                new EmbeddedChainSettings(
                        regtest.parameters(),
                        0,
                        rpcPort,
                        zmqPort,
                        regtest.mempoolWait(),
                        regtest.restOfNetwork()));

        assertThat(chain.rpc().getPort()).isEqualTo(rpcPort);
        assertThat(chain.zmqHashBlock().getPort()).isEqualTo(zmqPort);
        assertThat(rpc.text("getbestblockhash")).isEqualTo(best);
        assertThat(rpc.amount("getbalance").toPlainString()).isEqualTo("50.00000000");
        assertThat(read(chain.cookieFile())).isNotEqualTo(cookie);
    }

    @Test
    void letsGoOfEverythingWhenItCannotStart() throws IOException {
        start(EmbeddedChainSettings.regtest());
        int taken = chain.rpc().getPort();
        var elsewhere = directory.resolve("elsewhere");
        var regtest = EmbeddedChainSettings.regtest();
        var clashing =
                new EmbeddedChainSettings(
                        regtest.parameters(),
                        0,
                        taken,
                        0,
                        regtest.mempoolWait(),
                        regtest.restOfNetwork());

        assertThatThrownBy(() -> EmbeddedChain.start(elsewhere, clashing, clock, new Random(1)))
                .isInstanceOf(ChainUnavailable.class)
                .hasMessageContaining(Integer.toString(taken));
        assertThatThrownBy(() -> EmbeddedChain.start(directory, regtest, clock, new Random(1)))
                .isInstanceOf(ChainUnavailable.class);

        EmbeddedChain.start(elsewhere, regtest, clock, new Random(1)).close();
    }

    private void start(EmbeddedChainSettings settings) {
        chain = EmbeddedChain.start(directory, settings, clock, new Random(1));
        rpc = RpcClient.of(chain);
    }

    private static EmbeddedChainSettings withMempoolWait(Duration wait) {
        var regtest = EmbeddedChainSettings.regtest();
        return new EmbeddedChainSettings(
                regtest.parameters(), 0, 0, 0, wait, regtest.restOfNetwork());
    }

    private JsonNode template() {
        return rpc.call("getblocktemplate", Map.of("rules", List.of("segwit")));
    }

    private CompletableFuture<JsonNode> poll(JsonNode template) {
        var request =
                Map.of(
                        "rules",
                        List.of("segwit"),
                        "longpollid",
                        template.path("longpollid").stringValue());
        var answer = new CompletableFuture<JsonNode>();
        var client = rpc;
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        answer.complete(client.call("getblocktemplate", request));
                    } catch (Exception | AssertionError e) {
                        answer.completeExceptionally(e);
                    }
                });
        return answer;
    }

    // A subscription is known to the publisher only after a while, so blocks are made until one is
    // heard of.
    private int awaitSubscription(RawSubscriber subscriber) throws IOException {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            rpc.call("generatetoaddress", 1, ADDRESS);
            var first = subscriber.next(10);
            if (first.isPresent()) {
                int heard = counter(first.get().getLast());
                while (heard < attempt) {
                    heard = counter(subscriber.next().getLast());
                }
                return heard;
            }
        }
        throw new AssertionError("no announcement came");
    }

    private static void announced(RawSubscriber subscriber, String hash, int counter)
            throws IOException {
        var parts = subscriber.next();
        assertThat(parts).hasSize(3);
        assertThat(new String(parts.get(0), StandardCharsets.US_ASCII)).isEqualTo("hashblock");
        assertThat(HexFormat.of().formatHex(parts.get(1))).isEqualTo(hash);
        assertThat(counter(parts.get(2))).isEqualTo(counter);
    }

    private static int counter(byte[] part) {
        assertThat(part).hasSize(4);
        return ByteBuffer.wrap(part).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    private static void failed(int status, int code, String text, RpcClient.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.errorCode()).as(answer.text()).isEqualTo(code);
        assertThat(answer.errorMessage()).contains(text);
        assertThat(answer.body().path("result").isNull()).isTrue();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
