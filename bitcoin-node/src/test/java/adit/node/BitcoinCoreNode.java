package adit.node;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A Bitcoin Core on a fresh regtest chain, with cookie, ZMQ and wallet.
public final class BitcoinCoreNode implements NodeUnderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final NodeProcess process;
    private final NodeSettings settings;

    private BitcoinCoreNode(NodeProcess process, NodeSettings settings) {
        this.process = process;
        this.settings = settings;
    }

    public static Optional<Path> program() {
        return NodeProcess.find("bitcoind");
    }

    public static BitcoinCoreNode start(Path program) throws Exception {
        var ports = List.of(FreePorts.any(), FreePorts.any(), FreePorts.any());
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
        var control = NodeControl.of(settings);
        try {
            process.awaitAnswer(control::tip, PATIENCE);
        } catch (IOException e) {
            process.close();
            throw e;
        }
        return new BitcoinCoreNode(process, settings);
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
        var control = NodeControl.of(settings);
        control.call("createwallet", "test");
        var address = control.newAddress();
        control.generate(101, address);
        control.send(address, BigDecimal.ONE);
        return true;
    }

    @Override
    public boolean hasBlockStats() {
        return true;
    }

    @Override
    public void close() {
        process.close();
    }
}
