package adit.server.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import adit.node.ChainParameters;
import adit.node.embedded.HashBlockPublisher;
import adit.pow.Hash;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// A Bitcoin node as a pool sees it, on loopback: templates of mainnet's size by JSON-RPC with long poll, tips
/// announced over ZMQ, whenever a bench wants a new one.
///
/// It accepts every proposal and every block, and validates nothing.
///
/// **Owner:** whoever made it; requests are served on virtual threads.
public final class NodeDouble implements AutoCloseable {

    static final String USER = "bench";
    static final String PASSWORD = "bench";

    private static final JsonMapper JSON = new JsonMapper();
    private static final int FIRST_HEIGHT = 1_000;
    private static final int BACKLOG = 64;

    private final SampleTemplate template = new SampleTemplate();
    private final ServerSocket server;
    private final HashBlockPublisher announcements = HashBlockPublisher.bind(0);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final InstantSource clock;
    private volatile Tip tip;

    private record Tip(Hash hash, int height, long seconds, CountDownLatch left) {
        Tip(Hash hash, int height, long seconds) {
            this(hash, height, seconds, new CountDownLatch(1));
        }
    }

    private NodeDouble(ServerSocket server, InstantSource clock) {
        this.server = server;
        this.clock = clock;
        tip = new Tip(Hash.ofContent(new byte[] {1}), FIRST_HEIGHT, now());
    }

    public static NodeDouble start(InstantSource clock) throws IOException {
        var node =
                new NodeDouble(
                        new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), clock);
        Thread.ofPlatform().daemon().name("node-double").start(node::acceptForever);
        return node;
    }

    URI rpc() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    URI zmqHashBlock() {
        return announcements.endpoint();
    }

    /// A new block: the announcement goes out and long polls are answered. One thread at a time.
    void newBlock() {
        var before = tip;
        var next = new Tip(Hash.ofContent(before.hash().bytes()), before.height() + 1, now());
        tip = next;
        announcements.publish(next.hash());
        before.left().countDown();
    }

    @Override
    public void close() throws IOException {
        server.close();
        tip.left().countDown();
        for (var socket : open) {
            socket.close();
        }
        announcements.close();
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private void acceptForever() {
        try {
            while (!server.isClosed()) {
                var socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            if (!server.isClosed()) {
                throw new IllegalStateException("the node double cannot listen", closed);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            int length = 0;
            for (var line = line(in); !line.isEmpty(); line = line(in)) {
                if (line.regionMatches(true, 0, "Content-Length: ", 0, 16)) {
                    length = Integer.parseInt(line.substring(16));
                }
            }
            var request = JSON.readTree(in.readNBytes(length));
            answer(
                    request.path("method").asString(""),
                    request.path("params"),
                    socket.getOutputStream());
        } catch (IOException callerLeft) {
            // Pools give up long polls, and end; the socket is closed either way.
            open.remove(socket);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private void answer(String method, JsonNode params, OutputStream out)
            throws IOException, InterruptedException {
        var now = tip;
        switch (method) {
            case "getblockchaininfo" ->
                    result(
                            out,
                            "{\"chain\":\"regtest\",\"blocks\":%d,\"headers\":%d,\"bestblockhash\":\"%s\",\"initialblockdownload\":false}"
                                    .formatted(
                                            now.height(), now.height(), now.hash().displayHex()));
            case "getblockhash" -> result(out, '"' + ChainParameters.regtest().genesisHash() + '"');
            case "getconnectioncount" -> result(out, "8");
            case "getblockheader" ->
                    result(
                            out,
                            "{\"confirmations\":%d,\"height\":%d,\"bits\":\"%s\",\"time\":%d,\"mediantime\":%d}"
                                    .formatted(
                                            params.path(0)
                                                            .asString("")
                                                            .equals(now.hash().displayHex())
                                                    ? 1
                                                    : 2,
                                            now.height(),
                                            SampleTemplate.BITS,
                                            now.seconds(),
                                            now.seconds() - 601));
            case "getblocktemplate" -> template(params.path(0), out);
            default -> result(out, "null");
        }
    }

    private void template(JsonNode request, OutputStream out)
            throws IOException, InterruptedException {
        if (request.path("mode").asString("").equals("proposal")) {
            result(out, "null");
            return;
        }
        var now = tip;
        if (request.path("longpollid").asString("").equals(SampleTemplate.longPollId(now.hash()))) {
            now.left().await();
            now = tip;
        }
        var parts = template.answer(now.hash(), now.height() + 1, now());
        write(out, parts);
    }

    private static void result(OutputStream out, String result) throws IOException {
        var body = "{\"result\":" + result + ",\"error\":null,\"id\":\"adit\"}";
        write(out, body.getBytes(US_ASCII));
    }

    private static void write(OutputStream out, byte[]... parts) throws IOException {
        long length = 0;
        for (var part : parts) {
            length += part.length;
        }
        var head =
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                        + length
                        + "\r\nConnection: close\r\n\r\n";
        out.write(head.getBytes(US_ASCII));
        for (var part : parts) {
            out.write(part);
        }
        out.flush();
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the caller left");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }
}
