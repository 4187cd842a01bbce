package adit.node;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class JsonRpcTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration SHORT_DEADLINE = Duration.ofMillis(200);

    private FakeNode node;

    @BeforeEach
    void open() throws IOException {
        node = new FakeNode();
    }

    @AfterEach
    void close() throws IOException {
        node.close();
    }

    @Test
    void answersAResult() {
        node.result("echo", List.of(1, "two"));

        assertThat(call().path(1).asString("")).isEqualTo("two");
    }

    @Test
    void answersNullAsNull() {
        node.on("echo", (_, out, _) -> FakeNode.write(out, 200, FakeNode.envelope(null, null)));

        assertThat(call().isNull()).isTrue();
    }

    @Test
    void readsFractionsExactly() {
        raw("{\"result\":20999999.97690001,\"error\":null,\"id\":1}");

        assertThat(call().decimalValue()).isEqualByComparingTo(new BigDecimal("20999999.97690001"));
    }

    @Test
    void findsTheErrorUnderEveryStatus() {
        for (int status : new int[] {200, 400, 404, 500}) {
            var body = FakeNode.envelope(null, Map.of("code", -8, "message", "no"));
            node.on("echo", (_, out, _) -> FakeNode.write(out, status, body));

            assertThatExceptionOfType(NodeRejected.class)
                    .as("HTTP %d", status)
                    .isThrownBy(this::call)
                    .satisfies(e -> assertThat(e.code()).isEqualTo(-8))
                    .withMessage("no");
        }
    }

    @Test
    void tellsANodeThatIsLoading() {
        node.error("echo", -28, "Loading block index…");

        fails(NodeUnavailable.Kind.WARMING_UP, "is starting (Loading block index…)");
    }

    @Test
    void tellsABusyNode() {
        node.status("echo", 503);

        fails(NodeUnavailable.Kind.BUSY, "says it is too busy (HTTP 503)");
    }

    @Test
    void tellsAForbiddenAddress() {
        node.status("echo", 403);

        fails(NodeUnavailable.Kind.AUTH, "does not allow calls from this address (rpcallowip)");
    }

    @Test
    void tellsAWrongPassword() {
        node.password = "other";

        fails(NodeUnavailable.Kind.AUTH, "does not accept our RPC user and password");
    }

    @Test
    void readsTheCookieAgainAfterItChanged(@TempDir Path directory) throws IOException {
        node.result("echo", "here");
        var cookie = directory.resolve(".cookie");
        var rpc = JsonRpc.to(node.settings("one", new RpcCredentials.CookieFile(cookie)));
        Files.writeString(cookie, "__cookie__:first");
        node.password = "first";
        assertThat(call(rpc, DEADLINE).asString("")).isEqualTo("here");

        Files.writeString(cookie, "__cookie__:second\n");
        node.password = "second";

        assertThat(call(rpc, DEADLINE).asString("")).isEqualTo("here");
    }

    @Test
    void tellsAMissingCookieFile(@TempDir Path directory) {
        var cookie = directory.resolve(".cookie");
        var rpc = JsonRpc.to(node.settings("one", new RpcCredentials.CookieFile(cookie)));

        assertThatExceptionOfType(NodeUnavailable.class)
                .isThrownBy(() -> call(rpc, DEADLINE))
                .withMessage(
                        "has no readable cookie file at "
                                + cookie
                                + ": it is not running, or writes the file elsewhere");
    }

    @Test
    void tellsARefusedConnection() throws IOException {
        node.die();

        fails(NodeUnavailable.Kind.UNREACHABLE, "refuses connections");
    }

    @Test
    void tellsAResetInTheMiddleOfAnAnswer() {
        node.on(
                "echo",
                (_, out, socket) -> {
                    out.write(FakeNode.head(200, 1000));
                    out.write('{');
                    out.flush();
                    FakeNode.reset(socket);
                });

        assertThatExceptionOfType(NodeUnavailable.class)
                .isThrownBy(this::call)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(NodeUnavailable.Kind.UNREACHABLE));
    }

    @Test
    void tellsAnAnswerThatEndsEarly() {
        node.on(
                "echo",
                (_, out, _) -> {
                    out.write(FakeNode.head(200, 1000));
                    out.write("{\"result\":".getBytes(StandardCharsets.US_ASCII));
                });

        fails(
                NodeUnavailable.Kind.UNREACHABLE,
                "closed the connection before its answer was complete");
    }

    @Test
    void tellsHalfAJsonText() {
        raw("{\"result\":{\"chain\":\"regt");

        assertThatExceptionOfType(NodeUnavailable.class)
                .isThrownBy(this::call)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(NodeUnavailable.Kind.GARBLED));
    }

    @Test
    void tellsAnAnswerThatIsNotJson() {
        raw("<html>It works!</html>");

        fails(
                NodeUnavailable.Kind.GARBLED,
                "answered echo with something that is not complete JSON-RPC (HTTP 200)");
    }

    @Test
    void tellsAServerThatDoesNotSpeakHttp() {
        node.on(
                "echo",
                (_, out, _) ->
                        out.write("SSH-2.0-nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

        fails(NodeUnavailable.Kind.UNREACHABLE, "could not be read (this is not an HTTP server)");
    }

    @Test
    void givesUpOnAHungNodeAtItsDeadline() {
        node.hang("echo");

        failsInTime();
    }

    @Test
    void givesUpOnANodeThatDripsItsAnswer() {
        node.on(
                "echo",
                (_, out, _) -> {
                    out.write(FakeNode.head(200, 1_000_000));
                    var never = new CountDownLatch(1);
                    for (int i = 0; i < 1000; i++) {
                        out.write(' ');
                        out.flush();
                        never.await(10, TimeUnit.MILLISECONDS);
                    }
                });

        failsInTime();
    }

    @Test
    void readsAnAnswerThatEndsWithTheConnection() {
        node.on(
                "echo",
                (_, out, _) ->
                        out.write(
                                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\n{\"result\":7,\"error\":null}\n"
                                        .getBytes(StandardCharsets.US_ASCII)));

        assertThat(call().intValue()).isEqualTo(7);
    }

    @Test
    void readsAnAnswerInChunks() {
        node.on(
                "echo",
                (_, out, _) -> {
                    out.write(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    chunk(out, "{\"result\":[1");
                    chunk(out, "23],\"error\":nu");
                    chunk(out, "ll}");
                    chunk(out, "");
                });

        assertThat(call().path(0).intValue()).isEqualTo(123);
    }

    @Test
    void refusesAnAnswerThatIsTooLong() {
        node.on(
                "echo",
                (_, out, _) -> out.write(FakeNode.head(200, (int) RpcHttp.MAX_ANSWER_BYTES + 1)));

        fails(NodeUnavailable.Kind.UNREACHABLE, "could not be read (an answer of 67108865 bytes)");
    }

    @Test
    void sendsTheHexOfALongBlock() {
        var block = new byte[100_001];
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) (i * 31 + i / 251);
        }
        node.on(
                "submitblock",
                (params, out, _) ->
                        FakeNode.write(
                                out, 200, FakeNode.envelope(params.path(0).asString(""), null)));

        var echoed =
                JsonRpc.to(node.settings("one"))
                        .tree(RpcRequest.ofHex("submitblock", block), DEADLINE);

        assertThat(echoed.asString("")).isEqualTo(HexFormat.of().formatHex(block));
    }

    @Test
    void sendsAProposalWithItsModeAndRules() {
        node.on(
                "getblocktemplate",
                (params, out, _) ->
                        FakeNode.write(
                                out, 200, FakeNode.envelope(params.path(0).toString(), null)));

        var echoed =
                JsonRpc.to(node.settings("one"))
                        .tree(RpcRequest.ofProposal(new byte[] {1, (byte) 0xab}), DEADLINE);

        assertThat(echoed.asString(""))
                .isEqualTo("{\"mode\":\"proposal\",\"rules\":[\"segwit\"],\"data\":\"01ab\"}");
    }

    private JsonNode call() {
        return call(JsonRpc.to(node.settings("one")), DEADLINE);
    }

    private static JsonNode call(JsonRpc rpc, Duration deadline) {
        return rpc.tree(RpcRequest.of("echo", 1, "two", List.of(true), Map.of("a", 2L)), deadline);
    }

    private void fails(NodeUnavailable.Kind kind, String why) {
        assertThatExceptionOfType(NodeUnavailable.class)
                .isThrownBy(this::call)
                .withMessage(why)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private void failsInTime() {
        long began = System.nanoTime();

        assertThatExceptionOfType(NodeUnavailable.class)
                .isThrownBy(() -> call(JsonRpc.to(node.settings("one")), SHORT_DEADLINE))
                .withMessage("did not answer echo within 200 ms")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(NodeUnavailable.Kind.TIMEOUT));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
    }

    private void raw(String body) {
        node.on("echo", (_, out, _) -> FakeNode.write(out, 200, body));
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        var chunk = Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
        out.write(chunk.getBytes(StandardCharsets.US_ASCII));
    }
}
