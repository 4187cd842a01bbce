package adit.node;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import adit.pow.Hash;

/// A node on loopback that does what a test tells it to, down to the byte.
///
/// Unscripted it is a healthy regtest-like node: a tip that the test moves, empty templates, a long poll that waits
/// for the next tip. [#on] replaces the behaviour of one method.
///
/// **Owner:** the test; connections are served on virtual threads.
public final class FakeNode implements AutoCloseable {
    /// What to do with one request: write an answer, or something else.
    public interface Behaviour {
        void answer(JsonNode params, OutputStream out, Socket socket) throws Exception;
    }

    private static final JsonMapper JSON = new JsonMapper();
    static final int TIP_TIME = 1_790_000_000;

    private final ServerSocket server;
    private final int port;
    private final Thread acceptor;
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Socket> open = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<String> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ZContext context = new ZContext();
    private final ZMQ.Socket publisher = context.createSocket(SocketType.PUB);
    private final int zmqPort = publisher.bindToRandomPort("tcp://127.0.0.1");
    private volatile Tip tip = new Tip(Hash.ofContent(new byte[] {42}), 100);
    volatile String password = "p";
    volatile String chain = "regtest";
    volatile String genesis = ChainParameters.regtest().genesisHash();
    volatile boolean initialDownload;
    volatile int connections = 8;
    volatile String bits = "207fffff";
    volatile long tipTime = TIP_TIME;

    private record Tip(Hash hash, int height, CountDownLatch polled, CountDownLatch left) {
        Tip(Hash hash, int height) {
            this(hash, height, new CountDownLatch(1), new CountDownLatch(1));
        }
    }

    public FakeNode() throws IOException {
        server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        port = server.getLocalPort();
        acceptor = Thread.ofVirtual().name("fake-node").start(this::acceptForever);
    }

    /// Makes it a node of another network.
    public FakeNode movedTo(ChainParameters network) {
        chain = network.rpcNames().stream().sorted().findFirst().orElseThrow();
        genesis = network.genesisHash();
        return this;
    }

    /// Makes it one that has not all of its chain yet.
    public FakeNode downloading() {
        initialDownload = true;
        return this;
    }

    public NodeSettings settings(String name) {
        return settings(name, new RpcCredentials.Password("u", "p"));
    }

    NodeSettings settings(String name, RpcCredentials credentials) {
        return new NodeSettings(
                name, URI.create("http://127.0.0.1:" + port + "/"), credentials, null);
    }

    NodeSettings settingsWithZmq(String name) {
        return new NodeSettings(
                name,
                URI.create("http://127.0.0.1:" + port + "/"),
                new RpcCredentials.Password("u", "p"),
                URI.create("tcp://127.0.0.1:" + zmqPort));
    }

    /// Replaces what happens to calls of one method.
    public void on(String method, Behaviour behaviour) {
        behaviours.put(method, behaviour);
    }

    void off(String method) {
        behaviours.remove(method);
    }

    /// Answers one method with this result.
    public void result(String method, Object result) {
        on(method, (_, out, _) -> write(out, 200, envelope(result, null)));
    }

    /// Answers one method with this error, as Bitcoin Core does.
    public void error(String method, int code, String message) {
        on(
                method,
                (_, out, _) ->
                        write(out, 500, envelope(null, Map.of("code", code, "message", message))));
    }

    /// Answers every call of a method with a bare status.
    void status(String method, int status) {
        on(method, (_, out, _) -> write(out, status, ""));
    }

    /// Accepts calls of a method and never answers.
    public void hang(String method) {
        on(method, (_, _, _) -> closed.await());
    }

    Hash tip() {
        return tip.hash;
    }

    int height() {
        return tip.height;
    }

    /// Waits until somebody polls for the tip after this one.
    void awaitLongPoll() throws InterruptedException {
        if (!tip.polled.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody polls");
        }
    }

    /// Moves the tip, which ends long polls.
    void moveTo(Hash hash, int height) {
        var before = tip;
        tip = new Tip(hash, height);
        before.left.countDown();
    }

    /// Moves the tip while long polls go on waiting.
    void moveQuietlyTo(Hash hash, int height) {
        tip = new Tip(hash, height);
    }

    /// Announces the tip over ZMQ.
    void announce() {
        publisher.sendMore("hashblock");
        publisher.sendMore(HexFormat.of().parseHex(tip.hash.displayHex()));
        publisher.send(new byte[4]);
    }

    /// The methods called so far.
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /// Ends every connection with a reset and refuses new ones.
    public void die() throws IOException {
        server.close();
        // Until its accept has returned, the kernel still takes connections.
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (var socket : open) {
            reset(socket);
        }
    }

    static void reset(Socket socket) throws IOException {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException _) {
            // It is closed already.
        }
        socket.close();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        tip.left.countDown();
        context.close();
        die();
    }

    public static void write(OutputStream out, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        out.write(head(status, bytes.length));
        out.write(bytes);
        out.flush();
    }

    static byte[] head(int status, int length) {
        return ("HTTP/1.1 "
                        + status
                        + " X\r\nContent-Length: "
                        + length
                        + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    public static String envelope(@Nullable Object result, @Nullable Object error) {
        var envelope = new LinkedHashMap<String, @Nullable Object>();
        envelope.put("result", result);
        envelope.put("error", error);
        envelope.put("id", "adit");
        return JSON.writeValueAsString(envelope);
    }

    /// The result of an unscripted `getblocktemplate`.
    Map<String, Object> template() {
        var template = new LinkedHashMap<String, Object>();
        int height = tip.height + 1;
        template.put("version", 0x20000000);
        template.put("rules", List.of("csv", "!segwit", "taproot"));
        template.put("vbrequired", 0);
        template.put("previousblockhash", tip.hash.displayHex());
        template.put("transactions", List.of());
        template.put("coinbasevalue", ChainParameters.regtest().subsidySats(height));
        template.put("longpollid", tip.hash.displayHex() + "1");
        template.put("mintime", tipTime + 1);
        template.put("curtime", tipTime + 10);
        template.put("bits", bits);
        template.put("height", height);
        return template;
    }

    private void acceptForever() {
        try {
            while (!server.isClosed()) {
                var socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // The test closed the node.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            var out = socket.getOutputStream();
            int length = 0;
            var authorization = "";
            for (var line = line(in); !line.isEmpty(); line = line(in)) {
                if (line.startsWith("Content-Length: ")) {
                    length = Integer.parseInt(line.substring(16));
                } else if (line.startsWith("Authorization: Basic ")) {
                    authorization =
                            new String(
                                    Base64.getDecoder().decode(line.substring(21)),
                                    StandardCharsets.UTF_8);
                }
            }
            var request = JSON.readTree(in.readNBytes(length));
            if (!authorization.endsWith(":" + password)) {
                write(out, 401, "");
                return;
            }
            var method = request.path("method").asString("");
            calls.add(method);
            var behaviour = behaviours.get(method);
            if (behaviour == null) {
                write(out, 200, answer(method, request.path("params")));
            } else {
                behaviour.answer(request.path("params"), out, socket);
            }
        } catch (IOException _) {
            // The caller gave up, or the test closed the node.
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String answer(String method, JsonNode params) throws InterruptedException {
        var now = tip;
        return switch (method) {
            case "getblockchaininfo" ->
                    envelope(
                            Map.of(
                                    "chain",
                                    chain,
                                    "blocks",
                                    now.height,
                                    "headers",
                                    now.height,
                                    "bestblockhash",
                                    now.hash.displayHex(),
                                    "initialblockdownload",
                                    initialDownload),
                            null);
            case "getblockhash" -> envelope(genesis, null);
            case "getconnectioncount" -> envelope(connections, null);
            case "getblockheader" ->
                    envelope(
                            Map.of(
                                    "confirmations",
                                            params.path(0)
                                                            .asString("")
                                                            .equals(now.hash.displayHex())
                                                    ? 1
                                                    : 2,
                                    "height", now.height,
                                    "bits", bits,
                                    "time", tipTime,
                                    "mediantime", tipTime),
                            null);
            case "getblocktemplate" -> {
                var id = params.path(0).path("longpollid").asString("");
                if (id.equals(now.hash.displayHex() + "1")) {
                    now.polled.countDown();
                    now.left.await();
                }
                yield envelope(template(), null);
            }
            default -> envelope(null, Map.of("code", -32601, "message", "Method not found"));
        };
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("end of stream");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }
}
