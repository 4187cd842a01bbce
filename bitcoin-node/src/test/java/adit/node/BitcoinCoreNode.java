package adit.node;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

/// A Bitcoin Core on a fresh regtest chain, with cookie, ZMQ and wallet.
public final class BitcoinCoreNode implements NodeUnderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration CALL_DEADLINE = Duration.ofSeconds(20);

    private final NodeProcess process;
    private final NodeSettings settings;
    private final JsonRpc rpc;

    private BitcoinCoreNode(NodeProcess process, NodeSettings settings, JsonRpc rpc) {
        this.process = process;
        this.settings = settings;
        this.rpc = rpc;
    }

    public static Optional<Path> program() {
        return NodeProcess.find("bitcoind");
    }

    public static BitcoinCoreNode start(Path program) throws Exception {
        var ports = NodeProcess.freePorts(3);
        var directory = NodeProcess.freshDirectory();
        var process =
                NodeProcess.start(
                        directory,
                        List.of(
                                program.toString(),
                                "-regtest",
                                "-datadir=" + directory,
                                "-rpcport=" + ports.get(0),
                                "-bind=127.0.0.1:" + ports.get(1),
                                "-zmqpubhashblock=tcp://127.0.0.1:" + ports.get(2),
                                "-listenonion=0",
                                "-dnsseed=0",
                                "-fallbackfee=0.0001"));
        var settings =
                new NodeSettings(
                        "core",
                        URI.create("http://127.0.0.1:" + ports.get(0) + "/"),
                        new RpcCredentials.CookieFile(directory.resolve("regtest/.cookie")),
                        URI.create("tcp://127.0.0.1:" + ports.get(2)));
        var rpc = JsonRpc.to(settings);
        try {
            process.awaitAnswer(
                    () -> rpc.tree(RpcRequest.of("getblockcount"), CALL_DEADLINE), PATIENCE);
        } catch (IOException e) {
            process.close();
            throw e;
        }
        return new BitcoinCoreNode(process, settings, rpc);
    }

    @Override
    public NodeSettings settings() {
        return settings;
    }

    @Override
    public ChainParameters chain() {
        return ChainParameters.regtest();
    }

    @Override
    public boolean pays() {
        call("createwallet", "test");
        var address = call("getnewaddress").asString("");
        call("generatetoaddress", 101, address);
        call("sendtoaddress", address, 1);
        return true;
    }

    @Override
    public boolean hasBlockStats() {
        return true;
    }

    private JsonNode call(String method, Object... params) {
        return rpc.tree(RpcRequest.of(method, params), CALL_DEADLINE);
    }

    @Override
    public void close() {
        process.close();
    }
}
